"""Takes what schemes give on several lines off each of them."""

from collections.abc import Sequence
from typing import Final

from rules.engine.schemes.bounds import Bounds
from rules.stages.run import Line, Run
from rules.stages.schemes.bounds import give
from rules.stages.schemes.slabs import BASKET_GAVE
from rules.stages.trace import Step, rule_and_amount
from rules.values.spreading import spread
from rules.values.units import Minor

_SHARED: Final = Step("basket_schemes", "share_of_basket_discount", rule_and_amount)


def take_off(
    run: Run,
    name: str,
    bounds: Bounds | None,
    *,
    amount: Minor,
    pieces: int,
    lines: Sequence[Line],
    weights: Sequence[int],
) -> list[Minor]:
    """Spread an amount earned on so many pieces over lines by weight, and tell it."""
    parts = shared_out(amount, weights, bounds)
    amount = Minor(sum(parts))
    if not amount:
        return parts
    run.rows.append((BASKET_GAVE, name, None, amount, None))
    give(run, name, bounds, amount=amount, pieces=pieces)
    for line, part in zip(lines, parts, strict=True):
        if part:
            line.line_discount = Minor(line.line_discount + part)
            run.rows.append((_SHARED, name, line.number, part, None))
    return parts


def shared_out(amount: Minor, weights: Sequence[int], bounds: Bounds | None) -> list[Minor]:
    """Spread an amount by weight, no part above its weight or the most that a line may have.

    What the most of a line cuts off is not given to other lines.
    """
    parts = spread(min(amount, Minor(sum(weights))), weights)
    if bounds is None or bounds.most_line is None:
        return parts
    return [min(part, bounds.most_line) for part in parts]
