"""What the hub waits for while somebody sets its clock: asking again, first words, alarms."""

import pytest

from broker.contract import encode
from hub.desk.terminals.acts.begin_again import begin_again
from hub.run.bootstrap import build_wire
from tests.builders.market import Market
from tests.suites.hub.test_copied_cards import FIRST, LATER, alarms, birth
from tests.suites.hub.test_intake import received, running
from tests.suites.hub.test_taking_back import Counter, forget, recalls
from tests.suites.hub.test_wire_beside_orders import status

pytestmark = pytest.mark.one_engine

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def codes(market: Market) -> list[tuple[object, ...]]:
    return market.rows("SELECT terminal, code FROM terminal_log ORDER BY id")


def put_back(market: Market) -> None:
    """Have the hub lose all orders by a restore, and start again."""
    forget(market)
    begin_again(market.hub.transactions, backup_at=market.clock.ms, now_ms=market.clock.ms)
    market.wire = build_wire(market.hub, http="http://hub")


def test_a_terminal_is_asked_again_after_a_minute_though_the_clock_was_set_back_a_day(
    market: Market,
) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    forget(market)
    first = recalls(counter.birth())

    market.clock.set_back(DAY_MS)
    early = recalls(counter.birth())
    market.clock.ms += MINUTE_MS + 1_000
    late = recalls(counter.birth())

    assert (len(first), len(early), len(late)) == (1, 0, 1)
    assert codes(market) == [("shop-2", "kept_silent")]


@pytest.mark.parametrize("set_by_ms", [-HOUR_MS, HOUR_MS], ids=["back", "on"])
def test_all_orders_wait_for_the_first_words_after_a_restore_however_the_clock_is_set(
    market: Market, set_by_ms: int
) -> None:
    market.clock.ms += DAY_MS  # the prices hold from the day before
    put_back(market)
    market.hears(status(terminal="shop-2"))
    new = market.order(("TEA", 1), terminal="shop-2")

    market.clock.set_back(-set_by_ms)
    early = market.replies(new)
    market.clock.ms += MINUTE_MS

    assert early == []
    assert market.answer(new).status == "confirmed"


def test_an_order_is_decided_as_soon_as_all_were_heard_and_does_not_wait_to_be_sent_again(
    market: Market,
) -> None:
    put_back(market)
    market.hears(status(terminal="shop-2"))
    new = market.order(("TEA", 1), terminal="shop-2")
    with running(market) as (intake, link):
        intake.deliver(received(encode(new.message)))
        link.wait("ack", 1)
        early = link.answered()
        market.clock.ms += MINUTE_MS
        link.wait("publish", 1)

    assert early == []
    assert link.answered() == [new.uuid]
    assert market.wire.take.due() == []


def test_an_order_is_decided_as_soon_as_its_customer_was_heard_out(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    put_back(market)
    market.clock.ms += MINUTE_MS
    new = market.order(("TEA", 1), terminal=counter.name)
    early = market.replies(new), market.wire.take.due()
    counter.birth()
    counter.gives()

    due = market.wire.take.due()

    assert early == ([], [])
    assert due == [new]


def test_an_order_that_came_again_and_was_decided_is_not_decided_twice(market: Market) -> None:
    put_back(market)
    new = market.order(("TEA", 1), terminal="shop-2")
    market.replies(new)
    market.clock.ms += MINUTE_MS
    market.hears(status(terminal="shop-2"))
    again = market.replies(new)

    assert len(again) == 1
    assert market.wire.take.due() == []


def test_a_terminal_that_sends_without_end_takes_nobody_elses_place_among_what_waits(
    market: Market,
) -> None:
    put_back(market)
    many = [market.order(("TEA", 1), terminal="shop-2") for _ in range(40)]
    other = market.order(("TEA", 1), terminal="shop-1")
    for one in (*many, other):
        market.replies(one)

    market.clock.ms += MINUTE_MS
    for name in ("shop-1", "shop-2"):
        market.hears(status(terminal=name))

    assert market.wire.take.due() == [other, *many[:16]]


def test_people_hear_of_orders_that_wait_long_though_the_clock_was_set_back(
    market: Market,
) -> None:
    put_back(market)
    market.clock.ms += MINUTE_MS
    new = market.order(("TEA", 5), terminal="shop-1")
    market.replies(new)

    market.clock.set_back(DAY_MS)
    for _ in range(3):
        market.clock.ms += MINUTE_MS
        market.replies(new)

    assert codes(market) == [("shop-1", "orders_wait")]


def test_a_second_jump_of_numbers_is_told_an_hour_later_though_the_clock_was_set_back(
    market: Market,
) -> None:
    market.place(("TEA", 1))
    market.place(("TEA", 1), seq=1_000_000)

    market.clock.set_back(DAY_MS)
    market.clock.ms += 61 * MINUTE_MS
    market.place(("TEA", 1), seq=2_000_000)

    assert [code for _, code in codes(market)] == ["sequence_jump", "sequence_jump"]


def test_returns_of_starts_long_apart_are_no_second_machine_though_the_clock_was_set_back(
    market: Market,
) -> None:
    for start in (FIRST, LATER, FIRST, LATER):
        market.hears(birth(start))

    market.clock.set_back(DAY_MS)
    market.clock.ms += 11 * MINUTE_MS
    market.hears(birth(FIRST))

    assert alarms(market) == []
