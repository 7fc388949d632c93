"""What time it is: the hub's, carried on by the monotonic clock; else the device's own, untrusted.

A counter computer without a battery clock starts years in the past.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class HubTime:
    """The hub's time as `offset_ms` to the monotonic clock of one run of the machine."""

    machine_boot: str
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with both clocks; `trusted` where the hub vouches for it."""

    at_ms: int
    mono_ms: int
    trusted: bool


def learn(known: HubTime | None, hub_at_ms: int, *, mono_ms: int, machine_boot: str) -> HubTime:
    """Take a message's time in.

    A message can be late (the hub repeats stored answers byte for byte) but never early, so within
    one run of the machine the largest offset seen is the best.
    """
    offset = hub_at_ms - mono_ms
    if known is not None and known.machine_boot == machine_boot:
        offset = max(offset, known.offset_ms)
    return HubTime(machine_boot, offset)


def moment(known: HubTime | None, wall_ms: int, *, mono_ms: int, machine_boot: str) -> Moment:
    """Tell the time now."""
    if known is not None and known.machine_boot == machine_boot:
        return Moment(max(0, mono_ms + known.offset_ms), mono_ms, trusted=True)
    return Moment(max(0, wall_ms), mono_ms, trusted=False)


def local(at_ms: int, zone: tzinfo) -> datetime:
    """Give Unix milliseconds as a time in the distributor's zone."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def business_date(at_ms: int, zone: tzinfo) -> date:
    """Give the distributor's day."""
    return local(at_ms, zone).date()
