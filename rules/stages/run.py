"""The state of one pass over the stages; it lives for one evaluation and is never shared."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.engine.errors import RuleFailedError
from rules.engine.expressions import Condition, Value
from rules.engine.index import customer_keys
from rules.engine.inputs import Counters, Facts, Order, Product
from rules.engine.result import (
    Allocation,
    ApprovalNeed,
    FreeGoods,
    NearMiss,
    Reason,
    Short,
    StageName,
    TaxPart,
    Totals,
)
from rules.engine.tables import Bounds, CompiledPack
from rules.values.decimals import shown
from rules.values.units import Minor, Quantity, UnitPrice

ZERO = Minor(0)


@dataclass(slots=True)
class Line:
    """A line while its amounts are found."""

    number: int
    sku: str
    ordered: Quantity
    quantity: Quantity
    product: Product | None
    unit_price: UnitPrice | None = None
    price_rule: str = ""
    gross: Minor = ZERO
    line_discount: Minor = ZERO
    order_discount: Minor = ZERO
    taxes: tuple[TaxPart, ...] = ()
    tax: Minor = ZERO
    total: Minor = ZERO

    @property
    def net(self) -> Minor:
        """Give what is left to pay before tax."""
        return Minor(self.gross - self.line_discount - self.order_discount)


class Run:
    """One pass: the inputs, the lines in a fixed order, and what the stages have found so far.

    `lines` stand as ordered; `sold` are those with a price and a quantity, sorted by product, so
    that no amount depends on the order in which the lines were scanned.
    """

    def __init__(
        self, order: Order, facts: Facts, counters: Counters, *, pack: CompiledPack
    ) -> None:
        self.order = order
        self.facts = facts
        self.counters = counters
        self.pack = pack
        self.keys = customer_keys(facts.customer, order.payment)
        self.day = order.business_date.toordinal()
        self.lines: list[Line] = []
        self.sold: list[Line] = []
        self.free: list[FreeGoods] = []
        self.totals = Totals(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
        self.trace: list[Reason] = []
        self.refusals: list[Reason] = []
        self.holds: list[Reason] = []
        self.changes: list[Reason] = []
        self.near_misses: list[NearMiss] = []
        self.given: dict[str, tuple[Bounds, Minor]] = {}
        self.approvals: list[ApprovalNeed] = []
        self.allocations: list[Allocation] = []
        self.shorts: list[Short] = []
        self.used_up: set[str] = set()
        self._values: dict[str, Value] = {}

    def explain(
        self,
        stage: StageName,
        code: str,
        text: str,
        *,
        rule: str = "",
        line: int | None = None,
        amount: Minor | None = None,
    ) -> Reason:
        """Add to the trace."""
        reason = Reason(stage, code, text, rule, line, amount)
        self.trace.append(reason)
        return reason

    def change(self, reason: Reason) -> None:
        """Tell the buyer of it: the order is not as asked."""
        self.changes.append(reason)

    def hold(self, reason: Reason) -> None:
        """Hold the order for a person to decide."""
        self.holds.append(reason)

    def reject(self, reason: Reason) -> None:
        """Refuse the order."""
        self.refusals.append(reason)

    @property
    def rejected(self) -> bool:
        """Tell whether the order is refused."""
        return bool(self.refusals)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give what decided the order, the gravest first: a reader may stop after one."""
        return (*self.refusals, *self.holds, *self.changes)

    def money(self, amount: int) -> str:
        """Write an amount for people."""
        return shown(amount, self.pack.scale)

    def holds_true(self, rule: str, condition: Condition | None, line: Line | None = None) -> bool:
        """Evaluate a rule's `if:`.

        Raises:
            RuleFailedError: it could not be evaluated.
        """
        if condition is None:
            return True
        try:
            values = self._values = self._values or self._order()
            return condition(values if line is None else {**values, **_line(line)})
        except Exception as error:
            raise RuleFailedError(rule) from error

    def begin_stage(self) -> None:
        """Let conditions see the order's amounts anew; no stage moves them before it has asked."""
        self._values = {}

    def _order(self) -> dict[str, Value]:
        customer, credit, totals = self.facts.customer, self.facts.credit, self.totals
        values: dict[str, Value] = {
            "customer.id": customer.id,
            "customer.type": customer.type,
            "customer.status": customer.status,
            "order.payment": self.order.payment,
            "order.lines": len(self.lines),
            "order.gross": sum(line.gross for line in self.sold),
            "order.net": sum_net(self.sold),
            "order.tax": totals.tax,
            "order.payable": totals.payable,
        }
        if credit is not None:
            values["customer.credit"] = credit.state
            values["customer.limit"] = credit.limit
            values["customer.exposure"] = credit.exposure
            values["customer.overdue"] = credit.overdue
            values["customer.overdue_days"] = credit.overdue_days
        return values


def _line(line: Line) -> dict[str, Value]:
    product = line.product
    return {
        "line.quantity": line.quantity,
        "line.gross": line.gross,
        "product.sku": line.sku,
        "product.brand": None if product is None else product.brand,
        "product.tax_class": None if product is None else product.tax_class,
    }


def factor_of(unit: str | None, product: Product | None) -> int:
    """Give how many base units a pack size holds, 0 where the product has no such size."""
    if unit is None:
        return 1
    if product is None:
        return 0
    return 1 if unit == product.base_unit else product.pack_sizes.get(unit, 0)


def sum_net(lines: Iterable[Line]) -> int:
    """Add up what is left to pay before tax."""
    return sum(line.net for line in lines)
