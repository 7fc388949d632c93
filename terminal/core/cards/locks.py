"""How long an operator's card is locked after wrong PINs, whatever becomes of the clock."""

from dataclasses import dataclass
from typing import Final

from terminal.core.clocks import Moment

WRONG_PINS: Final = 3
LOCKED_MS: Final = 15 * 60_000


@dataclass(frozen=True, slots=True)
class Tries:
    """The wrong PINs of one card in a row, and when the last of them locked it.

    `mono_ms` counts in the machine's run `machine_boot`; `at_ms` is the hub's time, None where it
    was not known. A card that is not locked has no `machine_boot`.
    """

    wrong: int = 0
    machine_boot: str = ""
    mono_ms: int = 0
    at_ms: int | None = None


def tried_wrong(before: Tries, now: Moment, machine_boot: str) -> Tries:
    """Count one more wrong PIN; the third of them locks the card from now on."""
    wrong = before.wrong + 1
    if wrong < WRONG_PINS:
        return Tries(wrong)
    return Tries(wrong, machine_boot, now.mono_ms, now.at_ms if now.trusted else None)


def left_ms(tries: Tries, now: Moment, machine_boot: str) -> int:
    """Tell for how long a card is locked still; 0 where it is not.

    Neither a clock that is set forward nor switching the machine off makes it shorter: in another
    run of the machine it counts from that run's start, unless the hub's time says that it is over.
    """
    if not tries.machine_boot:
        return 0
    since = now.mono_ms - (tries.mono_ms if tries.machine_boot == machine_boot else 0)
    if now.trusted and tries.at_ms is not None:
        since = max(since, now.at_ms - tries.at_ms)
    return max(LOCKED_MS - since, 0)
