"""Jobs under a clock that is set back: what was due stays due, and no pause grows by it."""

from typing import Final

from hub.base.clock import Clock
from hub.base.transaction import Transaction

_LEAST_MS: Final = 60_000
"""Clocks are drawn near by less than that all the time."""
_OPEN_TRIED: Final = "WHERE done_at IS NULL AND NOT dead AND attempts > 0 AND due_at > ?"
_SHORTEN: Final = f"UPDATE job SET due_at = due_at - ? {_OPEN_TRIED}"  # noqa: S608  # all of it ours
_BOUND: Final = f"UPDATE job SET due_at = ? {_OPEN_TRIED}"  # noqa: S608
_STAY_DUE: Final = """
UPDATE job SET due_at = ?
WHERE done_at IS NULL AND NOT dead AND attempts = 0 AND due_at > ? AND due_at <= ?
"""


class SetBacks:
    """Notices that the clock was set back, by the one that only rises.

    A clock that says 18:00 is set to 12:00. A job that was due at 17:59 would be due in six hours
    then, and one that failed and is to be tried again in a minute, in six hours and a minute. What
    is meant for a moment to come, such as the report of tomorrow morning, stays as it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms: int | None = None

    def look(self) -> int | None:
        """Give by how many milliseconds the clock was set back, until that is made good.

        That is 0 at first, as nobody knows what was before, and None mostly: not by a minute.
        """
        if self._ahead_ms is None:
            return 0
        ahead_ms = self._now_ahead_ms()
        if self._ahead_ms - ahead_ms >= _LEAST_MS:
            return self._ahead_ms - ahead_ms
        self._ahead_ms = ahead_ms
        return None

    def made_good(self) -> None:
        """Take note that it was made good."""
        self._ahead_ms = self._now_ahead_ms()

    def _now_ahead_ms(self) -> int:
        return self._clock.now_ms() - self._clock.mono_ms()


def keep_due(t: Transaction, *, back_ms: int, longest_ms: int) -> int:
    """Make good that the clock was set back by `back_ms`; gives how many jobs that moves.

    With 0 it is made good that it may have been while nobody looked: no job that is tried again
    waits for longer than the longest pause there is, `longest_ms`.
    """
    if back_ms == 0:
        return t.many(_BOUND, [(t.at_ms + longest_ms, t.at_ms + longest_ms)])
    shortened = t.many(_SHORTEN, [(back_ms, t.at_ms)])
    return shortened + t.many(_STAY_DUE, [(t.at_ms, t.at_ms, t.at_ms + back_ms)])
