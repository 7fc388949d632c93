"""Settles a return: what is credited is what the sale came to before it, less what it comes to now.

Both are worked out from all that has come back, so that the way to it does not matter: goods that
come back in two returns are credited as if they had come in one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from rules.engine.errors import RuleFailedError
from rules.engine.result import CounterChange, PricedLine, Reason, TaxPart, Totals
from rules.engine.returns import Return, ReturnedLine, ReturnResult, Sale
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.stages.returns.checking import Counts, refusals_of
from rules.stages.returns.keeping import Kept, Sold, keep
from rules.stages.returns.telling import HOLDS, told
from rules.values.reasons import Params
from rules.values.units import Minor, Quantity

NO_RETURN: Final = Return()
_ZERO: Final = Minor(0)
_NO_TOTALS: Final = Totals(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO)


def settle_return(
    sale: Sale, returned: Return, pack: CompiledPack, *, before: Return = NO_RETURN
) -> ReturnResult:
    """Settle what comes back of a sale, `before` being all that came back earlier.

    Prices and tax rates stay those of the sale. What cannot be returned is refused as a result;
    where a person has to decide, the result is a hold that says what comes of a yes.
    """
    sold = Sold(sale, pack, evaluate(sale.order, sale.facts, sale.counters, pack))
    after = Return(
        _sum(before.lines, returned.lines),
        _sum(before.free, returned.free),
        _sum(before.charged, returned.charged),
    )
    refusals = tuple(refusals_of(sold, (before, returned), after))
    if refusals:
        return _undone(sold, refusals, outcome="reject")
    try:
        return _settled(sold, returned, (keep(sold, before), keep(sold, after)))
    except RuleFailedError as error:
        params: Params = {"rule": error.rule, "then": ["failed.uncredited", {}]}
        failed = Reason("returns", "rule_failed", params, error.rule)
        return _undone(sold, (failed,), outcome="hold")


def _sum(one: Counts, other: Counts) -> dict[int, Quantity]:
    return {
        number: Quantity(one.get(number, 0) + other.get(number, 0))
        for number in sorted({*one, *other})
    }


def _undone(
    sold: Sold, reasons: tuple[Reason, ...], *, outcome: Literal["hold", "reject"]
) -> ReturnResult:
    return ReturnResult(
        outcome=outcome,
        reasons=reasons,
        lines=(),
        charges=(),
        owed=(),
        totals=_NO_TOTALS,
        changes=(),
        trace=reasons,
        sale_hash=sold.result.result_hash,
    )


def _settled(sold: Sold, returned: Return, kept: tuple[Kept, Kept]) -> ReturnResult:
    """Credit the difference between what was kept before and what is kept now."""
    had, has = kept
    totals = Totals(*_less(had.totals, has.totals))
    steps = tuple(told(sold, returned, kept))
    holds = (*has.holds, *(step for step in steps if step.code in HOLDS))
    return ReturnResult(
        outcome="hold" if holds else "accept",
        reasons=holds,
        lines=tuple(_credits(had.lines, has.lines)),
        charges=tuple(_credits(had.charges, has.charges)),
        owed=has.owed,
        totals=totals,
        changes=_given_back(had.changes, has.changes),
        trace=(*has.holds, *steps),
        sale_hash=sold.result.result_hash,
        had=had.lines,
        kept=has.lines,
    )


def _less(one: Sequence[int], other: Sequence[int]) -> list[Minor]:
    return [Minor(a - b) for a, b in zip(one, other, strict=True)]


def _credits(
    had: Mapping[int, PricedLine], has: Mapping[int, PricedLine]
) -> Iterator[ReturnedLine]:
    """Give the difference of every line that comes back or is worth something else now."""
    for number in sorted({*had, *has}):
        some = had.get(number) or has[number]
        old, new = (_amounts(lines.get(number)) for lines in (had, has))
        count = _count(had, number) - _count(has, number)
        gross, line_discount, order_discount, net, tax, total = _less(old, new)
        if not count and old == new:
            continue
        heads = [_heads(lines.get(number), some) for lines in (had, has)]
        yield ReturnedLine(
            number=number,
            sku=some.sku,
            quantity=Quantity(count),
            gross=gross,
            line_discount=line_discount,
            order_discount=order_discount,
            net=net,
            taxes=tuple(
                TaxPart(head.head, head.rate, amount)
                for head, amount in zip(some.taxes, _less(*heads), strict=True)
            ),
            tax=tax,
            total=total,
        )


def _count(lines: Mapping[int, PricedLine], number: int) -> int:
    line = lines.get(number)
    return 0 if line is None else line.quantity


def _amounts(line: PricedLine | None) -> tuple[int, ...]:
    if line is None:
        return (0,) * 6
    discounts = line.line_discount, line.order_discount
    return line.gross, *discounts, line.net, line.tax, line.total


def _heads(line: PricedLine | None, some: PricedLine) -> list[int]:
    return [part.amount for part in line.taxes] if line else [0] * len(some.taxes)


def _given_back(
    had: Sequence[CounterChange], has: Sequence[CounterChange]
) -> tuple[CounterChange, ...]:
    """Say what goes to the counters, so that they stand as if what came back was never sold."""
    before = {(one.rule, one.scope): one[2:] for one in had}
    after = {(one.rule, one.scope): one[2:] for one in has}
    changes = []
    for key in sorted({*before, *after}):
        nothing = (0,) * len(before.get(key) or after[key])
        moved = _less(after.get(key, nothing), before.get(key, nothing))
        if any(moved):
            changes.append(CounterChange._make((*key, *moved)))
    return tuple(changes)
