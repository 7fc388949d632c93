"""Order schemes: slabs on the order's value, spread over the lines that earned them."""

from typing import Final

from rules.engine.index import places
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run, nets
from rules.stages.schemes.bounds import give, is_used_up
from rules.stages.schemes.counting import money_of
from rules.stages.schemes.slabs import ORDER_GAVE, benefit_of, earned_on, is_offered, miss
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.schemes.taking import shared_out, taken_by
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
        candidate = _earned(run, table.rules[place], lines, others=candidates) if lines else None
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


def _earned(
    run: Run, scheme: SlabScheme, lines: list[Line], *, others: list[Candidate]
) -> Candidate | None:
    if not run.holds_true(scheme.id, scheme.condition):
        return None
    if is_used_up(run, scheme.id, scheme.bounds, stage="order_schemes"):
        return None
    base = Minor(sum(nets(lines)))
    count = money_of(run, scheme, lines)
    reached, ahead = slabs_around(scheme.slabs, count, 1)
    pool = Pool(tuple(lines), count, 1, base)
    if ahead is not None and is_offered(scheme, reached, ahead):
        _note_miss(run, (scheme, ahead, pool), others)
    if reached is None:
        return None
    amount = earned_on(run, scheme, pool, stage="order_schemes")
    return Candidate(amount, scheme, pool) if amount else None


def _note_miss(run: Run, asked: tuple[SlabScheme, Slab, Pool], others: list[Candidate]) -> None:
    """Note that so much more would earn what a slab gives, if it does beside all others."""
    scheme, slab, pool = asked
    values = run.values() if scheme.condition is not None else None
    at, short = len(others), slab.start - pool.counted
    base = Minor(pool.base + -(-short * pool.base // pool.counted))

    def holds(done: Run) -> bool:
        trial = done.with_more(short, values)
        trial.given.pop(scheme.id, None)
        if not trial.holds_true(scheme.id, scheme.condition):
            return False
        larger = pool._replace(counted=slab.start, base=base)
        amount = earned_on(trial, scheme, larger, stage="order_schemes")
        found = Candidate(amount, scheme, larger)
        own = next((one for one in others if one[1] is scheme), None)
        beside = [*others[:at], found, *others[at + (own is not None) :]]
        contest = Contest(trial, "order_schemes")
        before, after = contest.winning_pools(others), contest.winning_pools(beside)
        return taken_by(trial, after, found) > taken_by(trial, before, own)

    more = ["more.order", {"amount": short}]
    miss(run, scheme.id, more=more, benefit=benefit_of(scheme, slab), holds=holds)


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
