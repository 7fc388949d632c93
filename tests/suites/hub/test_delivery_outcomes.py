"""What is said of a note twice, otherwise, or later than it was."""

from dataclasses import replace
from datetime import date

import pytest

from hub.base.access import EVERYTHING
from hub.desk.deliveries.model.asked import AskedOutcome, read_outcome
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.reads.queue import read_queued
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from tests.builders.delivered import BY, begin, sent
from tests.builders.market import Market
from tests.suites.hub.test_deliveries import SIGNED, codes

pytestmark = pytest.mark.one_engine


def test_what_is_said_again_is_recorded_once_and_what_is_said_otherwise_is_refused(
    market: Market,
) -> None:
    note = sent(market, market.place(("RICE", 5)).order).notes[0]
    record = market.deliveries.record
    back = (LineOutcome(1, 0, back=1, reason="refused"),)
    first = AskedOutcome(lines=back, receiver="Asha", signature=SIGNED)
    others = (
        replace(first, receiver="Meena"),
        replace(first, signature=""),
        replace(first, note="by the back door"),
        replace(first, lines=()),
        replace(first, lines=(replace(back[0], back=2),)),
        AskedOutcome("closed_shop"),
    )

    done, again = (record(note, first, by=BY, scope=EVERYTHING) for _ in range(2))
    refused = [record(note, one, by=BY, scope=EVERYTHING) for one in others]

    assert (done, again) == (Moved(note, "part"), Moved(note, "part", again=True))
    assert [codes(one) for one in refused] == [["delivery_settled"]] * len(others)
    assert market.rows("SELECT delivered, back FROM delivery_line") == [(4, 1)]


def test_a_closed_shop_that_is_to_be_tried_on_another_day_is_not_the_same_said_again(
    market: Market,
) -> None:
    note = sent(market, market.place(("RICE", 5)).order).notes[0]
    record = market.deliveries.record
    closed = AskedOutcome("closed_shop", redeliver=date(2026, 11, 23))

    done, again = (record(note, closed, by=BY, scope=EVERYTHING) for _ in range(2))
    later = replace(closed, redeliver=date(2026, 11, 25))
    refused = record(note, later, by=BY, scope=EVERYTHING)

    assert (done, again) == (Moved(note, "closed_shop"), Moved(note, "closed_shop", again=True))
    assert codes(refused) == ["delivery_settled"]
    assert market.rows("SELECT redeliver FROM delivery") == [("2026-11-23",)]


def test_a_closed_shop_is_tried_again_on_no_day_that_is_over_or_years_ahead(
    market: Market,
) -> None:
    note = sent(market, market.place(("RICE", 5)).order).notes[0]
    days = (date(2026, 11, 20), date(2027, 11, 23), date.max, date(2027, 11, 22))

    done = [
        market.deliveries.record(
            note, AskedOutcome("closed_shop", redeliver=day), by=BY, scope=EVERYTHING
        )
        for day in days
    ]

    assert [codes(one) for one in done[:3]] == [
        ["delivery_day_past"],
        *[["delivery_day_far"]] * 2,
    ]
    assert done[3] == Moved(note, "closed_shop")


def test_goods_that_are_wanted_on_a_day_are_queued_and_sent_for_that_day(market: Market) -> None:
    wanted = date(2026, 12, 4)
    line = AskedLine("RICE", 5)
    asked = AskedOrder("later", "staff", "C1", (line,), delivery_date=wanted)

    placed = market.orders.place(asked, by=Requester("user", BY), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    with market.database.read() as connection:
        (queued,) = read_queued(connection, [placed.uuid], scope=EVERYTHING)
    begin(market, placed.uuid)

    assert queued.day == wanted
    assert market.rows("SELECT day FROM delivery") == [(wanted.isoformat(),)]


def test_the_shops_word_may_be_typed_with_the_digits_of_hindi(market: Market) -> None:
    note = sent(market, market.place(("RICE", 5), terminal="shop-2").order).notes[0]
    word = str(market.newest_notice().data.reasons[0].params["word"])
    typed = "".join(chr(ord("\N{DEVANAGARI DIGIT ZERO}") + int(digit)) for digit in word)

    asked, faults = read_outcome({"receiver": "Asha", "word": f" {typed} "}, [])
    done = market.deliveries.record(note, asked, by=BY, scope=EVERYTHING)

    assert (done, faults) == (Moved(note, "delivered"), [])
    assert market.rows("SELECT word_given FROM delivery") == [(1,)]


def test_what_is_told_later_was_when_it_was_and_not_before_the_goods_had_left(
    market: Market,
) -> None:
    notes = [sent(market, market.place(("RICE", 5)).order).notes[0] for _ in range(2)]
    left, record = market.clock.ms, market.deliveries.record
    evening, hour = left + 6 * 3_600_000, 3_600_000
    market.clock.ms = evening + 12 * hour  # the next morning

    for note, at_ms in zip(notes, (evening, left - hour), strict=True):
        record(note, AskedOutcome(receiver="Asha", at_ms=at_ms), by=BY, scope=EVERYTHING)

    assert market.rows("SELECT closed_at, closed_day FROM delivery ORDER BY id") == [
        (evening, "2026-11-21"),
        (left, "2026-11-21"),
    ]
