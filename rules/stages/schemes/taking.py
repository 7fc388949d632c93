"""Takes what schemes give on several lines off each of them, or says what that would be."""

from collections.abc import Sequence
from typing import Final

from rules.engine.schemes.bounds import Bounds
from rules.stages.run import Line, Run
from rules.stages.schemes.bounds import give
from rules.stages.schemes.counting import weights_of
from rules.stages.schemes.slabs import BASKET_GAVE
from rules.stages.schemes.stacking import Candidate, Stack
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


def meeting(candidates: list[Candidate], asked: Candidate) -> list[Candidate]:
    """Give the candidates that share a line with one of them, or with another that does.

    Where a scheme counts product by product, an order of 500 lines has 500 that never meet.
    """
    numbers = {line.number for line in asked[2].lines}
    while True:
        found = [one for one in candidates if any(line.number in numbers for line in one[2].lines)]
        known = len(numbers)
        numbers.update(line.number for one in found for line in one[2].lines)
        if len(numbers) == known:
            return found


def taken_by(run: Run, winners: list[Candidate], asked: Candidate | None) -> Minor:
    """Give what a winner takes off after those before it, and nothing for one that has not won."""
    if asked is None or all(one is not asked for one in winners):
        return Minor(0)
    if not run.pack.stacking.compounds:
        return asked[0]
    stack = Stack(run)
    for candidate in meeting(winners, asked):
        _, scheme, pool = candidate
        amount = stack.amount(candidate)
        if candidate is asked:
            return amount
        parts = shared_out(amount, weights_of(pool), scheme.bounds)
        for line, part in zip(pool.lines, parts, strict=True):
            stack.add(line, part)
    return Minor(0)
