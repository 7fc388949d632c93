"""Basket schemes: slabs on what several lines come to together."""

from collections.abc import Iterator, Sequence
from typing import Any

from rules.engine.index import places
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.schemes.targets import Target
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run, factor_of, names_meant
from rules.stages.schemes.bounds import is_used_up, within
from rules.stages.schemes.counting import moved_to, pool_of, weights_of
from rules.stages.schemes.slabs import benefit_of, count_more, earned_on, miss, money_more
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import take_off


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


def _earned(run: Run, scheme: SlabScheme, lines: list[Line]) -> Candidate | None:
    if not run.holds_true(scheme.id, scheme.condition):
        return None
    pool = pool_of(run, scheme, lines)
    if is_used_up(run, scheme.id, scheme.bounds, stage="basket_schemes"):
        return None
    reached, ahead = slabs_around(scheme.slabs, pool.counted, pool.factor)
    if ahead is not None:
        short = ahead.start * pool.factor - pool.counted
        more = _more(scheme, pool, short)
        miss(run, scheme.id, more=more, benefit=_benefit(run, scheme, ahead))
    if reached is None:
        return None
    if scheme.target is not None:
        counted, pool = (
            pool,
            moved_to(pool, _goods(run, scheme, lines), scheme, target=scheme.target),
        )
        _note_target(run, scheme, scheme.target, reached=reached, counted=counted, given=pool)
    amount = earned_on(run, scheme, pool, stage="basket_schemes")
    return (amount, scheme, pool) if amount else None


def _goods(run: Run, scheme: SlabScheme, counted: Sequence[Line]) -> Sequence[Line]:
    """Give the lines that have the discount: those that the scheme names, or those it counts."""
    if scheme.target is None or not scheme.target.when:
        return counted
    targets, schemes = run.pack.targets.rules, run.pack.basket_schemes.rules
    return [
        line
        for line in run.sold
        if line.goods is not None
        and any(schemes[targets[place]] is scheme for place in places(line.goods.targets))
    ]


def _benefit(run: Run, scheme: SlabScheme, slab: Slab) -> list[Any]:
    """Say what a slab gives, and on what where that is not what it counts."""
    benefit, target = benefit_of(scheme, slab), scheme.target
    if target is None:
        return benefit
    params: dict[str, Any] = {"benefit": benefit}
    if target.when:
        params["parts"] = [names_meant(run.facts, target.when)]
    if target.pieces is None:
        return ["benefit.on_goods", params]
    params["count"] = target.pieces
    return ["benefit.on_pieces" if target.when else f"benefit.on_{target.pick}", params]


def _note_target(
    run: Run, scheme: SlabScheme, target: Target, *, reached: Slab, counted: Pool, given: Pool
) -> None:
    """Note what is lacking of what would have the discount, or of a further count that gives it."""
    benefit = _benefit(run, scheme, reached)
    if target.when and not given.parts and target.every is None:
        parts = [names_meant(run.facts, target.when)]
        more = ["more.set", {"count": target.pieces or 1, "parts": parts}]
        miss(run, scheme.id, more=more, benefit=benefit)
        return
    short, step = _to_next(target, reached, counted)
    if 0 < 2 * short < step + 1:
        miss(run, scheme.id, more=_more(scheme, counted, short), benefit=benefit)


def _to_next(target: Target, reached: Slab, counted: Pool) -> tuple[int, int]:
    """Give how much more is to be counted until one more piece has it, and the whole way there."""
    if target.pieces is None:
        return 0, 0
    if target.every is None:
        beyond = counted.counted - reached.start
        return (1, 1) if target.pick == "next" and beyond < target.pieces else (0, 0)
    every = target.every * counted.factor
    if target.pick != "next":
        return every - counted.counted % every, every
    after = counted.counted % (every + target.pieces)
    return max(every + 1 - after, 1), every + 1


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
    amount = stack.amount((pool.earn(scheme, pool.base), scheme, pool))
    parts = take_off(
        run,
        scheme.id,
        scheme.bounds,
        amount=within(
            run, scheme.id, scheme.bounds, amount=amount, pieces=pieces, stage="basket_schemes"
        ),
        pieces=pieces,
        lines=lines,
        weights=weights_of(pool),
    )
    for line, part in zip(lines, parts, strict=True):
        stack.add(line, part)
