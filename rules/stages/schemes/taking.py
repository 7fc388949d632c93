"""Takes what a scheme gives on several lines off each of them."""

from collections.abc import Sequence

from rules.engine.tables import Bounds
from rules.stages.run import Line, Run
from rules.stages.schemes.bounds import give
from rules.values.spreading import spread
from rules.values.units import Minor


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
    text = f"{name} takes off {run.money(amount)}"
    run.explain("basket_schemes", "scheme_applied", text, rule=name, amount=amount)
    give(run, name, bounds, amount=amount)
    parts = spread(amount, weights)
    for line, part in zip(lines, parts, strict=True):
        if part:
            line.line_discount = Minor(line.line_discount + part)
            run.explain(
                "basket_schemes",
                "share_of_basket_discount",
                f"{run.money(part)} of {name}",
                rule=name,
                line=line.number,
                amount=part,
            )
    return parts
