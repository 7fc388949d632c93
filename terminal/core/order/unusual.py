"""What is asked for once more: a quantity or a sum far above what this counter orders."""

from collections.abc import Callable
from dataclasses import dataclass

from terminal.core.order.lines import Line, OpenOrder
from terminal.core.words import Said, said


@dataclass(frozen=True, slots=True)
class Bounds:
    """Up to where nothing is asked; 0 asks never.

    `quantity` is counted in a line's own unit: with 1,000, neither 1,000 pieces nor 1,000 cases are
    asked for again, 1,001 are; of what is counted in grams, 1,000 kg. `amount` is of a whole order,
    in minor units.
    """

    quantity: int = 0
    amount: int = 0


def unusual_line(
    before: OpenOrder, after: OpenOrder, most_of: Callable[[Line], int]
) -> Said | None:
    """Ask for a line once more that an event made unusual; None where none is.

    `most_of` gives up to which count of a line nothing is asked.
    """
    # Of 500 lines a scan changes one; the others are the same objects.
    had, have = {id(line) for line in before.lines}, {id(line) for line in after.lines}
    there = {line.key: line.count for line in before.lines if id(line) not in have}
    for line in after.lines:
        if id(line) in had:
            continue
        was = there.get(line.key, 0)
        if line.count != was and _passes(was, line.count, most := most_of(line)):
            return said("order.ask_quantity", line=line.said, most=most)
    return None


def is_unusual_sum(before: int, after: int, bounds: Bounds) -> bool:
    """Tell whether an event made an order's sum unusual, in minor units."""
    return _passes(before, after, bounds.amount)


def _passes(before: int, after: int, most: int) -> bool:
    """Tell whether something passes its bound, or becomes more than twice what was above it.

    With a bound of 1,000: from 990 to 1,200 does, from 1,200 to 1,300 does not, to 12,000 does.
    """
    return 0 < most < after and (before <= most or after > 2 * before)
