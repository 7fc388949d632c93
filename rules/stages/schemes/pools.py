"""Basket schemes: slabs on what several lines come to together."""

from collections.abc import Iterator, Sequence
from typing import Any

from rules.engine.index import places
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.schemes.targets import Target
from rules.engine.tables import SlabScheme
from rules.stages.run import Given, Line, Run, factor_of, names_meant
from rules.stages.schemes.bounds import is_used_up, take_back, within
from rules.stages.schemes.counting import moved_to, pool_of, weights_of
from rules.stages.schemes.slabs import (
    benefit_of,
    count_more,
    earned_on,
    is_offered,
    miss,
    money_more,
)
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import meeting, take_off, taken_by
from rules.values.units import Minor, Quantity


class _Stage:
    """The pools of one pass: what they would give, which won, and what bounded ones gave.

    Pools are told apart by their scheme and the first line that they count.
    """

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self.found: dict[tuple[str, int], Candidate] = {}
        self.winners: list[Candidate] = []
        self.given: dict[str, list[tuple[Candidate, Given]]] = {}

    def with_other(self, own: Candidate | None, other: Candidate, at: int) -> list[Candidate]:
        """Give the candidates with another in the place of one, or as a new one at a place."""
        if own is not None:
            return [other if one is own else one for one in self.candidates]
        return [*self.candidates[:at], other, *self.candidates[at:]]


def apply_basket_schemes(run: Run) -> None:
    """Give pools of lines what they have earned; every scheme counts before all of them."""
    mine = run.side.basket_schemes
    if not mine:
        return
    run.begin_stage()
    stage = _Stage()
    for scheme, lines in _pools(run, mine):
        candidate = _earned(run, scheme, lines, stage=stage)
        if candidate is not None:
            stage.candidates.append(candidate)
            stage.found[scheme.id, lines[0].number] = candidate
    stage.winners = Contest(run, "basket_schemes").winning_pools(stage.candidates, apart=True)
    stack = Stack(run)
    for winner in stage.winners:
        _apply(run, winner, stack, stage=stage)


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


def _earned(run: Run, scheme: SlabScheme, lines: list[Line], *, stage: _Stage) -> Candidate | None:
    if not run.holds_true(scheme.id, scheme.condition):
        return None
    pool = pool_of(run, scheme, lines)
    if is_used_up(run, scheme.id, scheme.bounds, stage="basket_schemes"):
        return None
    reached, ahead = slabs_around(scheme.slabs, pool.counted, pool.factor)
    if ahead is not None:
        short = ahead.start * pool.factor - pool.counted
        if is_offered(scheme, reached, ahead):
            _note_miss(run, (scheme, ahead, pool), short, stage=stage)
    if reached is None:
        return None
    if scheme.target is not None:
        _note_target(run, (scheme, reached, pool), scheme.target, stage=stage)
    return _candidate(run, scheme, pool)


def _candidate(run: Run, scheme: SlabScheme, pool: Pool) -> Candidate | None:
    """Give what a pool earns by itself, if that is anything."""
    if scheme.target is not None:
        goods = _goods(run, scheme, pool.lines)
        pool = moved_to(pool, goods, scheme, target=scheme.target)
    amount = earned_on(run, scheme, pool, stage="basket_schemes")
    return Candidate(amount, scheme, pool) if amount else None


def _note_miss(
    run: Run, asked: tuple[SlabScheme, Slab, Pool], short: int, *, stage: _Stage
) -> None:
    """Note that so much more would earn what a slab gives."""
    scheme, slab, pool = asked
    if any(line.is_cut for line in pool.lines):
        return
    values = run.values() if scheme.condition is not None else None
    at = len(stage.candidates)

    def holds(done: Run) -> bool:
        larger = _enlarged(done, scheme, pool, short=short)
        trial = done.with_more(larger.base - pool.base, values)
        return _earns(trial, scheme, larger, stage=stage, at=at)

    more = _more(scheme, pool, short)
    miss(run, scheme.id, more=more, benefit=_benefit(run, scheme, slab), holds=holds)


def _enlarged(run: Run, scheme: SlabScheme, pool: Pool, *, short: int) -> Pool:
    """Give a pool as it would be with so much more of its first line."""
    line = pool.lines[0]
    if scheme.of == "qty":
        pieces = -(-short * factor_of(scheme.unit, line.product) // pool.factor)
    else:
        pieces = -(-short * line.quantity // line.gross)
    more = line.with_more(pieces, run.pack.scale)
    base = Minor(pool.base + more.gross - line.gross)
    return pool._replace(lines=(more, *pool.lines[1:]), counted=pool.counted + short, base=base)


def _earns(trial: Run, scheme: SlabScheme, pool: Pool, *, stage: _Stage, at: int) -> bool:
    """Tell whether a scheme takes more off a larger pool than it does, beside all others.

    `at` is its place among the candidates. Of other goods that have the discount the order is
    taken to have enough; what it has none of is told, since nobody knows what it would cost.
    """
    own = stage.found.get((scheme.id, pool.lines[0].number))
    for candidate, given in stage.given.get(scheme.id, ()):
        if candidate is own:
            take_back(trial, scheme.id, given)
    if not trial.holds_true(scheme.id, scheme.condition) or is_used_up(
        trial, scheme.id, scheme.bounds, stage="basket_schemes"
    ):
        return False
    if scheme.target is not None and scheme.target.when:
        goods = {line.number for line in _goods(trial, scheme, ())}
        if not goods:
            return _leaves_some(scheme)
        more, scale = scheme.target.pieces or 0, trial.pack.scale
        trial.sold = [
            line.with_more(more, scale) if line.number in goods else line for line in trial.sold
        ]
    found = _candidate(trial, scheme, pool)
    if found is None:
        return False
    beside = meeting(stage.with_other(own, found, at), found)
    winners = Contest(trial, "basket_schemes").winning_pools(beside, apart=True)
    return taken_by(trial, winners, found) > taken_by(trial, stage.winners, own)


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


def _leaves_some(scheme: SlabScheme) -> bool:
    """Tell whether a scheme gives part of what its limits do not pay for in full."""
    return scheme.bounds is None or not scheme.bounds.all_or_none


def _note_target(
    run: Run, asked: tuple[SlabScheme, Slab, Pool], target: Target, *, stage: _Stage
) -> None:
    """Note what is lacking of what would have the discount, or of a further count that gives it."""
    scheme, reached, pool = asked
    if target.when and not _goods(run, scheme, ()):
        if any(line.is_cut for line in _named(run, scheme, run.lines)):
            return
        parts = [names_meant(run.facts, target.when)]
        more = ["more.set", {"count": target.pieces or 1, "parts": parts}]
        benefit = _benefit(run, scheme, reached)
        miss(run, scheme.id, more=more, benefit=benefit, holds=lambda _: _leaves_some(scheme))
        return
    short, step = _to_next(target, reached, pool)
    if 0 < 2 * short < step + 1:
        _note_miss(run, asked, short, stage=stage)


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


def _apply(run: Run, candidate: Candidate, stack: Stack, *, stage: _Stage) -> None:
    _, scheme, pool = candidate
    before = run.given.get(scheme.id, Given())
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
    if scheme.bounds is not None:
        now = run.given.get(scheme.id, Given())
        amount, taken = Minor(now.amount - before.amount), Quantity(now.pieces - before.pieces)
        own = candidate, Given(scheme.bounds, amount, taken)
        stage.given.setdefault(scheme.id, []).append(own)
