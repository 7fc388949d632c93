"""Rules as the engine holds them, one frozen class a stage, and the compiled pack."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from rules.engine.expressions import Condition
from rules.engine.index import RuleTable
from rules.engine.inputs import Customer, Order
from rules.engine.naming import names_in
from rules.engine.schemes.bounds import Bounds
from rules.engine.schemes.shared import Shared
from rules.engine.schemes.slabs import Earning, Slab, Steps
from rules.engine.schemes.targets import Target
from rules.engine.settlement.tables import (
    AllocationRule,
    ApprovalRule,
    CreditRule,
    GateRule,
    LimitRule,
)
from rules.engine.sides import Side, Sides
from rules.language.vocabulary import SCHEME_KINDS, Each
from rules.values.rates import Rates
from rules.values.units import Minor, Quantity, Rate, UnitPrice

AN_HOUR_MS: Final = 3_600_000
NO_RATE: Final = Rate(0)
NO_PRICE: Final = UnitPrice(0)


AboveMrp = Literal["hold", "reject", "allow"]
"""What happens to an order with a line that costs more, with its tax, than is printed on it."""


class Move(NamedTuple):
    """How a price moves: by a share of it, or by an amount for each base unit."""

    percent: Rate = NO_RATE
    amount: UnitPrice = NO_PRICE


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A price list, or what moves the next lower level's price.

    A list has `rates`, for base units or for the pack size `unit`, or it goes by `mrp`: so much
    above or below what is printed. Of what moves a price, all margins come before all adjustments.
    `above_mrp` stands in for what the pack says of a line above its MRP.
    """

    id: str
    level: int
    rates: Mapping[str, UnitPrice] | Rates | None = None
    unit: str | None = None
    mrp: Rate | None = None
    margin: Move | None = None
    adjust: Move | None = None
    above_mrp: AboveMrp | None = None


@dataclass(frozen=True, slots=True)
class FloorRule:
    """The least a line may be sold for: a price of each base unit, a share of its gross or of cost.

    `percent` is of the line's gross; with `cost`, that is of what the product costs instead.
    """

    id: str
    rates: Mapping[str, UnitPrice] | Rates | None
    percent: Rate
    cost: Rate | None = None


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """How much off a line whoever places an order may ask for, and what follows above.

    It is a share of the line's gross, or so much for `each` base unit.
    """

    id: str
    above: Literal["approve", "cut", "refuse"]
    percent: Rate = NO_RATE
    each: UnitPrice = NO_PRICE


@dataclass(frozen=True, slots=True)
class SlabScheme:
    """A discount by slabs, on what a line, its product, the basket or the order comes to.

    `unit` names a pack size. `each` is the period over which it counts what a customer bought, None
    where it counts one order.

    With `marginal` every slab gives on what lies in it, else the last one reached gives on all.
    `alone` shuts out the other schemes of its stage. `earn` says what the slabs take off; where
    that is of other goods than it counts, `target` says of which. With
    `compound` it acts on what all before it have left; `untaxed` money is counted without the tax
    that the prices of the pack include. What follows saves asking each
    time: `steps` says the same of a count in base units, where slabs are plain shares without
    bounds; whether a slab is `gated`; whether the scheme has `rivals`: a group, or `alone`; whether
    what it gives on a line goes `by_line`, by nothing but the line's quantity and gross; whether
    its condition asks for sums `of_order`.
    """

    id: str
    over: Literal["line", "sku", "basket", "period", "order"]
    of: Literal["qty", "gross", "net"]
    unit: str | None
    slabs: tuple[Slab, ...]
    marginal: bool
    priority: int
    group: str
    alone: bool
    bounds: Bounds | None
    condition: Condition | None
    earn: Earning
    steps: Steps | None = None
    gated: bool = False
    rivals: bool = False
    each: Each | None = None
    target: Target | None = None
    compound: bool = False
    untaxed: bool = False
    by_line: bool = False
    of_order: bool = False


@dataclass(frozen=True, slots=True)
class ComboPart:
    """So many pieces of any product that the conditions name."""

    when: Mapping[str, Sequence[str]]
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Combo:
    """Complete sets of several parts: an amount or a share off, or a price, for each set.

    Free goods with the same `once` do not count the pieces of its sets.
    """

    id: str
    parts: tuple[ComboPart, ...]
    amount: Minor
    percent: Rate | None
    price: Minor | None
    max_sets: int | None
    bounds: Bounds | None
    condition: Condition | None
    once: str = ""
    of_order: bool = False


@dataclass(frozen=True, slots=True)
class Stacking:
    """What a scheme acts on beside others: the full amount, or what they have left.

    `inside` is for schemes of one priority, `across` for those of larger ones: with `leave_out`
    those of smaller ones give nothing where they meet. `by_rule` tells that a scheme of its own
    acts on what all before it have left.
    """

    inside: Literal["add", "compound"] = "add"
    across: Literal["add", "compound", "leave_out"] = "add"
    by_rule: bool = False

    @property
    def compounds(self) -> bool:
        """Tell whether any scheme acts on what others have left."""
        return self.by_rule or "compound" in (self.inside, self.across)


@dataclass(frozen=True, slots=True)
class QuoteTerms:
    """What holds for an order that was quoted with an earlier pack; the hub sees to it.

    It is decided with that pack until so many hours after this one replaced it; where it was
    captured by then without a way to the hub, until `offline_hours` after that moment. Later it is
    decided with this one, and where that comes to other prices, `otherwise` says what follows.
    """

    honour_hours: int = 0
    otherwise: Literal["reprice", "approve"] = "reprice"
    offline_hours: int = 0

    @property
    def longest_hours(self) -> int:
        """Give for how long after it was replaced any quote of a pack may hold."""
        return self.honour_hours + self.offline_hours

    def honours(self, replaced_ms: int, captured_ms: int | None, *, now_ms: int) -> bool:
        """Tell whether a quote holds; `captured_ms` is None where no clock can be trusted.

        With 4 and 48 hours, what was captured 3 hours after the change holds for 48 hours more.
        """
        last = replaced_ms + self.honour_hours * AN_HOUR_MS
        if self.honour_hours and now_ms <= last:
            return True
        if captured_ms is None or not self.offline_hours or captured_ms > min(last, now_ms):
            return False
        return now_ms <= captured_ms + self.offline_hours * AN_HOUR_MS


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """What a return does to what a sale has earned.

    Free goods that are no longer earned are to come back, or are charged at once. Discounts are
    earned anew by what is kept, or each piece takes its own share of them along.
    """

    free_goods: Literal["take_back", "charge"] = "take_back"
    discounts: Literal["recompute", "keep"] = "recompute"


class FreeTier(NamedTuple):
    """From `start` paid on, `give` are free for every `every`."""

    start: Quantity
    every: Quantity
    give: Quantity


@dataclass(frozen=True, slots=True)
class FreeScheme:
    """So many free for every so many paid after the first `start_after`.

    The last of the `tiers` that is reached says how many, on the whole count: 10 and 1, from 50 on
    10 and 2. What is paid above `end` counts no more.

    `by` says what an incomplete number earns: nothing, its share in whole pieces (rounded as
    `rounding` says: 15 of 10 and 1 are 1, 2 or 2), or the loss of all. Without `item` the same
    product is given, or the `cheapest` of those counted, or one of `choice`: the one wished, else
    the cheapest or the `dearest` of them. `inside` makes pieces of the order itself free; else they
    come on top. What is `optional` is given unless the order declines it, or where it is chosen.
    Pieces that earned something of a scheme with the same `once` before count no more.
    """

    id: str
    over: Literal["line", "sku", "basket"]
    unit: str | None
    tiers: tuple[FreeTier, ...]
    by: Literal["full", "proportional", "multiple"]
    start_after: Quantity
    item: str | None
    cheapest: bool
    inside: bool
    most: Quantity | None
    bounds: Bounds | None
    condition: Condition | None
    choice: tuple[str, ...] = ()
    dearest: bool = False
    end: Quantity | None = None
    rounding: Literal["down", "half_up", "up"] = "down"
    optional: Literal["decline", "choose"] | None = None
    once: str = ""
    of_order: bool = False


@dataclass(frozen=True, slots=True)
class QuantityRule:
    """From how much on and by how much a product is sold, in `unit`; 0 asks for nothing."""

    id: str
    unit: str | None
    least: int
    multiple: int
    then: Literal["round_up", "hold", "reject"]


@dataclass(frozen=True, slots=True)
class TaxRule:
    """The heads of a tax and their rates; `rate` is their sum, `label` what people read.

    A head that is an amount for each base unit has the rate 0 and stands in `per_unit` by its
    place; `per_unit` is empty where all heads are rates.
    """

    id: str
    heads: tuple[str, ...]
    rates: tuple[Rate, ...]
    rate: Rate
    label: str
    per_unit: Mapping[int, UnitPrice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompiledPack:
    """A rule pack ready to decide orders; `hash` is the SHA-256 of its packed bytes.

    `named_products` are the SKUs that schemes give by name: whoever evaluates an order gives
    their facts and batches along with those of the order's own lines. `groups` says which scheme
    of a group wins where that is not the best; `combo_parts` are the parts of all combos, each with
    the place of its combo and its own in it; `targets` are what schemes of several lines give a
    discount on, each with the place of its scheme. `funders` names who pays for a scheme, by its
    id, where that is not the distributor; `coupons` the schemes that ask for a coupon, by its code.
    `periods` are those that any scheme counts in: what `Counters` have to know. `shared` are the
    total limits of all schemes. `allocation_else` holds where no rule of `allocation` does.
    `texts` are what people read of rules, by id and language; `""` is for all.
    `previous` is the hash of the pack that this one follows, `not_before` the first day on which it
    may be put in force, `quotes` what holds for orders that were quoted with an earlier one. Rules
    of the tables `by_delivery` go by the day on which the goods are wanted. `prices_known` and
    `lines_known` are what lines cost and what their schemes came to: a counter prices the same
    lines with every scan.
    """

    name: str
    version: int
    hash: str
    currency: str
    scale: int
    timezone: str
    tax_inclusive: bool
    round_to: Minor
    warehouses: tuple[str, ...]
    stacking: Stacking
    above_mrp: AboveMrp
    returns: ReturnTerms
    groups: Mapping[str, Literal["best", "priority", "cheapest"]]
    quantities: RuleTable[QuantityRule]
    prices: RuleTable[PriceRule]
    floors: RuleTable[FloorRule]
    discounts: RuleTable[DiscountRule]
    line_schemes: RuleTable[SlabScheme]
    basket_schemes: RuleTable[SlabScheme]
    targets: RuleTable[int]
    combos: RuleTable[Combo]
    combo_parts: RuleTable[tuple[int, int]]
    order_schemes: RuleTable[SlabScheme]
    free_schemes: RuleTable[FreeScheme]
    taxes: RuleTable[TaxRule]
    limits: RuleTable[LimitRule]
    gates: RuleTable[GateRule]
    credit: RuleTable[CreditRule]
    approvals: RuleTable[ApprovalRule]
    allocation: RuleTable[AllocationRule]
    allocation_else: AllocationRule
    named_products: frozenset[str]
    funders: Mapping[str, str]
    coupons: Mapping[str, frozenset[str]]
    periods: frozenset[Each]
    shared: tuple[Shared, ...]
    cases: Sequence[Mapping[str, Any]]
    sources: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    previous: str | None = None
    not_before: date | None = None
    quotes: QuoteTerms = QuoteTerms()
    by_delivery: frozenset[str] = frozenset()
    sides: Sides = field(init=False, repr=False, compare=False)
    prices_known: dict[int, dict[str, Any]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    lines_known: dict[int, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    _named: dict[str, Mapping[str, str]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Stand ready to look up both sides of the conditions of all tables."""
        named = ((one.name, getattr(self, one.name, None)) for one in fields(self))
        tables = {name: table for name, table in named if isinstance(table, RuleTable)}
        object.__setattr__(self, "sides", Sides(tables))

    def scheme_tables(self) -> Iterator[tuple[str, RuleTable[Any]]]:
        """Give the tables of all schemes by their names."""
        for kind in SCHEME_KINDS.values():
            yield kind.table, getattr(self, kind.table)

    def side_of(self, customer: Customer, order: Order) -> Side:
        """Give the rules that hold for a customer's order on the days that count."""
        side = self.sides.of_customer(customer, order, order.business_date.toordinal())
        if not self.by_delivery or order.delivery_date is None:
            return side
        later = self.sides.of_customer(customer, order, order.delivery_date.toordinal())
        return side.with_tables(self.by_delivery, later)

    def forget(self, most: int) -> None:
        """Let go of what is kept of past look-ups, where those were for more than `most` products.

        Between two orders, and where one thread decides them: the next makes anew what it needs.
        """
        if self.sides.count_products() > most:
            self.sides.forget()
            self.prices_known.clear()
            self.lines_known.clear()

    def names(self, language: str) -> Mapping[str, str]:
        """Give what people who read a language call rules, by their ids; English where it lacks.

        A rule without any text is not among them: its id stands for it.
        """
        if language not in self._named:
            self._named[language] = names_in(self.texts, language)
        return self._named[language]
