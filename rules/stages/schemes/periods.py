"""Cumulative schemes: what a customer has bought in a period, with this order."""

from collections.abc import Sequence

from rules.engine.schemes.periods import scope_of
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run, nets
from rules.stages.schemes.stacking import Pool
from rules.values.rounding import PARTS, parts_of
from rules.values.units import Minor


def pool_of_period(
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
    if scheme.of == "gross":
        now = int(base)
    elif scheme.of == "net":
        now = sum(nets(lines))
    elif scheme.unit is None:
        now = sum(line.quantity for line in lines)
    else:
        now = sum(
            parts_of(line.quantity, per=size) for line, size in zip(lines, factors, strict=True)
        )
    run.bought[key] = now
    before = run.counters.bought.get(key, 0)
    return Pool(tuple(lines), before + now, factor, base, before)
