"""What a return is settled from, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.engine.inputs import Counters, Facts, Order
from rules.engine.result import CounterChange, Outcome, PricedLine, Reason, TaxPart, Totals
from rules.values.units import Minor, Quantity, UnitPrice


@dataclass(frozen=True, slots=True)
class Sale:
    """An order with the facts and counters it was decided with, as they were kept."""

    order: Order
    facts: Facts
    counters: Counters = field(default_factory=Counters)


@dataclass(frozen=True, slots=True)
class Return:
    """Base units that come back, by the numbers of lines and of free goods.

    `charged` are free goods that the customer does not give back and pays for instead.
    """

    lines: Mapping[int, Quantity] = field(default_factory=dict)
    free: Mapping[int, Quantity] = field(default_factory=dict)
    charged: Mapping[int, Quantity] = field(default_factory=dict)


class ReturnedLine(NamedTuple):
    """What is credited on one line: gross - discounts = net; net + tax = total.

    All is signed. Below zero something is taken back: a line that is kept as a whole may lose its
    share of a discount, and free goods may be charged. `taxes` sum to `tax`.
    """

    number: int
    sku: str
    quantity: Quantity
    gross: Minor
    line_discount: Minor
    order_discount: Minor
    net: Minor
    taxes: tuple[TaxPart, ...]
    tax: Minor
    total: Minor


class OwedGoods(NamedTuple):
    """Free goods that are no longer earned and still have to come back.

    Where they do not, a piece costs `unit_price`, what it costs the customer by the sale; None
    where it has no price.
    """

    number: int
    sku: str
    rule: str
    quantity: Quantity
    unit_price: UnitPrice | None


@dataclass(frozen=True, slots=True)
class ReturnResult:
    """The settlement of one return.

    `totals` are what is credited, `totals.payable` all in all; below zero it is to pay. `lines` and
    `charges` sum to them; a charge is free goods that are paid for, all of it below zero. `owed` is
    what still has to come back after this return and those before it. `changes` goes to the
    counters. `had` and `kept` are what the goods at the customer's come to by the number of their
    line, before this return and after it: their difference is `lines`. `sale_hash` is the result
    hash of the sale as it was decided again: where it is not the one that was kept, nothing may be
    credited.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    lines: tuple[ReturnedLine, ...]
    charges: tuple[ReturnedLine, ...]
    owed: tuple[OwedGoods, ...]
    totals: Totals
    changes: tuple[CounterChange, ...]
    trace: tuple[Reason, ...]
    sale_hash: str
    had: Mapping[int, PricedLine] = field(default_factory=dict)
    kept: Mapping[int, PricedLine] = field(default_factory=dict)
