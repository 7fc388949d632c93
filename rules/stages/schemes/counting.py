"""What schemes over several lines count, and what they give a discount on."""

from collections.abc import Sequence
from math import lcm

from rules.engine.schemes.periods import scope_of
from rules.engine.schemes.slabs import slabs_around
from rules.engine.schemes.targets import Target
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run, factor_of, nets
from rules.stages.schemes.stacking import Pool
from rules.stages.taxes import untaxed
from rules.values.rounding import ALL, PARTS, parts_of, share_of_part
from rules.values.units import Minor


def pool_of(run: Run, scheme: SlabScheme, lines: Sequence[Line]) -> Pool:
    """Count lines together, and say how many of what was counted make one unit of the scheme.

    Products may have cases of different sizes. Counted in the smallest part that all of them
    share, half a case of one and half a case of another are exactly one case.
    """
    base = Minor(sum(line.gross for line in lines))
    factors = [factor_of(scheme.unit, line.product) for line in lines]
    if scheme.each is not None:
        return _pool_of_period(run, scheme, lines, factors=factors)
    if scheme.of != "qty":
        return Pool(tuple(lines), money_of(run, scheme, lines), 1, base)
    shared = lcm(*factors)
    count = sum(
        line.quantity * (shared // factor) for line, factor in zip(lines, factors, strict=True)
    )
    return Pool(tuple(lines), count, shared, base)


def money_of(run: Run, scheme: SlabScheme, lines: Sequence[Line]) -> int:
    """Count the money of lines, before or after their discounts, with or without included tax."""
    amounts = [line.gross for line in lines] if scheme.of == "gross" else nets(lines)
    if scheme.untaxed:
        pairs = zip(lines, amounts, strict=True)
        return sum(untaxed(run, line, Minor(amount)) for line, amount in pairs)
    return sum(amounts)


def _pool_of_period(
    run: Run, scheme: SlabScheme, lines: Sequence[Line], *, factors: Sequence[int]
) -> Pool:
    """Count these lines on top of what was bought before, and note that they count from now on.

    What the scheme gives, it gives on these lines alone.
    """
    key = (
        scheme.id,
        scope_of(run.facts.customer.id, scheme.each or "scheme", run.order.business_date),
    )
    base = Minor(sum(line.gross for line in lines))
    factor = 1 if scheme.unit is None else PARTS
    if scheme.of != "qty":
        now = money_of(run, scheme, lines)
    elif scheme.unit is None:
        now = sum(line.quantity for line in lines)
    else:
        now = sum(
            parts_of(line.quantity, per=size) for line, size in zip(lines, factors, strict=True)
        )
    run.bought[key] = now
    before = run.counters.of(key).bought
    return Pool(tuple(lines), before + now, factor, base, before)


def moved_to(pool: Pool, goods: Sequence[Line], scheme: SlabScheme, *, target: Target) -> Pool:
    """Give the same count with the goods, or some pieces of them, that have the discount.

    Pieces are the cheapest or the dearest by their price; of equal ones the first lines' are taken.
    """
    reached, _ = slabs_around(scheme.slabs, pool.counted, pool.factor)
    left = 0
    if reached is not None:
        most = target.so_many(pool.counted, pool.factor, reached.start * pool.factor)
        left = sum(line.quantity for line in goods) if most is None else most
    lines: list[Line] = []
    parts: list[int] = []
    for line in _in_turn(goods, target):
        part = min(int(line.quantity), left)
        if part:
            left -= part
            lines.append(line)
            parts.append(part)
    base = Minor(sum(_worth(line, part) for line, part in zip(lines, parts, strict=True)))
    return pool._replace(lines=tuple(lines), base=base, parts=tuple(parts))


def weights_of(pool: Pool) -> list[int]:
    """Give what is left to pay of what has the discount, line by line."""
    if pool.parts is None:
        return nets(pool.lines)
    return [
        share_of_part(line.net, ALL, part=part, whole=line.quantity)
        for line, part in zip(pool.lines, pool.parts, strict=True)
    ]


def _worth(line: Line, pieces: int) -> Minor:
    return share_of_part(line.gross, ALL, part=pieces, whole=line.quantity)


def _in_turn(goods: Sequence[Line], target: Target) -> Sequence[Line]:
    if target.pieces is None:
        return goods
    sign = -1 if target.pick == "dearest" else 1
    return sorted(goods, key=lambda line: sign * (line.unit_price or 0))
