"""When the next round of what is done once a minute is due."""

import pytest

from hub.base.clock import Interval
from tests.builders.ground import SetClock

MINUTE_MS = 60_000


def test_the_first_round_is_due_at_once() -> None:
    assert Interval(MINUTE_MS).has_passed(SetClock().mono_ms())


@pytest.mark.parametrize("back_ms", [0, 3_600_000, -3_600_000], ids=["left", "back", "on"])
def test_a_round_is_due_a_minute_after_the_last_however_the_clock_is_set(back_ms: int) -> None:
    clock = SetClock()
    interval = Interval(MINUTE_MS)
    interval.begin(clock.mono_ms())

    clock.set_back(back_ms)
    clock.ms += MINUTE_MS - 1
    early = interval.has_passed(clock.mono_ms())
    clock.ms += 1

    assert (early, interval.has_passed(clock.mono_ms())) == (False, True)
