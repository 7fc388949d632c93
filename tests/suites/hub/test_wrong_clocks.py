"""A hub whose clock was wrong for a while: what it noted then heals once the clock is right."""

import time
from datetime import timedelta

import pytest

from hub.base.access import EVERYTHING
from hub.base.clock import ClockError, SystemClock
from hub.desk.people.model.accounts import AGE_LIMIT_MS, has_ended
from hub.desk.terminals.reads.terminals import count_by_presence
from tests.builders.leased_counter import LeasedCounter
from tests.builders.market import Market, told
from tests.suites.hub.test_wire_beside_orders import status

pytestmark = pytest.mark.one_engine

FAST = {
    "10 minutes": timedelta(minutes=10),
    "36 hours": timedelta(hours=36),
    "400 days": timedelta(days=400),
}


@pytest.fixture(params=FAST)
def ahead_ms(request: pytest.FixtureRequest) -> int:
    """Give by how much the hub's clock was fast."""
    return int(FAST[request.param].total_seconds() * 1_000)


def test_an_answer_of_a_fast_clock_is_sent_again_once_the_clock_is_right(
    market: Market, ahead_ms: int
) -> None:
    market.clock.ms += ahead_ms
    market.place(("TEA", 1))
    market.clock.ms -= ahead_ms

    assert len(market.wire.outbox.due()) == 1


@pytest.mark.parametrize("year", [1970, 2019, 2100, 2286])
def test_by_a_clock_that_cannot_be_right_nothing_is_decided(
    monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    at_s = (year - 1970) * 365.25 * 86_400
    monkeypatch.setattr(time, "time_ns", lambda: int(at_s * 1_000_000_000))

    with pytest.raises(ClockError, match=f"says {year}-.* set it"):
        SystemClock().now_ms()


@pytest.mark.parametrize("captured_at", [0, 86_400_000, 9_007_199_254_740_991])
def test_an_order_of_a_terminal_with_an_impossible_clock_is_taken_and_its_clock_not_trusted(
    market: Market, captured_at: int
) -> None:
    asked = market.order(("TEA", 1), captured_at=captured_at, clock_trusted=True)

    (reply,) = market.replies(asked)

    assert told(reply).status == "confirmed"
    assert market.rows("SELECT clock_trusted, captured_at <= 4102444800000 FROM order_") == [
        (False, True)
    ]


def test_a_terminal_heard_by_a_fast_clock_counts_as_lost_until_it_is_heard_again(
    market: Market, ahead_ms: int
) -> None:
    def presences() -> dict[str, int]:
        with market.database.read() as connection:
            found = count_by_presence(connection, market.clock.ms, scope=EVERYTHING)
        return {str(presence): count for presence, count in found.items()}

    market.clock.ms += ahead_ms
    market.hears(status())
    market.clock.ms -= ahead_ms
    after = presences()
    market.hears(status())

    assert (after.get("lost"), after.get("online", 0)) == (1, 0)
    assert (presences().get("lost", 0), presences().get("online")) == (0, 1)


def test_a_lease_given_by_a_fast_clock_is_shortened_when_its_terminal_is_heard(
    leasing: Market, counters: tuple[LeasedCounter, LeasedCounter], ahead_ms: int
) -> None:
    leasing.clock.ms += ahead_ms
    for counter in counters:
        counter.hear()
    leasing.clock.ms -= ahead_ms
    leasing.hears(
        status(terminal="shop-2", leases="0" * 64), status(terminal="shop-5", leases="0" * 64)
    )

    lasting_ms = leasing.hub.settings.lease_hours * 3_600_000
    assert leasing.rows("SELECT max(until_ms) FROM lease") <= [(leasing.clock.ms + lasting_ms,)]


def test_a_session_opened_by_a_clock_that_was_fast_by_more_than_a_working_day_has_ended() -> None:
    now_ms = 1_800_000_000_000
    opened = now_ms + int(timedelta(hours=36).total_seconds() * 1_000)

    assert has_ended(opened, opened + AGE_LIMIT_MS, now_ms)
    assert not has_ended(now_ms + 600_000, now_ms + AGE_LIMIT_MS, now_ms)
