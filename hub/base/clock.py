"""The time: an argument of all that needs it, so that tests can set it."""

import time
from datetime import UTC, datetime
from typing import Final, Protocol

EARLIEST_MS: Final = 1_577_836_800_000
"""2020-01-01: before it no hub ran."""
LATEST_MS: Final = 4_102_444_800_000
"""2100-01-01."""


class ClockError(Exception):
    """The machine's clock cannot be right: nothing is decided by it."""

    def __init__(self, now_ms: int) -> None:
        told = datetime.fromtimestamp(now_ms / 1_000, UTC)
        super().__init__(
            f"the clock of this machine says {told:%Y-%m-%d %H:%M} UTC, which cannot be: "
            "set it; what is waiting goes on by itself then"
        )


class Clock(Protocol):
    """Tells the time: what people call it, which may be set, and what waits go by."""

    def now_ms(self) -> int:
        """Give Unix milliseconds."""

    def mono_ms(self) -> int:
        """Give milliseconds that only ever rise; they mean something in one process alone."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Give Unix milliseconds; raises ClockError outside of the years 2020 to 2099."""
        now_ms = time.time_ns() // 1_000_000
        if not is_possible(now_ms):
            raise ClockError(now_ms)
        return now_ms

    def mono_ms(self) -> int:
        """Give milliseconds since some moment, whatever the clock is set to meanwhile."""
        return time.monotonic_ns() // 1_000_000


class Interval:
    """Says whether so long has gone by since a round began, however the clock is set meanwhile.

    It is told the moment of a clock that only ever rises (`Clock.mono_ms`).
    """

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._began_ms: int | None = None

    def has_passed(self, mono_ms: int) -> bool:
        """Say whether the next round is due, as the first one always is."""
        return self._began_ms is None or mono_ms - self._began_ms >= self._every_ms

    def begin(self, mono_ms: int) -> None:
        """Take note that a round begins now."""
        self._began_ms = mono_ms


def is_possible(at_ms: int) -> bool:
    """Say whether a moment, as Unix milliseconds, can be one of a running hub or terminal."""
    return EARLIEST_MS <= at_ms < LATEST_MS
