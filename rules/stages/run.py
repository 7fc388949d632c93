"""The state of one pass over the stages; it lives for one evaluation and is never shared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, cast

from rules.engine.errors import RuleFailedError
from rules.engine.expressions import Condition, Value
from rules.engine.inputs import Counters, Facts, Order, OrderLine, Product
from rules.engine.result import (
    Allocation,
    ApprovalNeed,
    FreeGoods,
    NearMiss,
    PackPrice,
    Reason,
    Short,
    StageName,
    Totals,
)
from rules.engine.schemes.bounds import NO_BOUNDS, Bounds
from rules.engine.sides import Side
from rules.engine.tables import AboveMrp, CompiledPack, TaxRule
from rules.stages.trace import Told
from rules.values.reasons import Params
from rules.values.rounding import extend
from rules.values.units import Minor, Quantity, UnitPrice

ZERO: Final = Minor(0)
_NO_TOTALS: Final = Totals(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


class Given(NamedTuple):
    """What a bounded scheme gives in this order, and on how many pieces."""

    bounds: Bounds = NO_BOUNDS
    amount: Minor = ZERO
    pieces: Quantity = Quantity(0)


class Line:
    """A line while its amounts are found.

    `goods` are the rules that hold for its product: None where the product is not known. `of_mrp`
    is set where its price was made from its MRP. `uncut` is what stock has cut: it still says which
    price list holds. `above_mrp` is what the rules of its price say of that.
    """

    unit_price: UnitPrice | None = None
    price_rule: str = ""
    gross: Minor = ZERO
    line_discount: Minor = ZERO
    order_discount: Minor = ZERO
    tax_rule: TaxRule | None = None
    heads: Sequence[Minor] = ()
    tax: Minor = ZERO
    total: Minor = ZERO
    pack: PackPrice | None = None
    mrp: UnitPrice | None = None
    of_mrp: bool = False
    above_mrp: AboveMrp | None = None
    uncut: Quantity | None = None

    def __init__(self, asked: OrderLine, product: Product | None, goods: Side | None) -> None:
        self.number = asked.number
        self.sku = asked.sku
        self.ordered = self.quantity = asked.quantity
        self.unit, self.batch = asked.unit, asked.batch
        self.product = product
        self.goods = goods

    @property
    def net(self) -> Minor:
        """Give what is left to pay before tax."""
        return Minor(self.gross - self.line_discount - self.order_discount)

    @property
    def is_cut(self) -> bool:
        """Tell whether stock has left less of it than was asked: more cannot be had."""
        return self.uncut is not None and self.quantity < self.uncut

    def with_more(self, pieces: int, scale: int) -> "Line":
        """Give the line as it would be with so many more pieces at its price, before discounts."""
        quantity = Quantity(self.quantity + pieces)
        asked = OrderLine(self.number, self.sku, quantity, self.unit, self.batch)
        more = Line(asked, self.product, self.goods)
        more.unit_price, more.price_rule, more.pack = self.unit_price, self.price_rule, self.pack
        more.tax_rule, more.mrp, more.of_mrp = self.tax_rule, self.mrp, self.of_mrp
        more.gross = more.worth(scale)
        return more

    def worth(self, scale: int) -> Minor:
        """Give what its price makes of its quantity; `gross` may be without the tax of it."""
        if self.pack is not None:
            return extend(self.pack.price, Quantity(self.quantity // self.pack.size), scale)
        return ZERO if self.unit_price is None else extend(self.unit_price, self.quantity, scale)


More = tuple[tuple[Line, int], ...]
"""Lines, of an order or new ones, and how many pieces more of each."""


class Trial(NamedTuple):
    """What the schemes give with more of some lines: money and pieces, by rule.

    `before` is what they give on the same lines as they are; `counted` is how much a scheme over
    several lines counts, by its id and what it is counted for.
    """

    before: Mapping[str, "Gift"]
    after: Mapping[str, "Gift"]
    counted: Mapping[tuple[str, str], int]

    def gain(self, rule: str) -> "Gift":
        """Give what a rule gives more."""
        before, after = self.before.get(rule, NO_GIFT), self.after.get(rule, NO_GIFT)
        more = {sku: count - before.goods.get(sku, 0) for sku, count in after.goods.items()}
        return Gift(
            after.money - before.money,
            after.pieces - before.pieces,
            {sku: count for sku, count in more.items() if count > 0},
        )

    def more_free(self, sku: str) -> int:
        """Give how many pieces of a product all rules together give more."""
        before, after = (
            sum(gift.goods.get(sku, 0) for gift in gifts.values())
            for gifts in (self.before, self.after)
        )
        return after - before


class Gift(NamedTuple):
    """Money off and free pieces of a rule; `goods` are those on top of the order, by SKU."""

    money: int
    pieces: int
    goods: Mapping[str, int]


_NO_GOODS: Final[Mapping[str, int]] = {}
NO_GIFT: Final = Gift(0, 0, _NO_GOODS)


class Foresight(Protocol):
    """A finished run, and what its schemes would give with more of some lines."""

    run: "Run"

    def tried(self, more: More, rule: str, *, whole: bool = False) -> Trial | None:
        """Decide the schemes again, on the `whole` order or on the lines that it takes.

        None where so much, or what the rule gives for it, cannot be had or is not looked into.
        """

    def can_have(self, more: More, free: Mapping[str, int] = _NO_GOODS) -> bool:
        """Tell whether stock has so much more, and for it so many free pieces of products."""


class Run:
    """One pass: the inputs, the lines in a fixed order, and what the stages have found so far.

    `lines` stand as ordered; `sold` are those with a price and a quantity, sorted by product, so
    that no amount depends on the order in which the lines were scanned. `side` are the rules that
    hold for the customer. `earners` are the lines that earned each of the `free` goods. `printed`
    are the batches picked that bear an MRP of their own; `rests` is what is left of the batch that
    all of a product leaves from, 0 where no single one has it all; `used` the pieces of each
    line that have given something, by the name under which they give once. `counted` is what
    schemes over several lines count, by their id and the product, if it is one. `rows` is the trace
    and `nearly` gives the near misses, both written out where they are read. What is only tried
    (`is_trial`) is not kept for later orders.
    """

    def __init__(
        self, order: Order, facts: Facts, counters: Counters, *, pack: CompiledPack
    ) -> None:
        self.order = order
        self.facts = facts
        self.counters = counters
        self.pack = pack
        self.side = pack.side_of(facts.customer, order)
        self.lines: list[Line] = []
        self.sold: list[Line] = []
        self.free: list[FreeGoods] = []
        self.earners: list[Sequence[Line]] = []
        self.totals = _NO_TOTALS
        self.rows: list[Told] = []
        self.refusals: list[Reason] = []
        self.holds: list[Reason] = []
        self.changes: list[Reason] = []
        self.nearly: list[Callable[[Foresight], Iterable[NearMiss]]] = []
        self.given: dict[str, Given] = {}
        self.used: dict[str, dict[int, int]] = {}
        self.bought: dict[tuple[str, str], int] = {}
        self.counted: dict[tuple[str, str], int] = {}
        self.approvals: list[ApprovalNeed] = []
        self.allocations: list[Allocation] = []
        self.rests: dict[str, int] = {}
        self.printed: list[tuple[Allocation, UnitPrice]] = []
        self.shorts: list[Short] = []
        self.told: set[tuple[str, str]] = set()
        self.is_trial = False
        self._values: dict[str, Value] = {}
        self._asked: dict[str, int] = {}

    def with_more(self, money: int) -> "Run":
        """Give a run that stands where this one does, as if goods for so much more were ordered.

        What is tried with it changes nothing here.
        """
        trial = Run(self.order, self.facts, self.counters, pack=self.pack)
        trial.is_trial = True
        trial.lines, trial.sold, trial.totals = self.lines, self.sold, self.totals
        trial.given = dict(self.given)
        seen = dict(self.values())
        for amount in ("order.gross", "order.net"):
            seen[amount] = cast("int", seen[amount]) + money
        trial._values = seen
        return trial

    def asked_of(self, sku: str) -> int:
        """Give how much of a product all lines of a finished run ask for."""
        if not self._asked:
            for line in self.lines:
                self._asked[line.sku] = self._asked.get(line.sku, 0) + line.quantity
        return self._asked.get(sku, 0)

    def explain(
        self,
        stage: StageName,
        code: str,
        params: Params | None = None,
        *,
        rule: str = "",
        line: int | None = None,
        amount: Minor | None = None,
    ) -> Reason:
        """Add to the trace what is told at once, as what refuses, holds or changes an order is."""
        reason = Reason(stage, code, {} if params is None else params, rule, line, amount)
        self.rows.append(reason)
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

    def holds_true(self, rule: str, condition: Condition | None, line: Line | None = None) -> bool:
        """Evaluate a rule's `if:`.

        Raises:
            RuleFailedError: it could not be evaluated.
        """
        if condition is None:
            return True
        try:
            return condition(self.values(line))
        except Exception as error:
            raise RuleFailedError(rule) from error

    def begin_stage(self) -> None:
        """Let conditions see the order's amounts anew; no stage moves them before it has asked."""
        self._values = {}

    def values(self, line: Line | None = None) -> dict[str, Value]:
        """Give what conditions may ask for: of the order, and of a line where one is named."""
        values = self._values = self._values or self._order()
        if line is not None:
            product = line.product
            values["line.quantity"] = line.quantity
            values["line.gross"] = line.gross
            values["product.sku"] = line.sku
            values["product.brand"] = None if product is None else product.brand
            values["product.tax_class"] = None if product is None else product.tax_class
        return values

    def _order(self) -> dict[str, Value]:
        customer, totals = self.facts.customer, self.totals
        return {
            "customer.id": customer.id,
            "customer.type": customer.type,
            "customer.status": customer.status,
            "order.payment": self.order.payment,
            "order.lines": len(self.lines),
            "order.gross": sum(line.gross for line in self.sold),
            "order.net": sum(nets(self.sold)),
            "order.tax": totals.tax,
            "order.payable": totals.payable,
        }


def name_of(facts: Facts, sku: str) -> str:
    """Name a product for people; by its SKU where it is not known."""
    product = facts.products.get(sku)
    return sku if product is None else product.name


def names_meant(facts: Facts, when: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the goods that conditions mean: products by their names, brands as they are."""
    return [
        name_of(facts, word) if key == "sku" else word for key in sorted(when) for word in when[key]
    ]


def factor_of(unit: str | None, product: Product | None) -> int:
    """Give how many base units a pack size holds, 0 where the product has no such size."""
    if unit is None:
        return 1
    if product is None:
        return 0
    return 1 if unit == product.base_unit else product.pack_sizes.get(unit, 0)


def nets(lines: Iterable[Line]) -> list[int]:
    """Give what is left to pay before tax, line by line."""
    return [line.gross - line.line_discount - line.order_discount for line in lines]
