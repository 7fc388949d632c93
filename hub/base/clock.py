"""The time: an argument of all that needs it, so that tests can set it."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Give Unix milliseconds."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Give Unix milliseconds."""
        return time.time_ns() // 1_000_000
