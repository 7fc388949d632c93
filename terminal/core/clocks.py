"""What time it is: the hub's, carried on by the monotonic clock; else the device's own, untrusted.

A counter computer without a battery clock starts years in the past, and a hub's clock may be wrong,
too. So times outside 2020 to 2100 are nobody's, a config of the hub corrects both ways, and without
the hub the day is never before its last word.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Final

EARLIEST_MS: Final = 1_577_836_800_000
"""2020 begins."""
LATEST_MS: Final = 4_102_444_800_000
"""2100 begins."""
_LONGEST_OFF_MS: Final = 366 * 86_400_000
"""A device's own clock that is a year ahead of the hub's last word is a broken one."""
_STRANGE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class HubTime:
    """The hub's time as `offset_ms` to the monotonic clock of one run of the machine.

    `heard_ms` is the hub's last word, which no restart undoes.
    """

    machine_boot: str
    offset_ms: int
    heard_ms: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with both clocks; `trusted` where the hub vouches for it."""

    at_ms: int
    mono_ms: int
    trusted: bool


def is_possible(at_ms: int) -> bool:
    """Tell whether a time is one that a clock in use may show."""
    return EARLIEST_MS <= at_ms < LATEST_MS


def learn(
    known: HubTime | None, hub_at_ms: int, *, mono_ms: int, machine_boot: str
) -> HubTime | None:
    """Take in the time of a message that may be late: the hub repeats answers byte for byte.

    It is never early, so within one run of the machine the largest offset seen is the best.
    """
    if not is_possible(hub_at_ms):
        return known
    offset = hub_at_ms - mono_ms
    if known is None or known.machine_boot != machine_boot:
        return HubTime(machine_boot, offset, hub_at_ms)
    if offset <= known.offset_ms:
        return replace(known, heard_ms=max(hub_at_ms, known.heard_ms))
    return HubTime(machine_boot, offset, max(hub_at_ms, known.heard_ms))


def correct(
    known: HubTime | None, hub_at_ms: int, *, mono_ms: int, machine_boot: str
) -> HubTime | None:
    """Take in the time of a message that the hub made just now: it corrects both ways.

    A hub whose clock was ahead for one message would else stay in the terminal until its restart.
    """
    if not is_possible(hub_at_ms):
        return known
    return HubTime(machine_boot, hub_at_ms - mono_ms, hub_at_ms)


def is_behind(known: HubTime | None, answered_ms: int, submitted_ms: int) -> bool:
    """Tell whether an answer is older than its order: then one of the two clocks was wrong."""
    return known is not None and answered_ms + _STRANGE_MS < submitted_ms


def moment(known: HubTime | None, wall_ms: int, *, mono_ms: int, machine_boot: str) -> Moment:
    """Tell the time now."""
    if known is not None and known.machine_boot == machine_boot:
        at_ms = known.offset_ms + mono_ms
        if is_possible(at_ms):
            return Moment(at_ms, mono_ms, trusted=True)
    if known is None or not is_possible(known.heard_ms):
        return Moment(wall_ms if is_possible(wall_ms) else EARLIEST_MS, mono_ms, trusted=False)
    # The hub's last word, and what has passed at least since then.
    least_ms = known.heard_ms + mono_ms
    is_likely = least_ms <= wall_ms <= least_ms + _LONGEST_OFF_MS
    return Moment(wall_ms if is_likely else least_ms, mono_ms, trusted=False)


def local(at_ms: int, zone: tzinfo) -> datetime:
    """Give Unix milliseconds as a time in the distributor's zone."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def business_date(at_ms: int, zone: tzinfo) -> date:
    """Give the distributor's day."""
    return local(at_ms, zone).date()
