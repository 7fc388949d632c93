"""Two distributors that buy of the company and sell to shops of their own, each with partners.

NORTH has the shops N1 and N2, EAST has E1; each of them has orders of each state, deliveries,
invoices, payments and returns. `nora` is a partner of NORTH, `nina` of its shop N1, `nils` of N2,
`ezra` a partner of EAST. What belongs to a party bears a mark of its own (`MARKS`), which no page
of somebody else may show. A module of tests imports `open_partners` and `open_client`, and asks for
them as `market` and `client`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from fastapi.testclient import TestClient

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back
from hub.desk.returns.model import Taken as TakenBack
from hub.run.bootstrap import frame_of
from hub.web.app import create_app
from tests.builders.delivered import begin, recorded, sent
from tests.builders.market import FILES, Market, filled, new_uuid, open_market
from tests.builders.money import billed, paid
from tests.builders.page_client import PageClient

PASSWORD: Final = "correct horse"
STAFF: Final = "zoya-of-the-desk"
"""Who works at the desk; no page of a partner names her."""
SHOPS: Final[Mapping[str, str]] = {
    "NORTH": "North Trade",
    "N1": "Nagarjuna Kirana",
    "N2": "Nilgiri Bazaar",
    "EAST": "East Trade",
    "E1": "Ekambar Stores",
}
"""Every party that buys, with its name."""
PARTNERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "nora": (("seller", "NORTH"), ("customer", "NORTH")),
    "nina": (("customer", "N1"),),
    "nils": (("customer", "N2"),),
    "ezra": (("seller", "EAST"), ("customer", "EAST")),
}
"""Who signs in as a partner, with the rows that staff gave."""
OWN: Final[Mapping[str, frozenset[str]]] = {
    "nora": frozenset({"NORTH", "N1", "N2"}),
    "nina": frozenset({"N1"}),
    "nils": frozenset({"N2"}),
    "ezra": frozenset({"EAST", "E1"}),
}
"""The parties whose rows a partner may see."""
_SELLERS: Final = (
    "code,name,kind,parent\nNORTH,North Trade,distributor,\nEAST,East Trade,distributor,\n"
)
_CUSTOMERS: Final = (
    "NORTH,North Trade,distributor,IN/DL,active,50000.00,,",
    "EAST,East Trade,distributor,IN/WB,active,50000.00,,",
    "N1,Nagarjuna Kirana,retailer,IN/DL,active,2000.00,,NORTH",
    "N2,Nilgiri Bazaar,retailer,IN/DL,active,none,,NORTH",
    "E1,Ekambar Stores,retailer,IN/WB,active,none,,EAST",
)
_WAREHOUSES: Final = ("NSTORE,North store,1,NORTH", "ESTORE,East store,1,EAST")
_SKUS: Final = ("TEA", "RICE", "SOAP", "HONEY")


@pytest.fixture(scope="module", name="market")
def open_partners(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Market]:
    """Give the network with its partners."""
    folder = tmp_path_factory.mktemp("partners")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with open_network(f"sqlite:///{folder / 'hub.db'}", folder / "files") as opened:
        yield opened


@pytest.fixture(scope="module", name="client")
def open_client(market: Market) -> Iterator[TestClient]:
    """Give a browser."""
    with PageClient(
        create_app(frame_of(market.hub)),
        base_url="http://hub.test",
        headers={"Origin": "http://hub.test"},
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as one:
        yield one


def sign_in(market: Market, client: TestClient, name: str) -> None:
    """Sign somebody in."""
    acts = market.hub.ground.part(PeopleActs).sign_in
    account = acts.find_account(name)
    assert account is not None
    token = acts.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    client.cookies.clear()
    client.cookies.set("orderwire_session", token)


@contextmanager
def open_network(url: str, folder: Path, *, also: tuple[str, ...] = ()) -> Iterator[Market]:
    """Load the network into a database at the newest schema; every shop has its rows.

    Shops of the market that are named in `also` have rows as well.
    """
    with open_market(url, folder) as market:
        market.load(
            sellers=_SELLERS,
            customers=_with_sellers("customers", *_CUSTOMERS),
            warehouses=_with_sellers("warehouses", *_WAREHOUSES),
            batches=FILES["batches.csv"]
            + "".join(
                f"{store},{sku},{store[0]}-{sku},2026-01-01,2028-01-01,2026-02-01,1000\n"
                for store in ("NSTORE", "ESTORE")
                for sku in _SKUS
            ),
            terminals=FILES["terminals.csv"] + "north-1,N1,NSTORE\neast-1,E1,ESTORE\n",
        )
        for shop in (*SHOPS, *also):
            trade(market, shop)
        for name, rows in PARTNERS.items():
            add_partner(market, name, *rows)
        yield market


def add_partner(market: Market, name: str, *rows: tuple[str, str]) -> int:
    """Add somebody who signs in as a partner of parties, and give the user's number."""
    acts = market.hub.ground.part(PeopleActs)
    acts.add(name, roles=("partner",), password=PASSWORD)
    account = acts.sign_in.find_account(name)
    assert account is not None
    acts.lines.set_rows(account.id, rows, by=OPERATOR)
    return account.id


def placed_by(market: Market, customer: str, *lines: tuple[str, int], key: str = "") -> str:
    """Place an order of a customer on credit as the desk does, and give its id."""
    asked = AskedOrder(
        customer=customer,
        lines=tuple(AskedLine(sku, count) for sku, count in lines),
        key=key or new_uuid(),
        source="staff",
        po_number=f"po of {customer}",
    )
    done = market.orders.place(asked, by=Requester("user", STAFF), scope=EVERYTHING)
    assert isinstance(done, PlacedOrder), done
    return done.uuid


def trade(market: Market, shop: str) -> None:
    """Give a shop an order of each kind, and what comes of it."""
    brought = placed_by(market, shop, ("TEA", 2), ("RICE", 10))
    note = sent(market, brought).notes[0]
    recorded(market, note, AskedOutcome(receiver=f"receiver of {shop}"))
    billed(market, brought)
    paid(market, "50.00", customer=shop, mode="upi", reference=f"ref of {shop}")
    back = market.hub.ground.part(ReturnActs).take(
        shop, [Back("TEA", 1)], key=new_uuid(), why=f"back of {shop}", by=STAFF, scope=EVERYTHING
    )
    assert isinstance(back, TakenBack), (back, isinstance(back, Refused))
    sent(market, placed_by(market, shop, ("RICE", 5)))
    begin(market, placed_by(market, shop, ("RICE", 3)))
    placed_by(market, shop, ("SOAP", 8))
    held = placed_by(market, shop, ("SOAP", 4))
    market.orders.hold(held, why=f"hold of {shop}", by=STAFF)


def _with_sellers(name: str, *rows: str) -> str:
    head, *others = FILES[f"{name}.csv"].splitlines()
    return filled("\n".join([f"{head},seller", *others, *rows]))
