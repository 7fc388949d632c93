"""What the engine is given: the order, the facts and the counters, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple

from rules.values.units import Minor, Quantity, Rate, UnitPrice

Payment = Literal["credit", "cash", "advance"]
CustomerStatus = Literal["active", "hold", "blocked"]
LimitState = Literal["none", "cash_only", "amount", "unset"]
Gate = Literal["order", "delivery", "invoice"]


_NOTHING: Final = Minor(0)
_NO_RATE: Final = Rate(0)
_NO_PRICE: Final = UnitPrice(0)
_NO_PIECES: Final = Quantity(0)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product asked for; `number` is the line's own, from 1.

    `quantity` counts base units whatever `unit` it was ordered in: a pack size of the product, or
    None for the base unit. `batch` is the batch that the customer asked for, None for any;
    `batch_reason` says why, where another would leave before it. `percent_off` of its gross and
    `off_each` for each base unit is the discount that whoever places the order asks for.
    """

    number: int
    sku: str
    quantity: Quantity
    unit: str | None = None
    batch: str | None = None
    batch_reason: str = ""
    percent_off: Rate = _NO_RATE
    off_each: UnitPrice = _NO_PRICE


@dataclass(frozen=True, slots=True)
class Order:
    """What is decided; `business_date` is the day in the distributor's zone.

    `delivery_date` is when the goods are wanted, None where nobody said. `coupons` are codes that
    were shown with the order; upper and lower case are the same.
    `choices` say which product is wished from a scheme that leaves a choice, by the scheme's id; of
    an optional gift also `take` or `none`.
    """

    id: str
    customer: str
    business_date: date
    lines: tuple[OrderLine, ...]
    payment: Payment = "credit"
    coupons: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product's facts; `category` runs from the root of the tree down to its own node.

    `mrp` is the price printed on a base unit, tax included. `cost` is what a base unit costs the
    distributor, with or without tax as the pack's prices are; only the hub knows it.
    """

    sku: str
    name: str
    category: tuple[str, ...] = ()
    brand: str | None = None
    tax_class: str | None = None
    base_unit: str = "PCS"
    pack_sizes: Mapping[str, int] = field(default_factory=dict)
    mrp: UnitPrice | None = None
    cost: UnitPrice | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's facts; `geo` runs from the country down to its own node.

    `age_days` is for how long it has been one, None where that is not known.
    """

    id: str
    type: str | None = None
    geo: tuple[str, ...] = ()
    status: CustomerStatus = "active"
    age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Where the customer stands, without this order: limit, exposure and what is overdue.

    An `unset` limit is for the pack to say. `exposure` is all that is owed or ordered on credit;
    the last four are its parts, zero where they are not told apart: open orders, deliveries without
    an invoice, unpaid invoices, and invoices paid by cheques that are not cleared.
    """

    state: LimitState
    limit: Minor = _NOTHING
    exposure: Minor = _NOTHING
    overdue: Minor = _NOTHING
    overdue_days: int = 0
    open_orders: Minor = _NOTHING
    deliveries: Minor = _NOTHING
    invoices: Minor = _NOTHING
    cheques: Minor = _NOTHING


@dataclass(frozen=True, slots=True)
class Batch:
    """A sellable lot in one warehouse; `available` is on hand minus reserved, in base units.

    `mrp` is the price printed on this lot, None where it is the product's. What is `blocked` (it is
    recalled, or waits for a test) is not sold whatever is available of it.
    """

    id: str
    sku: str
    warehouse: str
    available: Quantity
    received: date
    manufactured: date | None = None
    expiry: date | None = None
    mrp: UnitPrice | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at `as_of`.

    `credit` and `batches` are None where they are not known, as on a terminal: those stages are
    then left out, and say so in the trace. Products that are not in `products` are unknown.
    `distances` tell how far each warehouse is from the customer, in kilometres or the like.
    """

    as_of: str
    customer: Customer
    products: Mapping[str, Product]
    credit: Credit | None = None
    batches: Mapping[str, tuple[Batch, ...]] | None = None
    distances: Mapping[str, int] = field(default_factory=dict)


CounterKey = tuple[str, str]
"""A rule's id and a scope: one counter, as `("TEA-10", "C7@2026-11")`."""


class Count(NamedTuple):
    """What one counter of a scheme holds: uses, money given, what was bought, pieces.

    `bought` is what a customer bought towards the slabs of a period, in units of the scheme;
    `pieces` were free or had a discount.
    """

    uses: int = 0
    money: Minor = _NOTHING
    bought: int = 0
    pieces: Quantity = _NO_PIECES

    def plus(self, other: "Count") -> "Count":
        """Add two counts: (1, 500, 0, 2) and (1, 250, 0, 1) are (2, 750, 0, 3)."""
        return Count(
            self.uses + other.uses,
            Minor(self.money + other.money),
            self.bought + other.bought,
            Quantity(self.pieces + other.pieces),
        )

    def less(self, other: "Count") -> "Count":
        """Take a count off; what is taken off too much is below zero."""
        return Count(
            self.uses - other.uses,
            Minor(self.money - other.money),
            self.bought - other.bought,
            Quantity(self.pieces - other.pieces),
        )


UNCOUNTED: Final = Count()
"""What a counter holds that nothing was added to."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What schemes have given so far, counter by counter, with the moment it was read.

    The scope of a counter is `total` or a customer's id; for what is counted in a period, with its
    name: `C7@2026-11`. `scopes_of` names those that a pack asks for. `leased` are the rules of
    which only a lease may be given here: what the total limit leaves is then not all there is.
    """

    as_of: str = ""
    counts: Mapping[CounterKey, Count] = field(default_factory=dict)
    leased: tuple[str, ...] = ()

    def of(self, key: CounterKey) -> Count:
        """Give what a counter holds."""
        return self.counts.get(key, UNCOUNTED)
