"""A house that trades in pounds: no page, file, paper or command of money shows it a rupee."""

import html
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.base.papers import KeptPapers
from hub.desk.accounts.acts.give_statement import GiveStatement
from hub.desk.claims.acts.give_letter import GiveLetter
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.payments.acts.give_paper import GivePaymentPaper
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from tests.builders.addresses import MATRIX
from tests.builders.claims import FUNDED, FUNDERS, sent_claim
from tests.builders.hub_commands import run_hub
from tests.builders.market import FILES, Market, new_uuid, open_loaded, packed
from tests.builders.money import BY, move_money
from tests.builders.said_papers import Said
from tests.builders.two_sellers import enter, open_client  # noqa: F401 -- a fixture
from tests.integration.web.test_house_rows import kind_of, lists_of, text_of

ROLES: Final = ("owner", "admin", "manager", "accounts", "warehouse", "sales", "auditor")
RUPEE: Final = re.compile("₹|INR|[Rr]upee|रुपय")
STARTS: Final = ("/find?q=shop", "/orders?days=0", "/orders?days=0&payable_from=1&payable_to=99999")
PAGES: Final = {
    "/payments": "£2,000.00",
    "/payments?as=csv": "2000.00",
    "/payments/3": "£2,000.00",
    "/payments/3/print": "£2,000.00",
    "/invoices": "£",
    "/accounts/statement/C2": "£",
    "/claims": "£",
    "/claims/1": "£",
    "/returns": "£",
    "/customers/C1": "£1,000.00",
    "/orders?days=0&payable_from=1&payable_to=99999": "£1.00",
}
"""What stands at some of the pages and files of money, each once in the house's own currency."""


@pytest.fixture(scope="module", name="market")
def open_pound_house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give a house whose rule pack is in pounds, with money, returns and claims of each kind."""
    folder = tmp_path_factory.mktemp("pounds")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_loaded(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        pounds = packed(more=FUNDED, currency="GBP")
        market.load(pounds, customers=FILES["customers.csv"] + FUNDERS)
        move_money(market)
        take = market.hub.ground.part(ReturnActs).take
        back = take("C2", (Back("TEA", 1),), key=new_uuid(), why="torn", by=BY, scope=EVERYTHING)
        assert isinstance(back, Taken), back
        sent_claim(market, "LEAF")
        yield market


def test_no_page_or_file_of_a_house_in_pounds_shows_a_rupee(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "lata", *ROLES)
    todo, seen, wrong = deque([*lists_of(MATRIX), *STARTS, *PAGES]), set[str](), dict[str, object]()
    while todo:
        path = todo.popleft()
        kind = kind_of(path)
        if kind in seen or path.startswith(("/static", "/live", "/setup")):
            continue
        seen.add(kind)
        answer = client.get(path)
        text = html.unescape(text_of(answer))
        rupees = [text[max(one.start() - 60, 0) : one.end()] for one in RUPEE.finditer(text)]
        if answer.status_code >= 500 or rupees:
            wrong[path] = (int(answer.status_code), rupees[:3])
        if "html" in answer.headers.get("content-type", ""):
            todo += re.findall(r'\bhref="(/[^"#]*)"', text)
            todo += [f"{path.partition('?')[0]}{q}" for q in re.findall(r'href="(\?[^"]+)"', text)]

    said = {path: one in html.unescape(client.get(path).text) for path, one in PAGES.items()}

    assert wrong == {}
    assert said == dict.fromkeys(PAGES, True)
    assert len(seen) > 100


def test_programs_are_told_in_which_currency_a_house_keeps_its_books(
    market: Market, client: TestClient
) -> None:
    secret = market.hub.ground.part(PeopleActs).tokens.add("books", roles=("admin",), by=OPERATOR)
    said = {"Authorization": f"Bearer {secret}"}
    documents = ("payments/3", "claims/1", "returns/1", "accounts/statement/C2")

    told = [client.get(f"/api/v1/{one}", headers=said).json() for one in documents]

    assert [(one["currency"], one["scale"]) for one in told] == [("GBP", 2)] * 4


def test_no_paper_of_a_house_in_pounds_names_a_rupee(market: Market) -> None:
    papers = KeptPapers(market.hub.transactions, market.clock, Said())

    given = {
        "invoice": GiveInvoicePaper(papers)(1, size="a5", language="hi", scope=EVERYTHING),
        "receipt": GivePaymentPaper(papers)(3, size="a5", language="hi", scope=EVERYTHING),
        "statement": GiveStatement(papers)("C2", scope=EVERYTHING),
        "letter": GiveLetter(papers)(1, size="a5", language="hi", scope=EVERYTHING),
    }

    said = {name: paper.content.decode() if paper else "" for name, paper in given.items()}
    assert {name for name, text in said.items() if RUPEE.search(text)} == set()
    assert {name for name, text in said.items() if "£" in text} == given.keys()


@pytest.mark.parametrize(
    "command",
    [
        ("accounts", "ageing"),
        ("claim", "list"),
        ("return", "list"),
        ("claim", "show", "CLM26-27/000001"),
        ("invoice", "show", "INV26-27/000002"),
    ],
    ids=" ".join,
)
def test_commands_of_a_house_in_pounds_name_its_currency(
    market: Market, command: tuple[str, ...]
) -> None:
    ran = run_hub(Path(market.url.removeprefix("sqlite:///")).parent, *command)

    assert (ran.returncode, "GBP" in ran.stdout, RUPEE.search(ran.stdout)) == (0, True, None)
