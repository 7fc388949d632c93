"""Takes what a scheme gives on several lines off each of them."""

from collections.abc import Sequence
from typing import Final

from rules.engine.tables import Bounds
from rules.stages.run import Line, Run
from rules.stages.schemes.bounds import give
from rules.stages.schemes.slabs import BASKET_GAVE
from rules.stages.trace import Wording
from rules.values.spreading import spread
from rules.values.units import Minor

_SHARED: Final = Wording(
    "basket_schemes",
    "share_of_basket_discount",
    lambda row, money: f"{money(row[3] or 0)} of {row[1]}",
)


def take_off(
    run: Run,
    name: str,
    bounds: Bounds | None,
    *,
    amount: Minor,
    lines: Sequence[Line],
    weights: Sequence[int],
) -> list[Minor]:
    """Spread an amount over lines by weight, no line's part above its weight, and tell it."""
    amount = min(amount, Minor(sum(weights)))
    if not amount:
        return [Minor(0)] * len(lines)
    run.rows.append((BASKET_GAVE, name, None, amount, None))
    give(run, name, bounds, amount=amount)
    parts = spread(amount, weights)
    for line, part in zip(lines, parts, strict=True):
        if part:
            line.line_discount = Minor(line.line_discount + part)
            run.rows.append((_SHARED, name, line.number, part, None))
    return parts
