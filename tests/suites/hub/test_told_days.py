"""On which day goods come: as the shop is told it, and as whoever holds the slip reads it."""

from datetime import UTC, date, datetime

import pytest

from hub.base.access import EVERYTHING
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.store.notices import Followed
from tests.builders.delivered import BY, recorded, sent
from tests.builders.market import Market

pytestmark = pytest.mark.one_engine
DAY_OF_ORDER = date(2026, 11, 21)
AFTER_MIDNIGHT_MS = int(datetime(2026, 11, 21, 18, 45, tzinfo=UTC).timestamp() * 1_000)
"""A quarter past midnight of 22 November where the distributor is."""


def follow(market: Market, order: str) -> Followed:
    """Read an order as whoever holds its slip does."""
    found = market.hub.ground.part(EnrolmentActs).follow(order, address="10.0.0.9")
    assert found is not None
    return found


def test_a_day_is_over_by_the_clock_of_the_distributor(market: Market) -> None:
    line = AskedLine("RICE", 5)
    asked = AskedOrder("today", "staff", "C2", (line,), delivery_date=DAY_OF_ORDER)
    placed = market.orders.place(asked, by=Requester("user", BY), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    before = market.newest_notice().data.decision

    market.clock.ms = AFTER_MIDNIGHT_MS
    followed = follow(market, placed.uuid)
    market.orders.amend(placed.uuid, Amendment((AskedLine("RICE", 6),)), by=BY, why="by phone")
    after = market.newest_notice().data.decision

    assert before is not None
    assert after is not None
    assert (before.delivery_day, after.delivery_day) == (DAY_OF_ORDER.isoformat(), "")
    assert followed.due is None


def test_whoever_holds_a_slip_reads_the_day_that_was_told_last(market: Market) -> None:
    order = market.place(("RICE", 5), terminal="shop-2").order
    days = [follow(market, order).due]

    note = sent(market, order).notes[0]
    market.clock.ms += 2 * 86_400_000
    recorded(market, note, AskedOutcome("closed_shop", redeliver=date(2026, 11, 25)))
    days.append(follow(market, order).due)

    assert days == [date(2026, 11, 22), date(2026, 11, 25)]


def test_goods_that_come_back_late_are_not_told_for_a_day_that_is_over(market: Market) -> None:
    order = market.place(("RICE", 5), terminal="shop-2").order
    note = sent(market, order).notes[0]
    market.clock.ms += 3 * 86_400_000

    recorded(market, note, AskedOutcome("closed_shop"))

    (reason,) = market.newest_notice().data.reasons
    assert reason.params["day"] == "2026-11-24"
    assert follow(market, order).due == date(2026, 11, 24)
