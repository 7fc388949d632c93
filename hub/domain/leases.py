"""Leases: the slices of total limits that terminals may give before the hub has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from rules import CounterChange, Minor, Rate, Shared, share_down

_PERCENT: Final = 10_000
"""Millionths in a percent."""

Key = tuple[str, str]
"""A rule and a scope: one counter."""


class Slice(NamedTuple):
    """So many uses, so much money, so many pieces of a scheme; 0 of what it has no limit of."""

    uses: int = 0
    amount: int = 0
    pieces: int = 0

    def plus(self, other: "Slice") -> "Slice":
        """Add two slices."""
        return Slice(*(a + b for a, b in zip(self, other, strict=True)))

    def less(self, other: "Slice") -> "Slice":
        """Take a slice off, down to nothing."""
        return Slice(*(max(a - b, 0) for a, b in zip(self, other, strict=True)))


NOTHING: Final = Slice()


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How much of what is left a lease is, in percent but at least one, and for how long."""

    percent: int = 2
    hours: int = 24

    @property
    def lasting_ms(self) -> int:
        """Give how long a lease lasts."""
        return self.hours * 3_600_000


def taken(change: CounterChange) -> Slice:
    """Give what an order took of a scheme."""
    return Slice(change.used, change.spent, change.pieces)


def renewed(bound: Shared, gone: Slice, own: Slice, *, percent: int) -> Slice:
    """Give what a terminal should hold; `gone` is what orders used and other terminals hold.

    What it holds it keeps, less only where a new rule pack gives less in all. Where something that
    is limited is used up, nothing of the scheme can be given, and nothing is held.
    """
    limits = (bound.uses, bound.amount, bound.pieces)
    parts = []
    for most, used, held in zip(limits, gone, own, strict=True):
        left = 0 if most is None else max(most - used, 0)
        if most is not None and not left:
            return NOTHING
        fair = max(share_down(Minor(left), Rate(percent * _PERCENT)), 1)
        parts.append(min(max(held, fair), left))
    return Slice(*parts)


def is_low(own: Slice, fair: Slice) -> bool:
    """Tell whether less than half of what a terminal should hold is left, or more than all."""
    return any(2 * held < wanted or held > wanted for held, wanted in zip(own, fair, strict=True))


@dataclass(slots=True)
class Leased:
    """Open leases while orders are decided: of all terminals together, and of each that orders."""

    together: dict[Key, Slice]
    own: dict[tuple[str, *Key], Slice]

    def of_others(self, terminal: str) -> Mapping[Key, Slice]:
        """Give what a terminal may not touch."""
        return {
            key: whole.less(self.own.get((terminal, *key), NOTHING))
            for key, whole in self.together.items()
        }

    def spend(self, terminal: str, change: CounterChange) -> None:
        """Have an order take from its own terminal's lease first."""
        key = (change.rule, change.scope)
        before = self.own.get((terminal, *key))
        if before is None:
            return
        after = before.less(taken(change))
        self.own[terminal, *key] = after
        self.together[key] = self.together[key].less(before.less(after))
