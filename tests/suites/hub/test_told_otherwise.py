"""Books that were put back: what is decided before a terminal was heard out forgets nothing."""

from collections.abc import Callable

import pytest

from broker.contract import Answer, Notice, NoticeData, decode_down, encode, with_mac
from hub.desk.approvals.model import Approver
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.orders.model.life import WireStatus
from hub.desk.terminals.acts.begin_again import begin_again
from hub.run.bootstrap import build_wire
from tests.builders.delivered import picked, sent
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.money import billed
from tests.suites.hub.test_awaited_terminals import LATER_MS, remarks, whys
from tests.suites.hub.test_taking_back import Counter, forget, recalls, written
from tests.suites.hub.test_wire_beside_orders import status

MANAGER = Approver("vikram", ("manager",))
OVER_LIMIT = ("TEA", 12)


class Held:
    """A counter whose orders are over the limit, in books that have them as they were held."""

    def __init__(self, market: Market, orders: int = 1) -> None:
        self.market = market
        self.counter = Counter(market, "shop-1")
        self.orders = [self.counter.buys(OVER_LIMIT) for _ in range(orders)]

    def put_back(self) -> None:
        """Forget what was told of the orders after they were held; begin a new life."""
        self.counter.hears()
        forget(self.market)
        self.counter.gives([(written(asked), told[:1]) for asked, told in self.counter.kept])
        begin_again(self.market.hub.transactions, backup_at=1, now_ms=self.market.clock.ms)
        self.market.wire = build_wire(self.market.hub, http="http://hub")
        self.market.clock.ms += LATER_MS

    def release(self, order: str) -> None:
        self.market.approvals.release(order, by=MANAGER, why="a good customer")

    def cancel(self, order: str) -> None:
        self.market.orders.cancel(order, why="not wanted", by="asha")

    def heard_out(self) -> None:
        """Have the counter speak, and give back what it is asked for."""
        assert recalls(self.counter.birth())
        assert self.counter.gives().refusals == []

    def counter_has(self, order: str) -> str:
        """Give the state that the counter has of an order: it takes each revision once."""
        sent = [
            (bytes(payload), uuid)
            for payload, uuid in self.market.rows(
                "SELECT x.payload, o.uuid FROM outbox x JOIN order_ o ON o.id = x.order_id"
            )
        ]
        own = next(told for asked, told in self.counter.kept if asked.uuid == order)
        known: dict[int, str] = {}
        for payload in (*own, *(payload for payload, uuid in sent if uuid == order)):
            message = decode_down(payload)
            assert isinstance(message, Answer | Notice)
            known.setdefault(message.data.revision, message.data.status)
        return str(known[max(known)])

    def hub_has(self, order: str) -> tuple[str, int]:
        ((status, revision),) = self.market.rows(
            "SELECT status, revision FROM order_ WHERE uuid = :u", u=order
        )
        return status, revision


@pytest.fixture
def held(market: Market) -> Held:
    return Held(market)


def test_what_the_shop_was_told_comes_back_though_it_was_told_something_since(
    market: Market,
) -> None:
    held = Held(market, orders=2)
    first, second = held.orders
    held.release(first)
    held.put_back()
    held.cancel(second)
    held.counter.hears()  # by its last word nothing is missing
    awaited = whys(market)["shop-1"]

    held.heard_out()

    assert awaited == "restored"
    assert held.hub_has(first) == ("allocated", 2)
    assert held.hub_has(second) == ("cancelled", 2)
    assert "shop-1" not in whys(market)
    assert remarks(market) == []


def test_an_order_that_still_waits_stands_as_the_shop_has_it_on_paper(held: Held) -> None:
    (order,) = held.orders
    held.release(order)
    held.put_back()
    held.release(order)
    waits = held.hub_has(order)  # until the shop was heard nothing of its is given away

    held.heard_out()

    assert waits == ("held", 2)
    assert held.hub_has(order) == ("allocated", 3)
    assert held.counter_has(order) == "confirmed"
    assert held.market.rows("SELECT sum(reserved) FROM batch") == [(12,)]
    assert remarks(held.market) == [("shop-1", "told_otherwise")]
    assert held.market.broken() == {"heard_again"}  # of the other shops


def test_what_stock_cannot_cover_by_then_is_held_and_the_shop_hears_of_it(held: Held) -> None:
    (order,) = held.orders
    held.release(order)
    held.put_back()
    held.release(order)
    held.market.change("UPDATE batch SET code = code || '-9' WHERE code LIKE 'T-%'")

    held.heard_out()

    assert held.hub_has(order) == ("held", 4)
    assert held.counter_has(order) == "held"
    assert held.market.broken() == {"heard_again"}


def test_an_order_that_somebody_holds_stays_held_and_the_shop_hears_of_it(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    held = Held(market, orders=0)
    held.counter = counter
    order = counter.buys(("TEA", 2))
    held.cancel(order)
    held.put_back()
    market.orders.hold(order, why="asked again", by="asha")

    held.heard_out()

    assert held.hub_has(order) == ("held", 3)
    assert held.counter_has(order) == "held"
    assert "revision 2 told it as cancelled" in market.newest_notice().data.reasons[0].text
    assert remarks(market) == [("shop-1", "told_otherwise")]
    assert market.broken() == {"heard_again"}


def test_an_order_that_was_given_up_stays_so_and_the_shop_hears_of_it(held: Held) -> None:
    (order,) = held.orders
    held.release(order)
    held.put_back()
    held.cancel(order)

    held.heard_out()

    assert held.hub_has(order) == ("cancelled", 3)
    assert held.counter_has(order) == "cancelled"
    assert "not wanted" in held.market.newest_notice().data.reasons[0].text
    assert remarks(held.market) == [("shop-1", "told_otherwise")]
    assert held.market.broken() == {"heard_again"}


def test_what_the_shop_knows_beyond_it_stands_as_on_paper_and_people_are_told(
    held: Held,
) -> None:
    (order,) = held.orders
    held.release(order)
    held.market.orders.hold(order, why="asked again", by="asha")
    held.put_back()
    held.cancel(order)

    held.heard_out()

    assert held.hub_has(order) == ("held", 3)
    assert held.counter_has(order) == "held"
    assert remarks(held.market) == [("shop-1", "told_otherwise")]


@pytest.mark.parametrize(
    ("go_on", "status"), [(picked, "allocated"), (sent, "dispatched")], ids=["picked", "sent"]
)
def test_an_order_whose_goods_are_under_way_is_not_taken_back_and_people_are_told(
    market: Market, go_on: Callable[..., object], status: str
) -> None:
    counter = Counter(market, "shop-1")
    held = Held(market, orders=0)
    held.counter = counter
    order = counter.buys(("TEA", 2))
    market.orders.hold(order, why="asked again", by="asha")
    held.cancel(order)
    held.put_back()
    go_on(market, order)
    goods = market.rows("SELECT on_hand, reserved FROM batch ORDER BY id")
    owed = market.rows("SELECT exposure FROM customer_account ORDER BY customer_id")

    held.heard_out()

    assert held.hub_has(order) == (status, 4)
    assert held.counter_has(order) == "confirmed"
    assert market.rows("SELECT on_hand, reserved FROM batch ORDER BY id") == goods
    assert market.rows("SELECT exposure FROM customer_account ORDER BY customer_id") == owed
    assert remarks(market) == [("shop-1", "told_otherwise")]
    assert market.broken() == {"heard_again"}
    counter.gives()
    assert held.hub_has(order) == (status, 4)
    assert len(remarks(market)) == 1


def test_an_order_that_is_billed_is_not_taken_back_and_people_are_told(market: Market) -> None:
    counter = Counter(market, "shop-1")
    held = Held(market, orders=0)
    held.counter = counter
    order = counter.buys(("TEA", 2))
    ((_, told),) = counter.kept
    (number,) = market.rows("SELECT number FROM order_ WHERE uuid = :u", u=order)[0]
    told_as: dict[int, WireStatus] = {2: "held", 3: "cancelled"}
    for revision, word in told_as.items():
        data = NoticeData(order=order, number=number, revision=revision, status=word, reasons=[])
        notice = Notice(id=new_uuid(), boot=1, at=NOON, term="shop-1", data=data)
        told.append(with_mac(encode(notice), market.hub.answer_key()))
    billed(market, order)

    held.heard_out()

    assert held.hub_has(order) == ("allocated", 4)
    assert held.counter_has(order) == "confirmed"
    assert remarks(market) == [("shop-1", "told_otherwise")]
    assert market.broken() == set()


@pytest.fixture
def five_told(market: Market) -> Held:
    """Give a counter with 5 TEA on paper, for 550.00; the books that were put back have 2."""
    held = Held(market, orders=0)
    held.counter = Counter(market, "shop-1")
    held.orders = [held.counter.buys(("TEA", 2))]
    market.orders.amend(held.orders[0], Amendment(lines=(AskedLine("TEA", 5),)), by="asha")
    held.put_back()
    return held


DIFFERS = [
    ("quantity_now", "2 instead of 5 of Tea"),
    ("total_changed", "the total is 220.00, the counter showed 550.00"),
]


def test_a_shop_whose_goods_have_left_hears_what_of_them_it_was_told_otherwise(
    five_told: Held,
) -> None:
    sent(five_told.market, five_told.orders[0])

    five_told.heard_out()

    reasons = five_told.market.newest_notice().data.reasons
    assert five_told.hub_has(five_told.orders[0])[0] == "dispatched"
    assert [(one.code, one.text) for one in reasons][-2:] == DIFFERS


def test_a_shop_whose_order_is_held_hears_what_of_it_was_told_otherwise(five_told: Held) -> None:
    order, market = five_told.orders[0], five_told.market
    market.orders.hold(order, why="asked again", by="asha")

    five_told.heard_out()

    reasons = market.newest_notice().data.reasons
    assert five_told.hub_has(order)[0] == "held"
    assert "given back by its terminal" in reasons[0].text
    assert [(one.code, one.text) for one in reasons][1:] == DIFFERS


def test_people_are_told_what_became_of_an_order_by_now(held: Held) -> None:
    (order,) = held.orders
    held.release(order)
    held.put_back()
    held.release(order)
    held.market.change("UPDATE batch SET code = code || '-9' WHERE code LIKE 'T-%'")
    held.heard_out()

    ((lacking,),) = held.market.rows("SELECT text FROM terminal_log WHERE code = 'told_otherwise'")

    assert "It is held here" in lacking


def test_the_same_decision_made_again_is_none_that_is_otherwise(held: Held) -> None:
    (order,) = held.orders
    held.cancel(order)
    held.put_back()
    held.cancel(order)

    held.heard_out()

    assert held.hub_has(order) == ("cancelled", 2)
    assert remarks(held.market) == []


def test_giving_back_again_holds_nothing_a_second_time(held: Held) -> None:
    (order,) = held.orders
    held.cancel(order)
    held.put_back()
    held.release(order)
    held.heard_out()

    held.counter.gives()

    assert held.hub_has(order) == ("cancelled", 3)
    assert len(remarks(held.market)) == 1


def test_a_counter_whose_orders_are_all_done_with_is_asked_for_nothing(held: Held) -> None:
    held.cancel(held.orders[0])
    held.counter.hears()
    begin_again(held.market.hub.transactions, backup_at=1, now_ms=held.market.clock.ms + 1)
    held.market.wire = build_wire(held.market.hub, http="http://hub")

    asked = recalls(held.counter.birth())

    assert asked == []
    assert "shop-1" not in whys(held.market)


def test_a_counter_is_not_asked_for_orders_that_it_keeps_no_more(market: Market) -> None:
    held = Held(market, orders=2)
    held.cancel(held.orders[1])
    held.counter.hears()
    begin_again(market.hub.transactions, backup_at=1, now_ms=market.clock.ms + 1)
    market.wire = build_wire(market.hub, http="http://hub")
    del held.counter.kept[0]  # the first is open here still

    asked = recalls(held.counter.birth())

    assert asked == []
    assert "shop-1" not in whys(market)


def test_one_that_was_cut_off_while_it_gave_is_asked_again(market: Market) -> None:
    held = Held(market, orders=2)
    first, second = held.orders
    held.release(second)
    held.release(first)  # is told last, and given back first
    held.put_back()
    (asked, told), _ = held.counter.kept
    kept = {"orders": 2, "first": 1, "last": 2, "newest": first, "revision": 2}
    market.hears(status(terminal="shop-1", kept=kept))
    held.counter.gives([(written(asked), told)], upto=1, more=1)
    market.wire = build_wire(market.hub, http="http://hub")

    again = recalls(market.hears(status(terminal="shop-1", kept=kept)))
    held.counter.asked_by = again[0].id
    held.counter.gives()

    assert len(again) == 1
    assert held.hub_has(second) == ("allocated", 2)
    assert "shop-1" not in whys(market)


def test_one_that_gives_nothing_is_asked_again_and_told_of(held: Held) -> None:
    held.put_back()
    first = recalls(held.counter.birth())
    held.market.clock.ms += LATER_MS

    again = recalls(held.counter.birth())

    assert (len(first), len(again)) == (1, 1)
    assert whys(held.market)["shop-1"] == "asked"
    assert remarks(held.market) == [("shop-1", "kept_silent")]
