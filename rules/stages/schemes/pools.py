"""Basket schemes: slabs on what several lines come to together."""

from collections.abc import Iterator, Sequence
from typing import Any

from rules.engine.index import places
from rules.engine.result import NearMiss
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.schemes.targets import Target
from rules.engine.tables import SlabScheme
from rules.stages.quantities import orderable
from rules.stages.run import Foresight, Line, More, Run, factor_of, names_meant
from rules.stages.schemes.bounds import is_used_up, within
from rules.stages.schemes.counting import moved_to, pool_of, weights_of
from rules.stages.schemes.slabs import (
    benefit_of,
    count_more,
    earned_on,
    is_offered,
    money_more,
    more_of,
    names_to_have,
    near_miss,
    pieces_for,
    pool_key,
    ways_in_stock,
)
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import take_off


def apply_basket_schemes(run: Run) -> None:
    """Give pools of lines what they have earned; every scheme counts before all of them."""
    mine = run.side.basket_schemes
    if not mine:
        return
    run.begin_stage()
    found = (_earned(run, scheme, lines) for scheme, lines in _pools(run, mine))
    candidates = [candidate for candidate in found if candidate is not None]
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
    run.counted[pool_key(scheme, lines)] = pool.counted
    if is_used_up(run, scheme.id, scheme.bounds, stage="basket_schemes"):
        return None
    reached, ahead = slabs_around(scheme.slabs, pool.counted, pool.factor)
    if ahead is not None:
        short = ahead.start * pool.factor - pool.counted
        if is_offered(scheme, reached, ahead):
            _note_miss(run, (scheme, ahead, pool), short)
    if reached is None:
        return None
    if scheme.target is not None:
        _note_target(run, (scheme, reached, pool), scheme.target)
    return _candidate(run, scheme, pool)


def _candidate(run: Run, scheme: SlabScheme, pool: Pool) -> Candidate | None:
    """Give what a pool earns by itself, if that is anything."""
    if scheme.target is not None:
        goods = _goods(run, scheme, pool.lines)
        pool = moved_to(pool, goods, scheme, target=scheme.target)
    amount = earned_on(run, scheme, pool, stage="basket_schemes")
    return Candidate(amount, scheme, pool) if amount else None


def _note_miss(run: Run, asked: tuple[SlabScheme, Slab, Pool], short: int) -> None:
    """Note that so much more may earn what a slab gives."""
    if not any(line.is_cut for line in asked[2].lines):
        run.nearly.append(lambda foresight: _near(foresight, asked, short))


def _near(foresight: Foresight, asked: tuple[SlabScheme, Slab, Pool], short: int) -> list[NearMiss]:
    """Tell what a pool nearly earned, if it does with more of one of its first lines."""
    scheme, _, pool = asked
    goods = _lacking_goods(foresight, scheme)
    if goods is None:
        return []
    ways = list(ways_in_stock(foresight, _ways(foresight.run, scheme, pool, short=short)))
    if scheme.of == "qty":
        ways.sort(key=lambda way: _counted(scheme, pool, way[0], pieces=way[1]))
    for line, pieces in ways:
        trial = foresight.tried(((line, pieces), *goods), scheme.id)
        if trial is None or trial.gain(scheme.id).money <= 0:
            continue
        counted = trial.counted.get(pool_key(scheme, pool.lines), 0)
        reached, _ = slabs_around(scheme.slabs, counted, pool.factor)
        if reached is not None and counted >= pool.counted + short:
            grown = counted - pool.counted if scheme.over == "sku" else short
            more = _more(scheme, pool, line, pieces=pieces, money=grown)
            benefit = _benefit(foresight, scheme, reached)
            return [near_miss(scheme.id, None, more=more, benefit=benefit)]
    return []


def _ways(run: Run, scheme: SlabScheme, pool: Pool, *, short: int) -> Iterator[tuple[Line, int]]:
    """Give lines and how much more of each may be ordered that counts for so much more."""
    for line in pool.lines:
        if scheme.of != "qty":
            for pieces in pieces_for(short, line, of=scheme.of, scale=run.pack.scale):
                yield line, orderable(run, line, pieces)
            continue
        size = factor_of(scheme.unit, line.product)
        if _counts_packs(scheme, pool):
            pieces = orderable(run, line, -(-short // pool.factor) * size)
            if pieces % size == 0:
                yield line, pieces
        else:
            yield line, orderable(run, line, -(-short * size // pool.factor))


def _goods(run: Run, scheme: SlabScheme, counted: Sequence[Line]) -> Sequence[Line]:
    """Give the lines that have the discount: those that the scheme names, or those it counts."""
    if scheme.target is None or not scheme.target.when:
        return counted
    return _named(run, scheme, run.sold)


def _named(run: Run, scheme: SlabScheme, lines: Sequence[Line]) -> list[Line]:
    """Give the lines of goods that the target of a scheme names."""
    targets, schemes = run.pack.targets.rules, run.pack.basket_schemes.rules
    return [
        line
        for line in lines
        if line.goods is not None
        and any(schemes[targets[place]] is scheme for place in places(line.goods.targets))
    ]


def _benefit(foresight: Foresight, scheme: SlabScheme, slab: Slab) -> list[Any]:
    """Say what a slab gives, and on what where that is not what it counts."""
    benefit, target = benefit_of(scheme, slab), scheme.target
    if target is None:
        return benefit
    params: dict[str, Any] = {"benefit": benefit}
    if target.when:
        params["parts"] = [_names(foresight, scheme, target)]
    if target.pieces is None:
        return ["benefit.on_goods", params]
    params["count"] = target.pieces
    return ["benefit.on_pieces" if target.when else f"benefit.on_{target.pick}", params]


def _note_target(run: Run, asked: tuple[SlabScheme, Slab, Pool], target: Target) -> None:
    """Note what is lacking of what would have the discount, or of a further count that gives it."""
    scheme, reached, pool = asked
    if target.when and not _goods(run, scheme, ()):
        if not any(line.is_cut for line in _named(run, scheme, run.lines)):
            run.nearly.append(
                lambda foresight: _near_goods(foresight, scheme, reached, target=target)
            )
        return
    short, step = _to_next(target, reached, pool)
    if 0 < 2 * short < step + 1:
        _note_miss(run, asked, short)


def _near_goods(
    foresight: Foresight, scheme: SlabScheme, reached: Slab, *, target: Target
) -> list[NearMiss]:
    """Tell of goods that would have a discount and are not ordered, if their price is known."""
    goods = _lacking_goods(foresight, scheme)
    trial = foresight.tried(goods, scheme.id) if goods else None
    if not goods or trial is None or trial.gain(scheme.id).money <= 0:
        return []
    more = ["more.set", {"count": goods[0][1], "parts": [_names(foresight, scheme, target)]}]
    benefit = _benefit(foresight, scheme, reached)
    return [near_miss(scheme.id, None, more=more, benefit=benefit)]


def _names(foresight: Foresight, scheme: SlabScheme, target: Target) -> list[str]:
    """Name the goods that have a discount: all that are meant where the order has some of them."""
    run = foresight.run
    if _goods(run, scheme, ()):
        return names_meant(run.facts, target.when)
    return names_to_have(foresight, target.when, target.pieces or 1)


def _lacking_goods(foresight: Foresight, scheme: SlabScheme) -> More | None:
    """Give what the order has none of and the discount is on: nothing where it has some.

    None where no product is named that can be had: what a brand's would cost is not known.
    """
    target = scheme.target
    if target is None or not target.when or _goods(foresight.run, scheme, ()):
        return ()
    for sku in target.when.get("sku", ()):
        had = more_of(foresight, sku, target.pieces or 1)
        if had is not None:
            return (had,)
    return None


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


def _more(scheme: SlabScheme, pool: Pool, line: Line, *, pieces: int, money: int) -> list[Any]:
    """Say how much is short: in money, in pieces, or in packs where sizes differ."""
    sold = line.product
    product = sold.name if scheme.over == "sku" and sold is not None else None
    period = scheme.each or "scheme"
    if scheme.of != "qty":
        return money_more(money, product=product, period=period)
    counted = _counted(scheme, pool, line, pieces=pieces)
    unit = scheme.unit if _counts_packs(scheme, pool) else None
    return count_more(counted, unit=unit, product=product, period=period)


def _counted(scheme: SlabScheme, pool: Pool, line: Line, *, pieces: int) -> int:
    """Give so many pieces of a line as what is short is said in."""
    return pieces // factor_of(scheme.unit, line.product) if _counts_packs(scheme, pool) else pieces


def _counts_packs(scheme: SlabScheme, pool: Pool) -> bool:
    """Tell whether what is short is said in packs: of a period, or where sizes differ."""
    if scheme.unit is None:
        return False
    sizes = {factor_of(scheme.unit, line.product) for line in pool.lines}
    return scheme.each is not None or len(sizes) > 1


def _apply(run: Run, candidate: Candidate, stack: Stack) -> None:
    _, scheme, pool = candidate
    lines, pieces = pool.lines, pool.pieces
    # Bounds cut what is earned once, by what the pools before have left of them.
    amount = stack.amount(Candidate(pool.earn(scheme, pool.base), scheme, pool))
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
