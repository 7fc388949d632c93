"""Line schemes: slabs on one line's quantity or value."""

from bisect import bisect_right
from collections.abc import Iterator

from rules.engine.errors import RuleFailedError
from rules.engine.result import NearMiss
from rules.engine.schemes.slabs import slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.run import ZERO, Line, Run, factor_of
from rules.stages.schemes.bounds import give, is_used_up
from rules.stages.schemes.slabs import (
    LINE_GAVE,
    benefit_of,
    count_more,
    earned_on,
    money_more,
    near_miss,
)
from rules.stages.schemes.stacking import Contest, Pool, Stack
from rules.stages.taxes import untaxed
from rules.values.rounding import share
from rules.values.units import Minor


class _Judged:
    """A line, its gross amount as it was, the schemes that hold, and what each gives by itself."""

    __slots__ = ("amounts", "gross", "line", "schemes")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.gross = line.gross
        self.schemes: list[SlabScheme] = []
        self.amounts: list[Minor] = []


def apply_line_schemes(run: Run) -> None:
    """Give every line the discounts it has earned; together never more than its gross."""
    mine = run.side.line_schemes
    if not mine:
        return
    run.begin_stage()
    table = run.pack.line_schemes
    compounds = run.pack.stacking.compounds
    contest = Contest(run, "line_schemes")
    judged: list[_Judged] = []
    for line in run.sold:
        mask = mine & line.goods.line_schemes if line.goods is not None else 0
        if not mask:
            continue
        found = _judge(run, line, table.holding(mask))
        judged.append(found)
        won = contest.winners(found.amounts, found.schemes, line=line.number)
        _apply(run, found, won, stack=Stack(run) if compounds else None)
    run.nearly.append(lambda done: _near_misses(done, judged))


def _judge(run: Run, line: Line, schemes: list[SlabScheme]) -> _Judged:
    """Keep the schemes whose conditions hold, and find what each of them gives by itself."""
    quantity, gross = line.quantity, line.gross
    judged = _Judged(line)
    holding, amounts = judged.schemes, judged.amounts
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
                continue
        steps = scheme.steps
        if steps is not None:
            count = quantity if scheme.of == "qty" else gross
            rate = steps.rates[bisect_right(steps.starts, count)]
            amounts.append(share(gross, rate) if rate else ZERO)
        elif _may_give(run, line, scheme):
            pool = _pool(run, line, scheme)
            amount = earned_on(run, scheme, pool, stage="line_schemes", line=line.number)
            amounts.append(amount)
        else:
            continue
        holding.append(scheme)
    return judged


def _may_give(run: Run, line: Line, scheme: SlabScheme) -> bool:
    """Tell whether a scheme's unit fits the product and its limits leave anything."""
    return bool(factor_of(scheme.unit, line.product)) and not is_used_up(
        run, scheme.id, scheme.bounds, stage="line_schemes"
    )


def _pool(run: Run, line: Line, scheme: SlabScheme) -> Pool:
    count = _count(run, line, scheme, gross=line.gross)
    return Pool((line,), count, factor_of(scheme.unit, line.product), line.gross)


def _count(run: Run, line: Line, scheme: SlabScheme, *, gross: Minor) -> int:
    if scheme.of == "qty":
        return line.quantity
    return untaxed(run, line, gross) if scheme.untaxed else gross


def _apply(run: Run, judged: _Judged, won: list[int], *, stack: Stack | None) -> None:
    line, schemes, amounts = judged.line, judged.schemes, judged.amounts
    rows, number, left = run.rows, line.number, line.gross
    for place in won:
        scheme, amount = schemes[place], amounts[place]
        if stack is not None:
            amount = stack.amount((amount, scheme, _pool(run, line, scheme)))
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


def _near_misses(run: Run, judged: list[_Judged]) -> Iterator[NearMiss]:
    """Name the slabs of which half of the way is passed."""
    for found in judged:
        line = found.line
        for scheme in found.schemes:
            factor = factor_of(scheme.unit, line.product)
            count = _count(run, line, scheme, gross=found.gross)
            _, ahead = slabs_around(scheme.slabs, count, factor)
            if ahead is not None:
                short = ahead.start * factor - count
                product = line.product.name if line.product else line.sku
                by_count = scheme.of == "qty"
                more = (count_more if by_count else money_more)(short, product=product)
                benefit = benefit_of(scheme, ahead)
                yield near_miss(scheme.id, line.number, more=more, benefit=benefit)
