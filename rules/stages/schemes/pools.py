"""Basket schemes: slabs on what several lines come to together."""

from collections.abc import Iterator
from math import lcm
from typing import Any

from rules.engine.index import places
from rules.engine.schemes.slabs import slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run, factor_of, nets
from rules.stages.schemes.bounds import is_used_up, within
from rules.stages.schemes.periods import pool_of_period
from rules.stages.schemes.slabs import benefit_of, count_more, earned_on, miss, money_more
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import take_off
from rules.values.units import Minor


def apply_basket_schemes(run: Run) -> None:
    """Give pools of lines what they have earned; every scheme counts before all of them."""
    mine = run.side.basket_schemes
    if not mine:
        return
    run.begin_stage()
    candidates = []
    for scheme, lines in _pools(run, mine):
        candidate = _earned(run, scheme, lines)
        if candidate is not None:
            candidates.append(candidate)
    stack = Stack(run)
    for winner in Contest(run, "basket_schemes").winning_pools(candidates, apart=True):
        _apply(run, winner, stack)


def _pools(run: Run, mine: int) -> Iterator[tuple[SlabScheme, list[Line]]]:
    """Give each scheme its lines, all together or product by product."""
    table = run.pack.basket_schemes
    earning: dict[int, list[Line]] = {}
    for line in run.sold:
        if line.goods is not None:
            for place in places(mine & line.goods.basket_schemes):
                if factor_of(table.rules[place].unit, line.product):
                    earning.setdefault(place, []).append(line)
    for place in sorted(earning):
        scheme = table.rules[place]
        pools: dict[str, list[Line]] = {}
        for line in earning[place]:
            pools.setdefault(line.sku if scheme.over == "sku" else "", []).append(line)
        for pool in pools.values():
            yield scheme, pool


def _pool(run: Run, scheme: SlabScheme, lines: list[Line]) -> Pool:
    """Count a pool, and say how many of what was counted make one unit of the scheme.

    Products may have cases of different sizes. Counted in the smallest part that all of them
    share, half a case of one and half a case of another are exactly one case.
    """
    base = Minor(sum(line.gross for line in lines))
    factors = [factor_of(scheme.unit, line.product) for line in lines]
    if scheme.each is not None:
        return pool_of_period(run, scheme, lines, factors=factors)
    if scheme.of == "gross":
        return Pool(tuple(lines), base, 1, base)
    if scheme.of == "net":
        return Pool(tuple(lines), sum(nets(lines)), 1, base)
    shared = lcm(*factors)
    count = sum(
        line.quantity * (shared // factor) for line, factor in zip(lines, factors, strict=True)
    )
    return Pool(tuple(lines), count, shared, base)


def _earned(run: Run, scheme: SlabScheme, lines: list[Line]) -> Candidate | None:
    if not run.holds_true(scheme.id, scheme.condition):
        return None
    pool = _pool(run, scheme, lines)
    if is_used_up(run, scheme.id, scheme.bounds, stage="basket_schemes"):
        return None
    reached, ahead = slabs_around(scheme.slabs, pool.counted, pool.factor)
    if ahead is not None:
        short = ahead.start * pool.factor - pool.counted
        more = _more(scheme, pool, short)
        miss(run, scheme.id, more=more, benefit=benefit_of(scheme, ahead))
    if reached is None:
        return None
    amount = earned_on(run, scheme, pool, stage="basket_schemes")
    return (amount, scheme, pool) if amount else None


def _more(scheme: SlabScheme, pool: Pool, short: int) -> list[Any]:
    """Say how much is short: in money, in pieces, or in packs where sizes differ."""
    sold = pool.lines[0].product
    product = sold.name if scheme.over == "sku" and sold is not None else None
    period = scheme.each or "scheme"
    if scheme.of != "qty":
        return money_more(short, product=product, period=period)
    factors = {factor_of(scheme.unit, line.product) for line in pool.lines}
    if scheme.unit is not None and (scheme.each is not None or len(factors) > 1):
        packs = -(-short // pool.factor)
        return count_more(packs, unit=scheme.unit, product=product, period=period)
    return count_more(short, product=product, period=period)


def _apply(run: Run, candidate: Candidate, stack: Stack) -> None:
    _, scheme, pool = candidate
    lines, pieces = pool.lines, pool.pieces
    # Bounds cut what is earned once, by what the pools before have left of them.
    earned = scheme.earn(pool.counted, pool.factor, pool.base, before=pool.before)
    amount = stack.amount((earned, scheme, pool))
    parts = take_off(
        run,
        scheme.id,
        scheme.bounds,
        amount=within(
            run, scheme.id, scheme.bounds, amount=amount, pieces=pieces, stage="basket_schemes"
        ),
        pieces=pieces,
        lines=lines,
        weights=[line.net for line in lines],
    )
    for line, part in zip(lines, parts, strict=True):
        stack.add(line, part)
