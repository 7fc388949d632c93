"""Back-orders: stock that comes in goes to who waited first, at the price of the order."""

from datetime import date

import pytest

from hub.base.access import EVERYTHING
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.order import read_order
from hub.desk.stock.acts import StockActs
from tests.builders.market import Market, packed
from tests.builders.stock_moves import do, posted, row
from tests.suites.hub.test_addresses import HERE, keep

SUNIL = Requester("user", "sunil")
WAITS = "allocation: [{id: AL-WAIT, when: {sku: TEA}, pick: fefo, short: backorder, wait_days: 10}]"
A_DAY_MS = 86_400_000


@pytest.fixture
def market(market: Market) -> Market:
    """Let tea that is short wait for ten days."""
    market.publish(packed(2, more=WAITS))
    return market


def ordered(market: Market, quantity: int, key: str = "k", customer: str = "C2") -> str:
    """Place an order for tea, of which there are 110."""
    asked = AskedOrder(key, "staff", customer, (AskedLine("TEA", quantity),))
    placed = market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    return placed.uuid


def receive(
    market: Market, quantity: int, batch: str = "T-NEW", expiry: str = "2027-06-30"
) -> None:
    """Receive tea, and do what follows of it."""
    acts = market.hub.ground.part(StockActs)
    posted(do(acts.receive, {"warehouse": "MAIN"}, row("TEA", batch, quantity, expiry=expiry)))
    market.hub.jobs.run_due("test")


def standing(market: Market) -> list[tuple[object, ...]]:
    """Read where each order stands: its state, its newest revision and what it holds."""
    return market.rows(
        "SELECT o.status, o.revision, (SELECT coalesce(sum(a.quantity), 0) FROM allocation a "
        "WHERE a.order_id = o.id) FROM order_ o ORDER BY o.id"
    )


def test_goods_that_come_in_go_to_who_waited_first(market: Market) -> None:
    ordered(market, 130, "first")
    ordered(market, 30, "second", customer="C4")
    before = standing(market)

    receive(market, 25)
    after = standing(market)
    receive(market, 100)

    assert before == [("confirmed", 1, 110), ("held", 1, 0)]
    assert after[0] == ("allocated", 2, 130)
    assert market.broken() == set()


def test_a_shop_hears_that_its_goods_have_come_and_the_price_stays(market: Market) -> None:
    answer = market.place(("TEA", 115), terminal="shop-2")
    market.publish(packed(3, soap="11.00", more=WAITS + "\n"))
    owed = market.rows("SELECT payable, exposure FROM order_revision")

    receive(market, 3)
    receive(market, 3, batch="T-NEWER")
    notice = market.newest_notice().data

    assert answer.status == "confirmed_changed"
    assert [one.code for one in notice.reasons] == ["back_order_filled"]
    assert (notice.revision, notice.reasons[0].params["now"]) == (3, 2)
    assert market.rows("SELECT DISTINCT payable, exposure FROM order_revision") == owed
    assert standing(market) == [("allocated", 3, 115)]
    assert market.broken() == set()


def test_what_another_order_gives_back_fills_one_that_waits(market: Market) -> None:
    first = ordered(market, 100, "first")
    ordered(market, 30, "second")

    market.orders.cancel(first, why="closed", by="sunil")
    market.hub.jobs.run_due("test")

    assert standing(market) == [("cancelled", 2, 0), ("allocated", 2, 30)]
    assert market.broken() == set()


def test_an_order_that_waits_for_an_approval_is_left_alone(market: Market) -> None:
    waiting = ordered(market, 130)
    market.orders.hold(waiting, why="a look", by="meena")
    held = standing(market)

    receive(market, 50)

    assert standing(market) == held == [("held", 2, 0)]
    assert market.broken() == set()


def test_what_has_waited_longer_than_the_rules_say_is_not_filled(market: Market) -> None:
    ordered(market, 130)

    market.clock.ms += 11 * A_DAY_MS
    receive(market, 50)

    assert standing(market) == [("confirmed", 1, 110)]


def test_a_batch_that_has_expired_meanwhile_fills_nothing(market: Market) -> None:
    ordered(market, 130)

    market.clock.ms += 2 * A_DAY_MS
    receive(market, 50, batch="T-YESTERDAY", expiry="2026-11-22")

    assert standing(market) == [("confirmed", 1, 110)]
    assert market.broken() == set()


def test_a_person_fills_one_order_and_is_told_where_nothing_came(market: Market) -> None:
    waiting = ordered(market, 130)
    acts = market.hub.ground.part(StockActs)
    nothing = market.orders.fill(waiting, by="meena")
    posted(do(acts.receive, {"warehouse": "MAIN"}, row("TEA", "T-NEW", 5, expiry="2027-06-30")))

    filled = market.orders.fill(waiting, by="meena", seen=1)

    assert isinstance(nothing, Refused)
    assert nothing.reason.code == "nothing_to_fill"
    assert not isinstance(filled, Refused)
    assert standing(market) == [("confirmed", 2, 115)]
    assert market.broken() == set()


def test_an_order_is_split_into_what_is_there_and_an_order_that_waits(market: Market) -> None:
    whole = ordered(market, 130)

    done = market.orders.split(whole, by=SUNIL, seen=1)
    again = market.orders.split(whole, by=SUNIL)
    after = standing(market)
    receive(market, 20)

    assert not isinstance(done, Refused)
    assert isinstance(again, Refused)
    assert again.reason.code == "order_settled"
    assert after == [("allocated", 2, 110), ("confirmed", 1, 0)]
    assert standing(market)[1] == ("allocated", 2, 20)
    assert market.rows("SELECT split_of FROM order_ ORDER BY id")[1] == (
        market.rows("SELECT min(id) FROM order_")[0][0],
    )
    assert market.broken() == set()


def test_the_rest_of_an_order_has_its_purchase_order_its_address_and_its_wishes(
    market: Market,
) -> None:
    keep(market, "GODOWN", HERE)
    wanted = date(2026, 12, 1)
    asked = AskedOrder(
        "k",
        "staff",
        "C2",
        (AskedLine("TEA", 130),),
        payment="advance",
        po_number="PO-7/26",
        ship_to="GODOWN",
        delivery_date=wanted,
    )
    placed = market.orders.place(asked, by=SUNIL, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)

    done = market.orders.split(placed.uuid, by=Requester("user", "asha"))

    assert not isinstance(done, Refused), done
    with market.database.read() as connection:
        rest = read_order(connection, done.rest.uuid, scope=EVERYTHING)
    assert rest is not None
    assert (rest.head.po_number, rest.ship_to and rest.ship_to.code) == ("PO-7/26", "GODOWN")
    assert (rest.newest.payment, rest.newest.delivery_date) == ("advance", wanted)
    assert (rest.head.requester, rest.head.warehouse) == ("asha", "MAIN")
    assert market.broken() == set()


def test_the_rest_of_a_counters_order_was_taken_by_the_hubs_own_clock(market: Market) -> None:
    whole = market.place(("TEA", 130), terminal="shop-2").order
    market.change("UPDATE order_ SET clock_trusted = false, operator = 'Om'")

    done = market.orders.split(whole, by=SUNIL)

    assert not isinstance(done, Refused), done
    assert market.rows(
        "SELECT source, operator, clock_trusted, captured_at FROM order_ WHERE uuid = :u",
        u=done.rest.uuid,
    ) == [("staff", "", True, market.clock.ms)]


def test_each_part_of_an_order_is_held_against_the_limit_by_itself(market: Market) -> None:
    whole = ordered(market, 130)
    limit = "UPDATE party SET credit_state = 'amount', credit_limit = 1250000 WHERE code = 'C2'"
    market.change(limit)

    market.orders.split(whole, by=SUNIL)

    assert [state for state, *_ in standing(market)] == ["allocated", "held"]
    assert market.broken() == set()
