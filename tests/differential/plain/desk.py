"""What a patient clerk has on the desk: the rule file as written, the order, what is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules import Counters, Facts, Order, Product
from tests.differential.plain.conditions import Asker, Rule
from tests.differential.plain.sums import NOTHING

Document = Mapping[str, Any]
"""A rule file, parsed and otherwise as written: amounts are text or whole numbers."""


@dataclass(eq=False)
class Row:
    """A line of the order while its amounts are found, in the currency's major unit."""

    number: int
    sku: str
    ordered: int
    quantity: int
    product: Product | None
    unit: str | None = None
    price: Decimal | None = None
    price_rule: str = ""
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


@dataclass
class Desk:
    """One order on its way through the stages."""

    document: Document
    order: Order
    facts: Facts
    counters: Counters
    rows: list[Row] = field(default_factory=list)
    sold: list[Row] = field(default_factory=list)
    free: list[tuple[str, int, str]] = field(default_factory=list)
    given: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    bought: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    takings: list[tuple[str, int | None, Decimal]] = field(default_factory=list)
    holds: list[tuple[str, int | None]] = field(default_factory=list)
    refusals: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def scale(self) -> int:
        """Give the decimals of the currency."""
        return int(self.document["pack"].get("scale", 2))

    @property
    def asker(self) -> Asker:
        """Say who orders."""
        order = self.order
        return Asker(self.facts.customer, order.payment, order.business_date, order.coupons)

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
