"""Line schemes: slabs on one line's quantity or value."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from rules.engine.errors import RuleFailedError
from rules.engine.result import NearMiss
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.run import ZERO, Line, Run, factor_of
from rules.stages.schemes.bounds import give, is_used_up
from rules.stages.schemes.slabs import LINE_GAVE, describe, earned_on
from rules.stages.schemes.stacking import Candidate, Pool, Stack, winners
from rules.values.rounding import share
from rules.values.units import Minor

_Judged = tuple[Line, Minor, Sequence[SlabScheme]]
"""A line, its gross amount as it was, and the schemes whose conditions held."""


def apply_line_schemes(run: Run) -> None:
    """Give every line the discounts it has earned; together never more than its gross."""
    mine = run.side.line_schemes
    if not mine:
        return
    run.begin_stage()
    table = run.pack.line_schemes
    compounds = run.pack.stacking.compounds
    judged: list[_Judged] = []
    for line in run.sold:
        mask = mine & line.goods.line_schemes if line.goods is not None else 0
        if not mask:
            continue
        schemes = table.holding(mask)
        found = _judge(run, line, schemes)
        judged.append((line, line.gross, schemes))
        if found:
            won = winners(run, found, stage="line_schemes", line=line.number)
            _apply(run, line, won, stack=Stack(run) if compounds else None)
    run.nearly.append(lambda: _near_misses(run, judged))


def _judge(run: Run, line: Line, schemes: list[SlabScheme]) -> list[Candidate]:
    """Find what every scheme gives by itself, and drop those whose conditions do not hold."""
    quantity, gross = line.quantity, line.gross
    found: list[Candidate] = []
    failed: list[SlabScheme] = []
    values = None
    for scheme in schemes:
        condition = scheme.condition
        if condition is not None:
            try:
                values = values or run.values(line)
                holds = condition(values)
            except Exception as error:
                raise RuleFailedError(scheme.id) from error
            if not holds:
                failed.append(scheme)
                continue
        steps = scheme.steps
        if steps is not None:
            starts, rates = steps
            rate = rates[bisect_right(starts, quantity if scheme.of == "qty" else gross)]
            amount = share(gross, rate) if rate else ZERO
            if amount:
                found.append((amount, scheme, None))
        elif not _judge_bounded(run, line, scheme, found=found):
            failed.append(scheme)
    for scheme in failed:
        schemes.remove(scheme)
    return found


def _judge_bounded(run: Run, line: Line, scheme: SlabScheme, *, found: list[Candidate]) -> bool:
    """Find what a scheme gives of whole pack sizes and within its bounds."""
    if not factor_of(scheme.unit, line.product):
        return False
    if is_used_up(run, scheme.id, scheme.bounds, stage="line_schemes"):
        return False
    pool = _pool(line, scheme)
    amount = earned_on(run, scheme, pool, stage="line_schemes", line=line.number)
    if amount:
        found.append((amount, scheme, None))
    return True


def _pool(line: Line, scheme: SlabScheme) -> Pool:
    count = line.quantity if scheme.of == "qty" else line.gross
    return Pool((line,), count, factor_of(scheme.unit, line.product), line.gross)


def _apply(run: Run, line: Line, won: Sequence[Candidate], *, stack: Stack | None) -> None:
    rows, number = run.rows, line.number
    left = line.gross
    for alone, scheme, _ in won:
        amount = alone
        if stack is not None:
            amount = stack.amount((alone, scheme, _pool(line, scheme)))
        amount = min(amount, left)
        if not amount:
            continue
        left = Minor(left - amount)
        if scheme.bounds is not None:
            give(run, scheme.id, scheme.bounds, amount=amount, pieces=line.quantity)
        if stack is not None:
            stack.add(line, amount)
        rows.append((LINE_GAVE, scheme.id, number, amount, None))
    line.line_discount = Minor(line.gross - left)


def _near_misses(run: Run, judged: Sequence[_Judged]) -> Iterator[NearMiss]:
    """Name the slabs of which half of the way is passed."""
    for line, gross, schemes in judged:
        for scheme in schemes:
            factor = factor_of(scheme.unit, line.product)
            count = line.quantity if scheme.of == "qty" else gross
            _, ahead = slabs_around(scheme.slabs, count, factor)
            if ahead is not None:
                short = ahead.start * factor - count
                text = _almost(run, scheme, line, ahead=ahead, short=short)
                yield NearMiss(scheme.id, line.number, text)


def _almost(run: Run, scheme: SlabScheme, line: Line, *, ahead: Slab, short: int) -> str:
    name = line.product.name if line.product else line.sku
    more = str(short) if scheme.of == "qty" else f"{run.money(short)} worth"
    return f"{more} more of {name} and you get {describe(run, scheme, ahead)}"
