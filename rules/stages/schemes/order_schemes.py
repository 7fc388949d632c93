"""Order schemes: slabs on the order's value, spread over the lines that earned them."""

from collections.abc import Iterator
from typing import Final

from rules.engine.index import places
from rules.engine.result import NearMiss
from rules.engine.schemes.slabs import slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.quantities import orderable
from rules.stages.run import Foresight, Line, Run, nets
from rules.stages.schemes.bounds import give, is_used_up
from rules.stages.schemes.counting import money_of
from rules.stages.schemes.slabs import (
    ORDER_GAVE,
    benefit_of,
    earned_on,
    is_offered,
    near_miss,
    pieces_for,
    pool_key,
    ways_in_stock,
)
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import shared_out
from rules.stages.trace import Step, rule_and_amount
from rules.values.units import Minor

_SHARED: Final = Step("spread", "share_of_order_discount", rule_and_amount)


def apply_order_schemes(run: Run) -> None:
    """Give the order what its value earned; every scheme counts the value before all of them."""
    table = run.pack.order_schemes
    mine = run.side.order_schemes
    if not mine or not run.sold:
        return
    run.begin_stage()
    earning = _lines_by_scheme(run, mine)
    candidates: list[Candidate] = []
    for place in places(mine):
        lines = earning.get(place)
        candidate = _earned(run, table.rules[place], lines) if lines else None
        if candidate is not None:
            candidates.append(candidate)
    stack = Stack(run)
    for winner in Contest(run, "order_schemes").winning_pools(candidates):
        _apply(run, winner, stack)


def _lines_by_scheme(run: Run, mine: int) -> dict[int, list[Line]]:
    table = run.pack.order_schemes
    if not table.by_product:
        return dict.fromkeys(places(mine), run.sold)
    earning: dict[int, list[Line]] = {}
    for line in run.sold:
        if line.goods is not None:
            for place in places(mine & line.goods.order_schemes):
                earning.setdefault(place, []).append(line)
    return earning


def _earned(run: Run, scheme: SlabScheme, lines: list[Line]) -> Candidate | None:
    if not run.holds_true(scheme.id, scheme.condition):
        return None
    if is_used_up(run, scheme.id, scheme.bounds, stage="order_schemes"):
        return None
    base = Minor(sum(nets(lines)))
    count = money_of(run, scheme, lines)
    run.counted[pool_key(scheme, lines)] = count
    reached, ahead = slabs_around(scheme.slabs, count, 1)
    pool = Pool(tuple(lines), count, 1, base)
    if ahead is not None and is_offered(scheme, reached, ahead):
        short = ahead.start - count
        run.nearly.append(lambda foresight: _near(foresight, scheme, pool, short=short))
    if reached is None:
        return None
    amount = earned_on(run, scheme, pool, stage="order_schemes")
    return Candidate(amount, scheme, pool) if amount else None


def _near(foresight: Foresight, scheme: SlabScheme, pool: Pool, *, short: int) -> list[NearMiss]:
    """Tell what an order nearly earned, if it does with more of one of its first lines."""
    for way in ways_in_stock(foresight, _ways(foresight.run, pool, short)):
        trial = foresight.tried((way,), scheme.id, whole=True)
        if trial is None or trial.gain(scheme.id).money <= 0:
            continue
        counted = trial.counted.get(pool_key(scheme, pool.lines), 0)
        reached, _ = slabs_around(scheme.slabs, counted, 1)
        if reached is not None and counted >= pool.counted + short:
            more = ["more.order", {"amount": short}]
            return [near_miss(scheme.id, None, more=more, benefit=benefit_of(scheme, reached))]
    return []


def _ways(run: Run, pool: Pool, short: int) -> Iterator[tuple[Line, int]]:
    """Give lines and how much more of each may be ordered that is worth so much more."""
    for line in pool.lines:
        if not line.is_cut:
            for pieces in pieces_for(short, line, of="net", scale=run.pack.scale):
                yield line, orderable(run, line, pieces)


def _apply(run: Run, candidate: Candidate, stack: Stack) -> None:
    _, scheme, pool = candidate
    lines = pool.lines
    parts = shared_out(stack.amount(candidate), nets(lines), scheme.bounds)
    amount = Minor(sum(parts))
    if not amount:
        return
    rows = run.rows
    rows.append((ORDER_GAVE, scheme.id, None, amount, None))
    give(run, scheme.id, scheme.bounds, amount=amount, pieces=pool.pieces)
    compounds = run.pack.stacking.compounds
    for line, part in zip(lines, parts, strict=True):
        if part:
            line.order_discount = Minor(line.order_discount + part)
            rows.append((_SHARED, scheme.id, line.number, part, None))
            if compounds:
                stack.add(line, part)
