"""What is said of a note twice, otherwise, or later than it was."""

from dataclasses import replace

import pytest

from hub.base.access import EVERYTHING
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.model.outcome import LineOutcome
from tests.builders.delivered import BY, sent
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
        replace(first, lines=()),
        replace(first, lines=(replace(back[0], back=2),)),
        AskedOutcome("closed_shop"),
    )

    done, again = (record(note, first, by=BY, scope=EVERYTHING) for _ in range(2))
    refused = [record(note, one, by=BY, scope=EVERYTHING) for one in others]

    assert (done, again) == (Moved(note, "part"), Moved(note, "part", again=True))
    assert [codes(one) for one in refused] == [["delivery_settled"]] * len(others)
    assert market.rows("SELECT delivered, back FROM delivery_line") == [(4, 1)]


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
