"""Jobs under a clock that is set: what was due stays due, no pause grows, no lease is taken."""

from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transaction

LEAST_MS: Final = 60_000
"""Clocks are drawn near by less than that all the time."""
_OPEN: Final = "done_at IS NULL AND NOT dead"
OF_A_FAST_CLOCK: Final = f"{_OPEN} AND (counted_from > ? OR leased_until > ?)"
_COUNT_ANEW: Final = f"""
UPDATE job SET due_at = due_at - counted_from + ?, counted_from = ?
WHERE {_OPEN} AND counted_from > ?
"""  # noqa: S608  # all of it ours
_SHORTEN_LEASES: Final = f"""
UPDATE job SET leased_until = ? WHERE {_OPEN} AND leased_until > ?
"""  # noqa: S608
_KEEP_LEASES: Final = f"""
UPDATE job SET leased_until = ? WHERE {_OPEN} AND leased_until <= ? AND leased_until > ?
"""  # noqa: S608


class ClockWatch:
    """Notices that the clock was set, by the one that only rises.

    It may also have been set before this process began, or by another machine's clock a job may be
    of tomorrow: so jobs are looked at once at first, and once a minute.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms: int | None = None
        self._minute = Interval(LEAST_MS)

    def look(self, now_ms: int) -> int | None:
        """Give by how many milliseconds the clock was set on, 0 mostly; None: no look is due."""
        on_ms = 0 if self._ahead_ms is None else self._ahead_at(now_ms) - self._ahead_ms
        if abs(on_ms) < LEAST_MS and not self._minute.has_passed(self._clock.mono_ms()):
            return None
        return on_ms if on_ms >= LEAST_MS else 0

    def made_good(self, now_ms: int) -> None:
        """Take note that jobs were looked at."""
        self._ahead_ms = self._ahead_at(now_ms)
        self._minute.begin(self._clock.mono_ms())

    def _ahead_at(self, now_ms: int) -> int:
        return now_ms - self._clock.mono_ms()


def bounds_of(now_ms: int, lease_ms: int) -> tuple[int, int]:
    """Give from when on a wait and a lease can only be of a clock that was fast.

    A lease may be of a machine that is a little ahead: one that lasts twice as long as any does
    is not.
    """
    return now_ms + LEAST_MS, now_ms + 2 * lease_ms


def heed_clock(t: Transaction, *, on_ms: int, lease_ms: int) -> None:
    """Have no job wait for the hours by which the clock was set; a second time changes nothing.

    A clock that says 18:00 is set to 12:00. A job that was wanted at once is due at once, and one
    that is tried again a minute after it failed, in a minute. A job of the calendar, such as the
    report of tomorrow morning, stays as it is. Who holds a job may be at it still, and nobody knows
    since when: its lease ends as if it began now. So it does where the clock was set on by `on_ms`.
    """
    waits_from, leases_from = bounds_of(t.at_ms, lease_ms)
    t.many(_COUNT_ANEW, [(t.at_ms, t.at_ms, waits_from)])
    t.many(_SHORTEN_LEASES, [(t.at_ms + lease_ms, leases_from)])
    if on_ms:
        t.many(_KEEP_LEASES, [(t.at_ms + lease_ms, t.at_ms, t.at_ms - on_ms)])
