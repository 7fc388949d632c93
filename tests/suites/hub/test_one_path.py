"""An order goes one way, whoever asks for it; sellers on one hub keep to their own."""

from dataclasses import replace

import pytest

from hub.base.access import EVERYTHING, NOTHING, Scope
from hub.base.listing import Wanted
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester, Source
from hub.desk.orders.reads.listing import NEWEST_FIRST, list_orders
from hub.desk.orders.reads.order import read_order
from tests.builders.market import Market

pytestmark = pytest.mark.one_engine

STAFF = Requester("user", "sunil")


def place(market: Market, source: Source, *lines: AskedLine, customer: str = "C2") -> str:
    """Place an order as staff or a program does; gives its id."""
    asked = AskedOrder(f"{source}-1", source, customer, lines)
    placed = market.orders.place(asked, by=STAFF, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder), placed
    return placed.uuid


def price_hash(market: Market, order: str) -> str:
    """Give the hash of what an order costs."""
    ((found,),) = market.rows(
        "SELECT r.price_hash FROM order_revision r JOIN order_ o ON o.id = r.order_id "
        "WHERE o.uuid = :u AND r.revision = o.revision",
        u=order,
    )
    return str(found)


def test_staff_a_program_and_a_terminal_are_told_the_same_price(market: Market) -> None:
    by_terminal = market.place(("TEA", 12), ("RICE", 25), terminal="shop-2").order
    lines = AskedLine("TEA", 12), AskedLine("RICE", 25)

    by_staff = place(market, "staff", *lines)
    by_program = place(market, "api", *lines)

    hashes = [price_hash(market, one) for one in (by_terminal, by_staff, by_program)]
    assert len(set(hashes)) == 1
    assert market.broken() == set()


def test_an_order_asked_for_twice_under_one_key_is_one_order(market: Market) -> None:
    asked = AskedOrder("spring-1", "api", "C2", (AskedLine("TEA", 2),))

    first = market.orders.place(asked, by=STAFF, scope=EVERYTHING)
    again = market.orders.place(asked, by=STAFF, scope=EVERYTHING)

    assert isinstance(first, PlacedOrder)
    assert again == PlacedOrder(first.uuid, first.number, again=True, asked=asked.digest)
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]


def test_another_order_under_a_key_that_was_used_is_refused(market: Market) -> None:
    asked = AskedOrder("spring-1", "staff", "C2", (AskedLine("TEA", 2),))
    market.orders.place(asked, by=STAFF, scope=EVERYTHING)

    other = replace(asked, lines=(AskedLine("TEA", 3),))
    done = market.orders.place(other, by=STAFF, scope=EVERYTHING)

    assert isinstance(done, Refused)
    assert done.reason.code == "key_used"
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]


@pytest.mark.parametrize("scope", [NOTHING, Scope(user=7, narrowed=True)], ids=["none", "own"])
def test_nobody_orders_for_a_customer_of_others(market: Market, scope: Scope) -> None:
    asked = AskedOrder("spring-1", "staff", "C2", (AskedLine("TEA", 2),))

    done = market.orders.place(asked, by=STAFF, scope=scope)

    assert isinstance(done, Refused)
    assert done.reason.code == "customer_unknown"
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (AskedOrder("k", "api", "C2", ()), "order_lines_invalid"),
        (AskedOrder("", "api", "C2", (AskedLine("TEA", 1),)), "order_key_invalid"),
        (AskedOrder("k" * 201, "api", "C2", (AskedLine("TEA", 1),)), "order_key_invalid"),
        (AskedOrder("k\0", "api", "C2", (AskedLine("TEA", 1),)), "order_key_invalid"),
        (AskedOrder("k", "api", "C2", (AskedLine("TEA", 1),) * 501), "order_lines_invalid"),
        (AskedOrder("k", "api", "C2", (AskedLine("TEA", 0),)), "order_quantity_invalid"),
        (AskedOrder("k", "api", "C2", (AskedLine("TEA", 10**30),)), "order_quantity_invalid"),
        (AskedOrder("k", "api", "C2", (AskedLine("TEA", 1, batch="\0"),)), "order_word_invalid"),
        (AskedOrder("k", "api", "C2", (AskedLine("T" * 65, 1),)), "order_word_invalid"),
        (AskedOrder("k", "api", "C\n2", (AskedLine("TEA", 1),)), "order_word_invalid"),
        (
            AskedOrder("k", "api", "C2", (AskedLine("TEA", 1),), po_number="P" * 65),
            "order_word_invalid",
        ),
        (
            AskedOrder("k", "api", "C2", (AskedLine("TEA", 1),), coupons=("X",) * 17),
            "order_codes_invalid",
        ),
        (
            AskedOrder(
                "k", "api", "C2", (AskedLine("TEA", 1),), choices={str(n): "X" for n in range(65)}
            ),
            "order_codes_invalid",
        ),
        (AskedOrder("k", "api", "C9", (AskedLine("TEA", 1),)), "customer_unknown"),
        (
            AskedOrder("k", "api", "C2", (AskedLine("TEA", 1),), warehouse="MOON"),
            "warehouse_unknown",
        ),
    ],
)
def test_an_order_that_nobody_could_decide_is_refused_and_leaves_nothing(
    market: Market, asked: AskedOrder, code: str
) -> None:
    done = market.orders.place(asked, by=STAFF, scope=EVERYTHING)

    assert isinstance(done, Refused)
    assert done.reason.code == code
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


def test_a_purchase_order_is_kept_with_the_order_and_its_price_is_no_other(market: Market) -> None:
    plain = AskedOrder("k1", "staff", "C2", (AskedLine("TEA", 2),))
    named = replace(plain, key="k2", po_number="PO-7/26")

    placed = [market.orders.place(one, by=STAFF, scope=EVERYTHING) for one in (plain, named)]

    uuids = [one.uuid for one in placed if isinstance(one, PlacedOrder)]
    assert price_hash(market, uuids[0]) == price_hash(market, uuids[1])
    with market.database.read() as connection:
        found = list_orders(connection, Wanted(NEWEST_FIRST, text="po-7"), scope=EVERYTHING).rows
        detail = read_order(connection, uuids[1], scope=EVERYTHING)
    assert [(one.uuid, one.po_number) for one in found] == [(uuids[1], "PO-7/26")]
    assert detail is not None
    assert detail.head.po_number == "PO-7/26"
    assert market.broken() == set()


def test_a_key_of_before_there_were_purchase_orders_is_known_still() -> None:
    asked = AskedOrder("k1", "staff", "C2", (AskedLine("TEA", 2),))

    assert asked.digest == "cd9e73a137f6be4f2c5e5c53f3b676576fbe5bfd284db455068ab9207e60c148"
    assert asked.digest != replace(asked, po_number="PO-7/26").digest
