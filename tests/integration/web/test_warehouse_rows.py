"""What a user of one warehouse never gets: orders, goods and notes of another, by any page."""

import html
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING, Actor
from hub.base.fields import Refused
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused as OrderRefused
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.people.model.faults import PeopleError
from hub.desk.stock.acts import StockActs
from tests.builders.addresses import MATRIX
from tests.builders.delivered import begin
from tests.builders.market import FILES, Market, new_uuid, open_market
from tests.builders.money import billed, delivered
from tests.builders.stock_moves import posted, row
from tests.builders.two_sellers import PASSWORD, enter, open_client  # noqa: F401 -- a fixture
from tests.integration.web.test_house_rows import kind_of, lists_of, text_of

SUNIL: Final = Requester("user", "sunil")
STARTS: Final = ("/orders?days=0", "/find?q=order", "/find?q=shop", "/stock/batches?state=all")
ROLES: Final = ("manager", "warehouse", "accounts", "sales")


@pytest.fixture(scope="module", name="market")
def open_two_stores(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give a seller's hub of two warehouses with orders, notes and documents of each."""
    folder = tmp_path_factory.mktemp("stores")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder / "files") as market:
        side = "SIDE,TEA,SIDE-T,2026-03-01,2027-12-31,2026-04-01,100\n"
        market.load(
            warehouses=f"{FILES['warehouses.csv']}SIDE,Side store,2\n",
            batches=FILES["batches.csv"] + side,
        )
        for place in ("MAIN", "SIDE"):
            begin(market, ordered(market, place, f"k{place}"))
            ordered(market, place, f"l{place}")
            acts = market.hub.ground.part(StockActs)
            head = {"warehouse": place, "reference": f"papers of {place}"}
            rows = [row("TEA", f"NEW-{place}", 7, expiry="2027-06-30")]
            posted(acts.receive(head, rows, key=new_uuid(), by="asha", scope=EVERYTHING))
        yield market


def ordered(market: Market, place: str, key: str) -> str:
    """Place an order at the desk from a warehouse, under a number that tells which."""
    lines = (AskedLine("TEA", 3),)
    asked = AskedOrder(key, "staff", "C2", lines, warehouse=place, po_number=f"PO of {place}")
    placed = market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    return placed.uuid


def marks(market: Market) -> set[str]:
    """Give the words by which rows of the main store would be known."""
    return {
        *("Main store", "T-LATE", "T-EARLY", "NEW-MAIN", "of MAIN"),
        *(
            str(one)
            for (one,) in market.rows(
                "SELECT o.number FROM order_ o JOIN warehouse w ON w.id = o.warehouse_id "
                "WHERE w.code = 'MAIN'"
            )
        ),
    }


def test_no_page_that_a_user_of_one_warehouse_can_click_to_shows_a_row_of_another(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "wanda", *ROLES)
    number = market.hub.ground.part(PeopleActs).sign_in.find_account("wanda")
    assert number is not None
    lines = market.hub.ground.part(PeopleActs).lines
    lines.set_rows(number.id, [("warehouse", "SIDE")], by=OPERATOR)
    todo, seen = deque([*lists_of(MATRIX), *STARTS]), set[str]()
    wrong, own, foreign = dict[str, object](), set[str](), marks(market)
    while todo:
        path = todo.popleft()
        kind = kind_of(path)
        if kind in seen or path.startswith(("/static", "/live")):
            continue
        seen.add(kind)
        answer = client.get(path)
        text = html.unescape(text_of(answer))
        found = {one for one in foreign if one in text}
        own |= {one for one in ("of SIDE", "SIDE-T", "NEW-SIDE") if one in text}
        if answer.status_code >= 500 or found:
            wrong[path] = (int(answer.status_code), found)
        if "html" in answer.headers.get("content-type", ""):
            todo += re.findall(r'\bhref="(/[^"#]*)"', text)
            todo += [f"{path.partition('?')[0]}{q}" for q in re.findall(r'href="(\?[^"]+)"', text)]

    assert wrong == {}
    assert own == {"of SIDE", "SIDE-T", "NEW-SIDE"}
    assert len(seen) > 100


def test_a_user_of_one_warehouse_moves_sells_and_grants_nothing_of_another(
    market: Market, client: TestClient
) -> None:
    enter(market, client, "wasim", *ROLES, "admin")
    people = market.hub.ground.part(PeopleActs)
    account = people.sign_in.find_account("wasim")
    assert account is not None
    people.lines.set_rows(account.id, [("warehouse", "SIDE")], by=OPERATOR)
    scope = people.sign_in.scope(account)
    rows = [row("TEA", "T-LATE", 1)]
    head = {"warehouse": "MAIN", "how": "damage", "reason": "broken"}
    ((main,),) = market.rows(
        "SELECT o.uuid FROM order_ o WHERE o.po_number = 'PO of MAIN' ORDER BY o.id DESC LIMIT 1"
    )
    asked = AskedOrder("k9", "staff", "C2", (AskedLine("TEA", 1),), warehouse="MAIN")

    done = [
        market.hub.ground.part(StockActs).move(head, rows, key=new_uuid(), by="wasim", scope=scope),
        market.orders.place(asked, by=SUNIL, scope=scope),
        market.deliveries.begin([main], by="wasim", scope=scope),
    ]
    people.add("wim", roles=("warehouse",), password=PASSWORD)
    other, actor = people.sign_in.find_account("wim"), Actor("wasim", account.roles, scope)
    assert other is not None
    with pytest.raises(PeopleError):
        people.lines.set_rows(other.id, [("warehouse", "MAIN")], by=actor)

    pages = [client.get(f"/orders/{main}{one}").status_code for one in ("", "/amend")]

    assert pages == [404, 404]
    assert [isinstance(one, Refused | OrderRefused) for one in done] == [True] * 3


def test_money_is_of_no_warehouse_and_the_page_that_gives_warehouses_says_so(
    market: Market, client: TestClient
) -> None:
    invoice = billed(market, delivered(market, ("SOAP", 2)))
    enter(market, client, "wilma", "accounts", "admin")
    people = market.hub.ground.part(PeopleActs)
    account = people.sign_in.find_account("wilma")
    assert account is not None
    people.lines.set_rows(account.id, [("warehouse", "SIDE")], by=OPERATOR)

    listed, page = client.get("/invoices").text, client.get(f"/users/{account.id}")

    assert invoice.number in listed
    assert "Invoices, payments and accounts are a customer's" in html.unescape(page.text)
    assert client.get(f"/invoices/{invoice.invoice}").status_code == 200
