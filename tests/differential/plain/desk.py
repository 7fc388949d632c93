"""What a patient clerk has on the desk: the rule file as written, the order, what is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from rules import Counters, Facts, Order, OrderLine, Product
from tests.differential.plain.conditions import Asker, Rule
from tests.differential.plain.sums import NOTHING, rounded

Document = Mapping[str, Any]
"""A rule file, parsed and otherwise as written: amounts are text or whole numbers."""


@dataclass(eq=False)
class Row:
    """A line of the order while its amounts are found, in the currency's major unit.

    `fitting` is what is asked for once quantities are fitted; stock and returns leave less of it.
    """

    number: int
    sku: str
    ordered: int
    quantity: int
    product: Product | None
    unit: str | None = None
    batch: str | None = None
    because: str = ""
    percent_off: Decimal = NOTHING
    off_each: Decimal = NOTHING
    mrp: Decimal | None = None
    fitting: int = 0
    price: Decimal | None = None
    price_rule: str = ""
    listed: Decimal = NOTHING
    pack: int = 1
    from_mrp: bool = False
    above_mrp: str = ""
    gross: Decimal = NOTHING
    line_off: Decimal = NOTHING
    order_off: Decimal = NOTHING
    heads: list[tuple[str, Decimal]] = field(default_factory=list)
    tax: Decimal = NOTHING

    @property
    def net(self) -> Decimal:
        """Give what is left to pay before tax."""
        return self.gross - self.line_off - self.order_off

    def per(self, unit: str | None) -> int:
        """Say how many base units a pack size holds; 0 where there is no such size."""
        if unit is None or self.product is None:
            return 1 if unit is None else 0
        return 1 if unit == self.product.base_unit else self.product.pack_sizes.get(unit, 0)


class Sums(NamedTuple):
    """What an order comes to."""

    gross: Decimal
    off: Decimal
    net: Decimal
    tax: Decimal
    round_off: Decimal
    payable: Decimal


class Held(NamedTuple):
    """What holds an order: the line, the amount where it is about one, and the credit rule."""

    code: str
    line: int | None = None
    amount: Decimal | None = None
    rule: Rule | None = None
    require: tuple[str, ...] = ()


class Pick(NamedTuple):
    """Pieces that are taken from a batch."""

    number: int
    free: bool
    sku: str
    warehouse: str
    batch: str
    pieces: int


class Gap(NamedTuple):
    """Pieces that stock does not have, and what follows."""

    number: int
    free: bool
    missing: int
    action: str
    wait_days: int | None


@dataclass
class Desk:
    """One order on its way through the stages."""

    document: Document
    order: Order
    facts: Facts
    counters: Counters
    rows: list[Row] = field(default_factory=list)
    sold: list[Row] = field(default_factory=list)
    free: list[tuple[str, int, str, int]] = field(default_factory=list)
    earners: list[list[Row]] = field(default_factory=list)
    given: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    bought: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    takings: list[tuple[str, int | None, Decimal]] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)
    refusals: list[tuple[str, int | None]] = field(default_factory=list)
    told: list[tuple[str, int | None]] = field(default_factory=list)
    used: dict[str, dict[int, int]] = field(default_factory=dict)
    picks: list[Pick] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def scale(self) -> int:
        """Give the decimals of the currency."""
        return int(self.document["pack"].get("scale", 2))

    @cached_property
    def asker(self) -> Asker:
        """Say who orders."""
        order = self.order
        return Asker(self.facts.customer, order.payment, order.business_date, order.coupons)

    def asker_of(self, what: str) -> Asker:
        """Say who orders, as of the day that the pack names for prices, schemes or taxes."""
        by_delivery = self.document["pack"].get("dates", {}).get(what) == "delivery"
        later = self.order.delivery_date if by_delivery else None
        return self.asker if later is None else replace(self.asker, day=later)

    @property
    def totals(self) -> Sums:
        """Add the lines up and round what is to pay."""
        gross = sum((row.gross for row in self.sold), NOTHING)
        net = sum((row.net for row in self.sold), NOTHING)
        tax = sum((row.tax for row in self.sold), NOTHING)
        payable = self.rounded_off(net + tax)
        return Sums(gross, gross - net, net, tax, payable - net - tax, payable)

    def verdict(self) -> tuple[str, tuple[tuple[str, int | None], ...]]:
        """Say how the order stands, and for which reasons."""
        outcome = "reject" if self.refusals else "hold" if self.holds else "accept"
        held = [(one.code, one.line) for one in self.holds]
        return outcome, tuple(sorted({*self.refusals, *held, *self.told}, key=str))

    def rounded_off(self, amount: Decimal) -> Decimal:
        """Round what is to pay as the pack says."""
        step = Decimal(self.document["pack"].get("round_to", Decimal(1).scaleb(-self.scale)))
        return rounded(amount / step, 0) * step

    def cleared(self) -> "Desk":
        """Begin with the same order again."""
        return Desk(self.document, self.order, self.facts, self.counters)

    def put_down(self, line: OrderLine) -> None:
        """Write a line of the order down."""
        product, quantity = self.facts.products.get(line.sku), line.quantity
        row = Row(line.number, line.sku, quantity, quantity, product, line.unit, line.batch)
        row.because = line.batch_reason
        row.percent_off = Decimal(line.percent_off) / 10_000
        row.off_each = Decimal(line.off_each).scaleb(-4)
        printed = None if product is None else product.mrp
        for batch in (self.facts.batches or {}).get(line.sku, ()):
            if batch.id == line.batch and batch.mrp is not None:
                printed = batch.mrp
                break
        row.mrp = None if printed is None else Decimal(printed).scaleb(-4)
        self.rows.append(row)

    def rules(self, section: str) -> list[Rule]:
        """Give a section of the rule file."""
        found: list[Rule] = self.document.get(section, [])
        return found

    def money(self, minor: int) -> Decimal:
        """Read an amount of the counters."""
        return Decimal(minor).scaleb(-self.scale)

    def situation(self, row: Row | None = None) -> dict[str, dict[str, Any]]:
        """Write down what an `if:` may ask for, as things stand now."""
        customer = self.facts.customer
        facts: dict[str, dict[str, Any]] = {
            "customer": {"id": customer.id, "type": customer.type, "status": customer.status},
            "order": {
                "payment": self.order.payment,
                "lines": len(self.rows),
                "gross": sum((one.gross for one in self.sold), NOTHING),
                "net": sum((one.net for one in self.sold), NOTHING),
            },
        }
        if row is not None and row.product is not None:
            facts["line"] = {"quantity": row.quantity, "gross": row.gross}
            facts["product"] = {
                "sku": row.sku,
                "brand": row.product.brand,
                "tax_class": row.product.tax_class,
            }
        return facts
