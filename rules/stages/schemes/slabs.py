"""What all slab schemes share: the slab that is reached, and what it gives."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.engine.result import NearMiss, StageName
from rules.engine.tables import Slab, SlabScheme
from rules.stages.run import Run
from rules.stages.schemes.bounds import allowance
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.rounding import ALL, extend_per, share_of_part
from rules.values.units import Minor


def slabs_around(slabs: Sequence[Slab], count: int, factor: int) -> tuple[Slab | None, Slab | None]:
    """Give the slab that a count reaches, and the one ahead if half of the way to it is passed."""
    reached = None
    for slab in slabs:
        start = slab.start * factor
        if start > count:
            return reached, slab if 2 * count > start else None
        reached = slab
    return reached, None


class Counted(NamedTuple):
    """What a scheme counts, and the amount it gives a share of; `factor` is of its pack size.

    `scale` is the currency's: what a slab's own price comes to is rounded to it.
    """

    total: int
    factor: int
    base: Minor
    scale: int
    reached: Slab


def discount_of(scheme: SlabScheme, counted: Counted) -> Minor:
    """Give what a scheme takes off at the slab reached, never more than the base."""
    if scheme.marginal:
        amount = sum(_band(scheme, place, counted) for place in range(len(scheme.slabs)))
    elif _is_closed(counted):
        amount = 0
    else:
        amount = _taken(counted.reached, counted, part=_within(counted.reached, counted))
    return min(Minor(amount), counted.base)


def _is_closed(counted: Counted) -> bool:
    """Tell whether a gate shuts a count out; only whole pack sizes above it do."""
    slab = counted.reached
    return slab.gate and slab.end is not None and counted.total // counted.factor > slab.end


def _within(slab: Slab, counted: Counted) -> int:
    if slab.end is None or slab.gate:
        return counted.total
    return min(counted.total, slab.end * counted.factor)


def _band(scheme: SlabScheme, place: int, counted: Counted) -> int:
    """Give what one slab takes off its own pieces: the tenth is the first of `from: 10`."""
    slab = scheme.slabs[place]
    if slab.start * counted.factor > counted.total:
        return 0
    before = 1 if scheme.of == "qty" else 0
    upper = _within(slab, counted)
    if place + 1 < len(scheme.slabs):
        upper = min(upper, (scheme.slabs[place + 1].start - before) * counted.factor)
    lower = (slab.start - before) * counted.factor
    return _taken(slab, counted, part=upper - lower)


def _taken(slab: Slab, counted: Counted, *, part: int) -> int:
    amount = slab.amount
    if slab.price is not None:
        worth = share_of_part(counted.base, ALL, part=part, whole=counted.total)
        due = extend_per(slab.price, part, per=counted.factor, scale=counted.scale)
        amount = Minor(max(worth - due, 0))
    elif slab.percent is not None:
        amount = share_of_part(counted.base, slab.percent, part=part, whole=counted.total)
    return amount if slab.cap is None else min(amount, slab.cap)


def earned_on(
    run: Run, scheme: SlabScheme, counted: Counted, *, stage: StageName, line: int | None = None
) -> Minor:
    """Give what a scheme takes off within its bounds; says so where a gate shuts it out."""
    left = allowance(run, scheme.id, scheme.bounds, stage=stage)
    if left == 0:
        return Minor(0)
    if _is_closed(counted):
        text = f"{scheme.id} gives nothing for so much"
        run.explain(stage, "gate_closed", text, rule=scheme.id, line=line)
    amount = discount_of(scheme, counted)
    return amount if left is None else min(amount, left)


def describe(run: Run, scheme: SlabScheme, slab: Slab) -> str:
    """Write what a slab gives."""
    onward = " from there on" if scheme.marginal else ""
    if slab.price is not None:
        unit = f" a {scheme.unit}" if scheme.unit else " each"
        return f"them for {shown_unit_price(slab.price)}{unit}{onward}"
    if slab.percent is None:
        return f"{run.money(slab.amount)} off"
    return f"{shown_percent(slab.percent)} % off{onward}"


def miss(run: Run, rule: str, text: str, *, line: int | None = None) -> None:
    """Note what was almost earned."""
    run.near_misses.append(NearMiss(rule, line, text))
