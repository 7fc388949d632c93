"""No page leads where its reader may not go, or to a record that is not there."""

import html
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from tests.builders.claims import FUNDED, FUNDERS, sent_claim
from tests.builders.market import FILES, Market, new_uuid, open_loaded, packed
from tests.builders.money import BY, move_money
from tests.builders.two_sellers import PASSWORD, open_client  # noqa: F401 -- a fixture
from tests.integration.web.test_house_rows import kind_of

READERS: Final = {
    **{
        role: (role, "")
        for role in ("manager", "rule_writer", "warehouse", "accounts", "field_rep")
    },
    "a shop's partner": ("partner", "C2"),
    "a funder's partner": ("partner", "LEAF"),
}
"""Who reads, in which role, and the customer whose rows alone a partner sees."""
_TELLS_WHY_NOT: Final = 409
"""A file that cannot be had: the page of its record says what is lacking."""
NO_PAGES: Final = ("/static", "/live", "/follow", "/sign-in", "/setup", "/language")


@pytest.fixture(scope="module", name="market")
def open_busy_house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give a house with money, returns and claims of each kind, owed and not."""
    folder = tmp_path_factory.mktemp("ways")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_loaded(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        market.load(packed(more=FUNDED), customers=FILES["customers.csv"] + FUNDERS)
        move_money(market)
        take = market.hub.ground.part(ReturnActs).take
        back = take("C2", (Back("TEA", 1),), key=new_uuid(), why="torn", by=BY, scope=EVERYTHING)
        assert isinstance(back, Taken), back
        sent_claim(market, "LEAF")
        yield market


def come_in(market: Market, client: TestClient, role: str, customer: str) -> None:
    """Sign a new user in, who sees the rows of one customer where it is named."""
    acts = market.hub.ground.part(PeopleActs)
    name = f"{role}-{customer}".lower().strip("-")
    acts.add(name, roles=(role,), password=PASSWORD)
    account = acts.sign_in.find_account(name)
    assert account is not None
    acts.lines.set_rows(account.id, [("customer", customer)] if customer else [], by=OPERATOR)
    token = acts.sign_in.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    client.cookies.clear()
    client.cookies.set("orderwire_session", token)


@pytest.mark.parametrize(("role", "customer"), READERS.values(), ids=READERS)
def test_every_link_of_every_page_opens_for_who_reads_it(
    market: Market, client: TestClient, role: str, customer: str
) -> None:
    come_in(market, client, role, customer)
    todo, seen, wrong = deque([("/", "")]), set[str](), dict[str, object]()
    while todo:
        path, page = todo.popleft()
        kind = kind_of(path.partition("?")[0])
        if kind in seen or path.startswith(NO_PAGES):
            continue
        seen.add(kind)
        answer = client.get(path)
        if answer.status_code >= 400 and answer.status_code != _TELLS_WHY_NOT:
            wrong[path] = (int(answer.status_code), page)
        if "html" in answer.headers.get("content-type", ""):
            ways = re.findall(r'\bhref="(/[^"#]*)"', html.unescape(answer.text))
            todo += [(one, path) for one in ways]

    assert wrong == {}
    assert seen > {"/", "/me", "/notices"}
