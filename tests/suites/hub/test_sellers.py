"""Two sellers on one hub: each sells its own stock to its own shops, and its staff see no other."""

import pytest

from hub.base.access import EVERYTHING, Scope
from hub.base.words import PageWords
from hub.desk.orders.acts.give_paper import paper_of
from hub.desk.orders.model.asked import AskedLine, AskedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.listing import every_order
from hub.desk.orders.reads.order import read_order
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.terminals.commands.load.reading import DistributorError
from tests.builders.market import FILES, Market, told

SELLERS = "code,name,kind,parent\nNORTH,North Trade,distributor,\n"
STAFF = Requester("user", "sunil")


def with_seller(name: str, *rows: str) -> str:
    """Give a file with a column for who sells: the company, but for the rows added here."""
    head, *others = FILES[f"{name}.csv"].splitlines()
    return "\n".join([f"{head},seller", *(f"{row}," for row in others), *rows, ""])


@pytest.fixture
def two(market: Market) -> Market:
    """Give a market with a second seller: a store with five rice, and a shop with a terminal."""
    market.load(
        sellers=SELLERS,
        customers=with_seller("customers", "N1,North Shop,retailer,IN/DL,active,none,,NORTH"),
        warehouses=with_seller("warehouses", "NORD,North store,1,NORTH"),
        batches=FILES["batches.csv"] + "NORD,RICE,RN,2026-01-01,,2026-02-01,5\n",
        terminals=FILES["terminals.csv"] + "north-1,N1,NORD\n",
    )
    return market


def seller(market: Market, code: str) -> int:
    """Give a seller's row id."""
    ((found,),) = market.rows("SELECT id FROM party WHERE code = :c AND sells", c=code)
    return int(found)


def test_two_sellers_take_orders_side_by_side_each_from_its_own_stock(two: Market) -> None:
    south = two.order(("RICE", 8), terminal="shop-2")
    north = two.order(("RICE", 8), terminal="north-1", customer="N1")

    answers = [told(reply) for reply in two.replies(south, north)]

    assert [one.lines[0].qty for one in answers] == [8, 5]
    assert [one.lines[0].batches[0].batch for one in answers] == ["R1", "RN"]
    assert two.broken() == set()


def test_staff_of_a_seller_see_its_orders_and_those_of_the_company_see_all(two: Market) -> None:
    two.place(("RICE", 1), terminal="shop-2")
    two.place(("RICE", 1), terminal="north-1", customer="N1")

    seen = {}
    with two.database.read() as connection:
        for code in ("@house", "NORTH"):
            scope = Scope(sellers=frozenset({seller(two, code)}))
            seen[code] = [one.customer_code for one in every_order(connection, scope=scope)]

    assert seen == {"@house": ["C2", "N1"], "NORTH": ["N1"]}


def test_the_paper_of_an_order_is_of_the_seller_who_took_it(two: Market) -> None:
    south = two.place(("RICE", 1), terminal="shop-2").order
    north = two.place(("RICE", 1), terminal="north-1", customer="N1").order

    said = {}
    with two.database.read() as connection:
        for name, order in (("south", south), ("north", north)):
            found = read_order(connection, order, scope=EVERYTHING)
            assert found is not None
            head = read_letterhead(connection, found.head.seller_id, scope=EVERYTHING)
            said[name] = paper_of(found, PageWords("en"), seller=head).sides[0].name

    assert said["north"] == "North Trade"
    assert said["south"] != "North Trade"


def test_an_order_is_not_sent_from_another_sellers_warehouse(two: Market) -> None:
    asked = AskedOrder("k", "staff", "N1", (AskedLine("RICE", 1),), warehouse="MAIN")

    done = two.orders.place(asked, by=STAFF, scope=EVERYTHING)

    assert isinstance(done, Refused)
    assert done.reason.code == "warehouse_unknown"


@pytest.mark.parametrize(
    ("sellers", "fault"),
    [
        ("code,name,kind,parent\nA,A,distributor,A\n", "party A stands above itself"),
        (
            "code,name,kind,parent\nA,A,distributor,B\nB,B,distributor,A\n",
            "stands above itself",
        ),
        ("code,name,kind,parent\nA,A,distributor,Z\n", "below a seller that is not there"),
        ("code,name,kind,parent\nA,A,bakery,\n", "bakery"),
    ],
)
def test_a_seller_above_itself_or_below_nobody_is_a_fault_and_nothing_is_loaded(
    market: Market, sellers: str, fault: str
) -> None:
    before = market.rows("SELECT count(*) FROM party")

    with pytest.raises(DistributorError, match=fault):
        market.load(sellers=sellers)

    assert market.rows("SELECT count(*) FROM party") == before
