"""Counters of schemes, and leases: the parts of total limits that terminals may give offline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rules import (
    Count,
    CounterChange,
    CounterKey,
    Minor,
    Quantity,
    Rate,
    Shared,
    half_up,
    share_down,
)
from rules.engine.schemes.benefits import Benefit

_PERCENT: Final = 10_000
"""Millionths in a percent."""

FEW: Final = 50
"""Up to so many terminals get the whole percentage of the settings."""


class LimitPart(NamedTuple):
    """So many uses, so much money, so many pieces of a scheme; 0 of what it has no limit of."""

    uses: int = 0
    amount: int = 0
    pieces: int = 0

    @property
    def as_count(self) -> Count:
        """Give the part as a counter of the scheme holds it."""
        return Count(self.uses, Minor(self.amount), pieces=Quantity(self.pieces))

    def plus(self, other: "LimitPart") -> "LimitPart":
        """Add two slices."""
        return LimitPart(*(a + b for a, b in zip(self, other, strict=True)))

    def less(self, other: "LimitPart") -> "LimitPart":
        """Take a slice off, down to nothing."""
        return LimitPart(*(max(a - b, 0) for a, b in zip(self, other, strict=True)))

    def change_from(self, before: "LimitPart") -> tuple[int, ...]:
        """Give what was added since; below zero where it was taken off."""
        return tuple(a - b for a, b in zip(self, before, strict=True))


NOTHING: Final = LimitPart()


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How much of what is left a lease is, in percent but at least one use, and for how long."""

    percent: int = 2
    hours: int = 24

    def rate(self, terminals: int) -> Rate:
        """Give how much of what is left one of so many terminals should hold.

        Where there are many it is less in proportion: else the first of them would hold all there
        is, and the others could give nothing, not even with the hub's answer.
        """
        return Rate(half_up(self.percent * _PERCENT * FEW, max(terminals, FEW)))

    @property
    def lasting_ms(self) -> int:
        """Give how long a lease lasts."""
        return self.hours * 3_600_000


def taken(change: CounterChange) -> LimitPart:
    """Give what an order took of a scheme."""
    return LimitPart(change.used, change.spent, change.pieces)


def one_use(benefit: Benefit, used: LimitPart) -> LimitPart:
    """Give what one use takes: the most of one order, else what a use took so far, at least one.

    A slice below that is good for nothing: the counter could only give a part, or nothing at all.
    """
    amount, pieces = (
        most if most is not None else half_up(taken, used.uses) if used.uses else 1
        for most, taken in ((benefit.amount, used.amount), (benefit.pieces, used.pieces))
    )
    return LimitPart(1, max(amount, 1), max(pieces, 1))


def renewed(
    bound: Shared, gone: LimitPart, own: LimitPart, *, rate: Rate, least: LimitPart
) -> LimitPart:
    """Give what a terminal should hold; `gone` is what orders used and other terminals hold.

    What it holds it keeps, less only where a new rule pack gives less in all. It should have
    `least`, what one use takes, as long as there is so much. Where something that is limited is
    used up, nothing of the scheme can be given, and nothing is held.
    """
    limits = (bound.uses, bound.amount, bound.pieces)
    parts = []
    for most, used, held, one in zip(limits, gone, own, least, strict=True):
        left = 0 if most is None else max(most - used, 0)
        if most is not None and not left:
            return NOTHING
        fair = max(share_down(Minor(left), rate), one)
        parts.append(min(max(held, fair), left))
    return LimitPart(*parts)


def is_low(own: LimitPart, fair: LimitPart, least: LimitPart) -> bool:
    """Tell whether less than half of what a terminal should hold is left, or less than one use.

    More than all that it should hold is as wrong: a new rule pack gives less.
    """
    return any(
        2 * held < wanted or held < min(one, wanted) or held > wanted
        for held, wanted, one in zip(own, fair, least, strict=True)
    )


@dataclass(slots=True)
class Leased:
    """Leases while orders are decided: of all terminals together, and of each that orders.

    `spent` is what these orders took out of leases.
    """

    together: dict[CounterKey, LimitPart] = field(default_factory=dict)
    own: dict[tuple[str, *CounterKey], LimitPart] = field(default_factory=dict)
    spent: dict[CounterKey, LimitPart] = field(default_factory=dict)

    def of_others(self, terminal: str | None) -> Mapping[CounterKey, LimitPart]:
        """Give what an order of a terminal may not touch; of no terminal, all that is leased."""
        if terminal is None:
            return self.together
        own = {key: self.own.get((terminal, *key)) for key in self.together}
        return {
            key: whole if (held := own[key]) is None else whole.less(held)
            for key, whole in self.together.items()
        }

    def spend(self, terminal: str, change: CounterChange) -> None:
        """Have an order take from its own terminal's lease first."""
        key = change.key
        before = self.own.get((terminal, *key))
        if before is None:
            return
        after = before.less(taken(change))
        gone = before.less(after)
        self.own[terminal, *key] = after
        self.together[key] = self.together[key].less(gone)
        self.spent[key] = self.spent.get(key, NOTHING).plus(gone)
