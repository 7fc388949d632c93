"""A hub whose books were put back: orders of a customer wait until nothing of it can be missing."""

import pytest

from hub.base.access import EVERYTHING
from hub.desk.approvals.model import Approver
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.model.request import Requester
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts.begin_again import begin_again
from hub.desk.terminals.model import TerminalError
from hub.run.bootstrap import build_wire
from tests.builders.market import Market
from tests.suites.hub.test_taking_back import Counter, forget, recalls, written
from tests.suites.hub.test_wire_beside_orders import status

LATER_MS = 60_000
"""Past the first words of a hub that was just started."""
TWO_COUNTERS = (
    "id,customer,warehouse\n"
    "shop-1,C1,MAIN\nshop-2,C2,MAIN\nshop-3,C3,MAIN\nshop-4,C4,MAIN\nshop-5,C1,MAIN\n"
)
REST = dict.fromkeys(("shop-2", "shop-3", "shop-4"), "restored")
ASHA = Requester("user", "asha")
MANAGER = Approver("vikram", ("manager",))


def put_back(market: Market, *, wait_ms: int = LATER_MS) -> None:
    """Have the hub lose all orders by a restore, start again, and run for a while."""
    forget(market)
    begin_again(market.hub.transactions, backup_at=market.clock.ms, now_ms=market.clock.ms)
    market.wire = build_wire(market.hub, http="http://hub")
    market.clock.ms += wait_ms


def staff_places(market: Market, *, customer: str = "C1", key: str = "k1") -> str:
    """Place an order of 550.00 on credit at the desk."""
    asked = AskedOrder(key, "staff", customer, (AskedLine("TEA", 5),))
    placed = market.orders.place(asked, by=ASHA, scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    return placed.uuid


def newest(market: Market, uuid: str) -> tuple[str, list[str]]:
    """Give an order's state and the codes of its reasons."""
    ((state, reasons),) = market.rows(
        "SELECT o.status, r.reasons FROM order_ o JOIN order_revision r "
        "ON r.order_id = o.id AND r.revision = o.revision WHERE o.uuid = :u",
        u=uuid,
    )
    return state, [one.code for one in read_reasons(bytes(reasons))]


def whys(market: Market) -> dict[str, str]:
    """Say who is awaited, and why."""
    return {row[0]: row[1] for row in market.rows("SELECT terminal, why FROM awaited")}


def remarks(market: Market) -> list[tuple[object, ...]]:
    return market.rows("SELECT terminal, code FROM terminal_log ORDER BY id")


def test_a_new_order_waits_until_its_terminal_has_given_back_what_was_forgotten(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))  # 550.00 of the 900.00 that are left of the limit
    put_back(market)
    new = market.order(("TEA", 5), terminal="shop-1")

    unheard = market.replies(new), whys(market)
    counter.birth()
    ahead = market.replies(new), whys(market)
    counter.gives()
    answer = market.answer(new)

    assert unheard == ([], {"shop-1": "restored", **REST})
    assert ahead == ([], {"shop-1": "ahead", **REST})
    assert whys(market) == REST
    assert (answer.status, [one.code for one in answer.reasons]) == (
        "held",
        ["credit_limit_exceeded"],
    )


def test_what_was_on_its_way_before_a_restore_is_taken_and_ends_no_waiting(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    put_back(market)

    counter.gives()  # to the hub of before: it asked, and may have told more since
    late = whys(market)
    new = market.order(("TEA", 1), terminal="shop-1")
    waits = market.replies(new)
    assert recalls(counter.birth())
    heard = whys(market)
    counter.gives()

    assert market.rows("SELECT count(*) FROM order_") == [(1,)]
    assert late == {"shop-1": "restored", **REST}
    assert waits == []
    assert heard == {"shop-1": "asked", **REST}
    assert whys(market) == REST


def test_the_rest_of_what_was_on_its_way_before_a_restore_ends_no_waiting(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    counter.buys(("TEA", 1))
    put_back(market)
    second = [(written(asked), told) for asked, told in counter.kept[1:]]

    counter.gives(second, after=1, upto=2, more=True)  # the first went to the hub of before
    counter.gives([], after=2, upto=2)
    late = whys(market)
    counter.birth()
    counter.gives()

    assert late == {"shop-1": "restored", **REST}
    assert whys(market) == REST


def test_a_terminal_that_takes_longer_than_a_minute_to_give_all_is_awaited_no_longer(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    put_back(market)
    counter.birth()
    first = counter.asked_by
    market.clock.ms += LATER_MS
    assert recalls(counter.birth())
    counter.asked_by = first

    counter.gives()

    assert whys(market) == REST


def test_a_terminal_that_is_giving_is_not_asked_from_its_beginning_again(market: Market) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    counter.buys(("TEA", 1))
    put_back(market)
    first, second = [(written(asked), told) for asked, told in counter.kept]
    counter.birth()
    market.clock.ms += LATER_MS - 1

    market.wire.hear.gave_back("shop-1")
    counter.gives([first], upto=1, more=True)
    market.clock.ms += 1
    giving = recalls(counter.birth())
    market.clock.ms += LATER_MS - 1
    silent = recalls(counter.birth())

    assert giving == []
    assert len(silent) == 1
    counter.gives([second])
    assert whys(market) == REST


def test_what_a_terminal_says_after_its_first_word_has_it_asked_too(market: Market) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    begin_again(market.hub.transactions, backup_at=market.clock.ms, now_ms=market.clock.ms)
    market.wire = build_wire(market.hub, http="http://hub")

    market.hears(status(terminal="shop-1"), retained=True)  # of before its order
    asked = recalls(counter.birth())
    heard = whys(market)
    counter.gives()

    assert len(asked) == 1
    assert heard == {"shop-1": "asked", **REST}
    assert whys(market) == REST


def test_a_question_that_was_answered_ends_no_waiting_a_second_time(market: Market) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    counter.buys(("TEA", 1))
    put_back(market)
    first, second = [(written(asked), told) for asked, told in counter.kept]
    counter.birth()
    earlier = counter.asked_by
    counter.gives([first], upto=1, more=True)
    latest, counter.asked_by = counter.asked_by, earlier

    counter.gives([second])
    late = whys(market)
    counter.asked_by = latest
    counter.gives([second])

    assert late["shop-1"] == "ahead"
    assert whys(market) == REST


def test_another_terminal_of_the_same_customer_may_be_the_one_that_knows_more(
    market: Market,
) -> None:
    market.load(terminals=TWO_COUNTERS)
    counter = Counter(market, "shop-5")
    counter.buys(("TEA", 5), customer="C1")
    put_back(market)
    market.hears(status(terminal="shop-1"))
    new = market.order(("TEA", 5), terminal="shop-1")

    waits = market.replies(new)
    counter.birth()
    counter.gives()
    answer = market.answer(new)

    assert waits == []
    assert [one.code for one in answer.reasons] == ["credit_limit_exceeded"]


def test_orders_of_the_desk_are_held_and_decided_anew_when_they_are_released(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    put_back(market)

    order = staff_places(market)
    held = newest(market, order)
    counter.birth()
    counter.gives()
    market.approvals.release(order, by=MANAGER, why="the shop gave all back")

    assert held == ("held", ["orders_awaited"])
    assert newest(market, order) == ("held", ["release_not_enough", "credit_limit_exceeded"])


def test_who_releases_knowing_that_orders_may_be_missing_is_obeyed(market: Market) -> None:
    put_back(market)
    order = staff_places(market)

    market.approvals.release(order, by=MANAGER, why="called the shop")

    assert newest(market, order) == ("allocated", ["released"])


def test_an_order_that_is_amended_meanwhile_is_held_too(market: Market) -> None:
    put_back(market)
    market.hears(status(terminal="shop-1"))
    order = staff_places(market)
    before, _ = newest(market, order)
    begin_again(market.hub.transactions, backup_at=1, now_ms=market.clock.ms)

    market.orders.amend(order, Amendment(lines=(AskedLine("TEA", 7),)), by=ASHA.id)

    after, reasons = newest(market, order)
    assert (before, after) == ("allocated", "held")
    assert "orders_awaited" in reasons


def test_orders_of_other_customers_go_on(market: Market) -> None:
    put_back(market)
    market.hears(status(terminal="shop-2"))

    answer = market.place(("TEA", 1), terminal="shop-2")

    assert answer.status == "confirmed"
    assert newest(market, staff_places(market, customer="C2"))[0] == "allocated"


def test_in_the_first_moments_all_orders_wait_for_stock_is_everybodys(market: Market) -> None:
    put_back(market, wait_ms=1_000)
    market.hears(status(terminal="shop-2"))
    new = market.order(("TEA", 1), terminal="shop-2")

    early = market.replies(new)
    for name in ("shop-1", "shop-3", "shop-4"):
        market.hears(status(terminal=name))
    heard = market.answer(new)

    assert early == []
    assert heard.status == "confirmed"


def test_a_hub_that_was_not_put_back_waits_for_nobody(market: Market) -> None:
    market.wire = build_wire(market.hub, http="http://hub")

    assert market.place(("TEA", 1)).status == "confirmed"


def test_a_terminal_that_is_never_heard_again_is_settled(market: Market) -> None:
    put_back(market)
    for name in ("shop-2", "shop-3", "shop-4"):
        market.hears(status(terminal=name))
    new = market.order(("TEA", 5), terminal="shop-1")
    waits, broken = market.replies(new), market.broken()

    market.settle("shop-1", by="asha", why="burnt down, nothing was ordered since")

    assert (waits, broken) == ([], {"heard_again"})
    assert market.answer(new).status == "confirmed"
    assert market.broken() == set()
    assert remarks(market) == [("shop-1", "kept_settled")]
    with pytest.raises(TerminalError, match="keeps nothing that is not here"):
        market.settle("shop-1", by="asha", why="again")


def test_a_settled_terminal_that_speaks_after_all_gives_back_what_it_keeps(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    put_back(market)
    market.settle("shop-1", by="asha", why="not found")

    (asked,) = recalls(counter.birth())
    waits = market.replies(market.order(("TEA", 1), terminal="shop-1"))
    counter.gives()

    assert asked.data.after == 0
    assert waits == []
    assert market.place(("TEA", 1), terminal="shop-1").status == "confirmed"


def test_a_revoked_terminal_is_awaited_no_more(market: Market) -> None:
    put_back(market)

    market.enrol.revoke("shop-1", by=OPERATOR)

    assert newest(market, staff_places(market))[0] == "allocated"


def test_what_the_broker_kept_of_a_terminal_is_of_before_its_newest_orders(
    market: Market,
) -> None:
    put_back(market)
    new = market.order(("TEA", 1), terminal="shop-1")

    market.hears(status(terminal="shop-1"), retained=True)
    kept = market.replies(new)
    market.hears(status(terminal="shop-1"))

    assert kept == []
    assert market.answer(new).status == "confirmed"


def test_what_cannot_be_taken_back_keeps_orders_waiting_until_somebody_settles_it(
    market: Market,
) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    put_back(market)
    counter.birth()
    new = market.order(("TEA", 1), terminal="shop-1")
    counter.gives([(written(counter.kept[0][0]), [])])
    waits = market.replies(new)

    market.settle("shop-1", by="asha", why="placed again")

    assert waits == []
    assert market.answer(new).status == "confirmed"


def test_a_log_that_was_torn_is_no_restore_and_orders_wait_all_the_same(market: Market) -> None:
    counter = Counter(market, "shop-1")
    counter.buys(("TEA", 5))
    forget(market)
    counter.birth()
    new = market.order(("TEA", 5), terminal="shop-1")

    waits = market.replies(new)
    counter.gives()

    assert waits == []
    assert [one.code for one in market.answer(new).reasons] == ["credit_limit_exceeded"]


def test_people_are_told_of_orders_that_wait_long_and_for_whom(market: Market) -> None:
    market.load(terminals=TWO_COUNTERS)
    put_back(market)
    market.hears(status(terminal="shop-1"))
    new = market.order(("TEA", 5), terminal="shop-1")
    market.replies(new)
    soon = remarks(market)

    for _ in range(4):
        market.clock.ms += LATER_MS
        market.replies(new)

    assert soon == []
    assert remarks(market) == [("shop-1", "orders_wait")]
    ((text,),) = market.rows("SELECT text FROM terminal_log")
    assert "shop-5 may keep answered orders of the same customer" in text


def test_a_terminal_that_may_have_used_it_up_gets_nothing_to_give_away(market: Market) -> None:
    counter = Counter(market, "shop-2")
    market.hears(status(terminal="shop-2", leases="0" * 64))
    before = len(market.leases())
    counter.buys(("SOAP", 10))
    put_back(market)
    market.change("DELETE FROM lease")

    counter.birth(leases="0" * 64)
    unsure = len(market.leases())
    counter.gives()
    counter.birth(leases="0" * 64)

    assert (before, unsure, len(market.leases())) == (1, 0, 1)
