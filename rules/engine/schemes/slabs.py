"""What slabs give, as functions made once when a pack is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from rules.values.rounding import ALL, extend_per, share_of_part
from rules.values.units import Minor, Rate, UnitPrice

_MOST_KEPT: Final = 10_000


class Earning(Protocol):
    """What a scheme takes off: of a count, so many of which make one of its units, and a base.

    `before` is what of the count was bought earlier in a period: it reaches slabs, and the base is
    that of the rest.
    """

    def __call__(self, count: int, factor: int, base: Minor, *, before: int = 0) -> Minor:
        """Give the amount."""


class Slab(NamedTuple):
    """From this count on: a share of the base, an amount, or down to a price, at most `cap`.

    The price is for one of what is counted; where the goods cost less, it gives nothing.

    What is counted above `end` earns nothing; with `gate` the slab gives nothing at all above it.
    """

    start: int
    percent: Rate | None
    amount: Minor
    price: UnitPrice | None
    cap: Minor | None
    end: int | None = None
    gate: bool = False


@lru_cache(_MOST_KEPT)
def earning(slabs: tuple[Slab, ...], *, marginal: bool, counts_pieces: bool, scale: int) -> Earning:
    """Make the function that says what the slabs take off, never more than the base.

    Schemes with the same slabs share it: the fewer the functions, the more stay in fast memory.
    `scale` is the currency's: what a slab's own price comes to is rounded to it.
    """
    if marginal:
        return _marginal(slabs, first=1 if counts_pieces else 0, scale=scale)
    return _whole(slabs, scale)


@dataclass(frozen=True, slots=True)
class Steps:
    """Slabs of nothing but shares: where they start, and the rates from there on.

    `rates` begins with the rate below the first start, which is nothing.
    """

    starts: tuple[int, ...]
    rates: tuple[Rate, ...]


@lru_cache(_MOST_KEPT)
def steps_of(slabs: tuple[Slab, ...]) -> Steps | None:
    """Give slabs of a count in base units as steps, None where they are more than that.

    Nearly all schemes are so, and they need no function to be called.
    """
    rates = [slab.percent for slab in slabs if slab.percent is not None and _is_plain(slab)]
    if len(rates) < len(slabs):
        return None
    return _shared(tuple(slab.start for slab in slabs), (Rate(0), *rates))


@lru_cache(_MOST_KEPT)
def _shared(starts: tuple[int, ...], rates: tuple[Rate, ...]) -> Steps:
    return Steps(starts, rates)


def slabs_around(slabs: Sequence[Slab], count: int, factor: int) -> tuple[Slab | None, Slab | None]:
    """Give the slab that a count reaches, and the one ahead if half of the way to it is passed."""
    reached = None
    for slab in slabs:
        start = slab.start * factor
        if start > count:
            return reached, slab if 2 * count > start else None
        reached = slab
    return reached, None


def is_closed(slabs: Sequence[Slab], count: int, factor: int) -> bool:
    """Tell whether a gate shuts a count out; only whole pack sizes above it do."""
    reached, _ = slabs_around(slabs, count, factor)
    return reached is not None and _shuts(reached, count // factor)


def _is_plain(slab: Slab) -> bool:
    percent = slab.percent or 0
    return percent <= ALL and slab.price is None and slab.cap is None and slab.end is None


def _whole(slabs: Sequence[Slab], scale: int) -> Earning:
    def earn(count: int, factor: int, base: Minor, *, before: int = 0) -> Minor:
        slab, _ = slabs_around(slabs, count, factor)
        if slab is None or count <= before or _shuts(slab, count // factor):
            return Minor(0)
        part = max(_within(slab, count, factor) - before, 0)
        taken = _taken(slab, part, count - before, factor=factor, base=base, scale=scale)
        if before and slab.amount:
            # An amount is for the whole count, and what was bought before has had its own.
            had, _ = slabs_around(slabs, before, factor)
            taken = Minor(max(taken - had.amount, 0)) if had is not None else taken
        return min(taken, base)

    return earn


def _marginal(slabs: Sequence[Slab], *, first: int, scale: int) -> Earning:
    """Let every slab give on its own pieces: the tenth is the `first` of `from: 10`."""

    def earn(count: int, factor: int, base: Minor, *, before: int = 0) -> Minor:
        amount = 0
        for place, slab in enumerate(slabs):
            if slab.start * factor > count or count <= before:
                break
            upper = _within(slab, count, factor)
            if place + 1 < len(slabs):
                upper = min(upper, (slabs[place + 1].start - first) * factor)
            if before and slab.amount and slab.start * factor <= before:
                continue
            part = max(upper - max((slab.start - first) * factor, before), 0)
            amount += _taken(slab, part, count - before, factor=factor, base=base, scale=scale)
        return min(Minor(amount), base)

    return earn


def _shuts(slab: Slab, units: int) -> bool:
    return slab.gate and slab.end is not None and units > slab.end


def _within(slab: Slab, count: int, factor: int) -> int:
    if slab.end is None or slab.gate:
        return count
    return min(count, slab.end * factor)


def _taken(slab: Slab, part: int, count: int, *, factor: int, base: Minor, scale: int) -> Minor:
    """Give what a slab takes off on a part of what is counted."""
    amount = slab.amount
    if slab.price is not None:
        worth = share_of_part(base, ALL, part=part, whole=count)
        due = extend_per(slab.price, part, per=factor, scale=scale)
        amount = Minor(max(worth - due, 0))
    elif slab.percent is not None:
        amount = share_of_part(base, slab.percent, part=part, whole=count)
    return amount if slab.cap is None else min(amount, slab.cap)
