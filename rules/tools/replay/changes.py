"""What a change of rules does to orders: by rule, by order and in all, as records."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from rules.engine.result import Outcome
from rules.tools.schema.documents import PackName
from rules.values.units import Minor, Quantity

NO_MONEY: Final = Minor(0)
NO_UNITS: Final = Quantity(0)


class Effect(NamedTuple):
    """What a rule did: money that it moves, units that it gives free, and what these are worth."""

    money: int = 0
    units: int = 0
    worth: int = 0

    def plus(self, other: "Effect") -> "Effect":
        """Add what it did elsewhere."""
        return Effect(*(one + more for one, more in zip(self, other, strict=True)))


Effects = dict[str, Effect]
"""What each rule did, by its id."""

NO_EFFECT: Final = Effect()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What one rule adds to what is to pay, less what it takes off, and the units it gives free.

    `worth` is what these units cost the distributor, or where that is not known their list price:
    a scheme that gives 2 of 5.00 instead of 1 moves nothing to pay and 5.00 of worth. `text` is
    what people call the rule, empty where it has none.
    """

    rule: str
    before: Minor
    after: Minor
    free_before: Quantity
    free_after: Quantity
    worth_before: Minor = NO_MONEY
    worth_after: Minor = NO_MONEY
    text: str = ""

    @property
    def size(self) -> int:
        """Give how much money and goods move, whichever way."""
        return _size(self)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """One order that comes out otherwise: what is to pay, the worth of its free goods, and why.

    People know it as `called`, by its number and its shop; empty where nobody said.
    """

    order: str
    outcome_before: Outcome
    outcome_after: Outcome
    payable_before: Minor
    payable_after: Minor
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    worth_before: Minor = NO_MONEY
    worth_after: Minor = NO_MONEY
    called: str = ""

    @property
    def size(self) -> int:
        """Give how much money and goods move, whichever way.

        Where only the outcome differs, as by another credit rule, that is what was to pay.
        """
        moved = _size(self) or sum(one.size for one in self.rules)
        return moved or (self.outcome_before != self.outcome_after) * self.payable_before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two packs over the same orders.

    `rules` are those that give otherwise, the largest difference first; `biggest` are the ten
    orders of which money and free goods move most. An order has `changed` where its amounts, its
    goods or its outcome have. `held` are orders that were accepted and would be held or rejected,
    `released` those that were not and would be accepted, each with what they come to.
    """

    format: int
    before: PackName
    after: PackName
    currency: str
    scale: int
    orders: int
    changed: int
    payable_before: Minor
    payable_after: Minor
    rules: tuple[RuleChange, ...]
    biggest: tuple[OrderChange, ...]
    held: int = 0
    worth_before: Minor = NO_MONEY
    worth_after: Minor = NO_MONEY
    units_before: Quantity = NO_UNITS
    units_after: Quantity = NO_UNITS
    held_payable: Minor = NO_MONEY
    released: int = 0
    released_payable: Minor = NO_MONEY


def _size(change: RuleChange | OrderChange) -> int:
    if isinstance(change, RuleChange):
        money = change.after - change.before
    else:
        money = change.payable_after - change.payable_before
    return abs(money) + abs(change.worth_after - change.worth_before)
