"""What the engine gives back: amounts, reasons, allocations and the trace.

An order makes hundreds of rows, so these are named tuples: as unchangeable as a frozen dataclass
and made in a third of the time.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rules.engine.inputs import Count, CounterKey, Payment
from rules.values.reasons import Params
from rules.values.units import Minor, Quantity, Rate, UnitPrice

Outcome = Literal["accept", "hold", "reject"]
StageName = Literal[
    "quantity",
    "price",
    "line_schemes",
    "basket_schemes",
    "order_schemes",
    "spread",
    "free_goods",
    "coupons",
    "floor",
    "tax",
    "mrp",
    "round_off",
    "credit",
    "approvals",
    "allocation",
    "returns",
]


class Reason(NamedTuple):
    """Why: a code of the registry with its raw parameters; the stage, rule and line it is about.

    `amount` is the money the rule gave or took, in minor units, where it gave or took any. A
    catalogue has the sentence: `rules.sentence` writes it.
    """

    stage: StageName
    code: str
    params: Params
    rule: str = ""
    line: int | None = None
    amount: Minor | None = None


class TaxPart(NamedTuple):
    """One head of a tax on one line: a `rate` of what is taxable, or so much for each base unit.

    CGST has a rate, a cess of 4.17 a piece has `per_unit` and the rate 0.
    """

    head: str
    rate: Rate
    amount: Minor
    per_unit: UnitPrice | None = None


class PackPrice(NamedTuple):
    """The price of one whole pack of `size` base units, where a list is for packs."""

    unit: str
    size: Quantity
    price: UnitPrice


class PricedLine(NamedTuple):
    """One line's amounts: gross - line_discount - order_discount = net; net + tax = total.

    `unit_price` is None where no price was found: the line is then unpriced, its amounts are zero
    and the order is held. `ordered` is what was asked for, `quantity` what is sold: more where it
    was rounded up to what may be sold, less where stock is short.
    Where `pack` is set, `gross` is exactly so many packs, and `unit_price` only what one piece of
    one comes to. `mrp` is what is printed on the product, or on the batch that was asked for.
    `asked` is what one of the unit costs that the line was ordered in, where that is a pack size.
    """

    number: int
    sku: str
    ordered: Quantity
    quantity: Quantity
    unit_price: UnitPrice | None
    price_rule: str
    gross: Minor
    line_discount: Minor
    order_discount: Minor
    net: Minor
    taxes: tuple[TaxPart, ...]
    tax: Minor
    total: Minor
    pack: PackPrice | None = None
    mrp: UnitPrice | None = None
    asked: PackPrice | None = None


class LineAmount(NamedTuple):
    """What a line with a price comes to before tax: gross - discount = net.

    `pack_price` is that of one whole pack, where the line is priced by it; `mrp` is of a base unit.
    """

    sku: str
    unit_price: UnitPrice
    gross: Minor
    discount: Minor
    net: Minor
    pack_price: UnitPrice | None = None
    mrp: UnitPrice | None = None


class FreeGoods(NamedTuple):
    """Goods a scheme gives: `earned` is what it promises, `quantity` what the order gets of that.

    Of 2 earned with 1 in stock the order gets 1 where the rest is cut, and 2 where it follows.
    """

    number: int
    sku: str
    earned: Quantity
    quantity: Quantity
    rule: str


class Allocation(NamedTuple):
    """Base units of one batch; `number` is a line's, or free goods' where `free` is set.

    Two warehouses may use one batch code: only with `warehouse` is a batch told apart.
    """

    number: int
    free: bool
    sku: str
    batch: str
    quantity: Quantity
    warehouse: str = ""


class Short(NamedTuple):
    """What stock did not allow for a line or for free goods, and what the pack does about it.

    What is on back-order may follow for `wait_days` after the order's day, None is without end.
    """

    number: int
    free: bool
    sku: str
    missing: Quantity
    action: Literal["cut", "backorder", "refuse"]
    wait_days: int | None = None


class Totals(NamedTuple):
    """The order's sums: gross - discount = net; net + tax + round_off = payable."""

    gross: Minor
    discount: Minor
    net: Minor
    tax: Minor
    round_off: Minor
    payable: Minor


class CounterChange(NamedTuple):
    """What committing this result adds to one counter; only the hub commits it.

    Where `bought` alone is not zero, the order counts towards a period and has earned nothing yet.
    """

    rule: str
    scope: str
    used: int
    spent: Minor
    bought: int = 0
    pieces: Quantity = Quantity(0)

    @property
    def key(self) -> CounterKey:
        """Name the counter."""
        return self.rule, self.scope

    @property
    def as_count(self) -> Count:
        """Give what is added to the counter."""
        return Count(self.used, self.spent, self.bought, self.pieces)

    @staticmethod
    def of(key: CounterKey, count: Count) -> "CounterChange":
        """Say that a count is added to a counter."""
        rule, scope = key
        return CounterChange(
            rule, scope, count.uses, count.money, bought=count.bought, pieces=count.pieces
        )


class NearMiss(NamedTuple):
    """What was almost earned, as a code with its raw parameters (`6 more and you get 2 free`)."""

    rule: str
    line: int | None
    code: str
    params: Params


class Escalation(NamedTuple):
    """What happens where nobody has decided `after_min` minutes after an approval was asked for.

    `notify` tells these roles, `reassign` lets them decide instead, `expire` ends it; never a yes.
    """

    after_min: int
    action: Literal["notify", "reassign", "expire"]
    roles: tuple[str, ...] = ()


class OfferTerms(NamedTuple):
    """What an approver may offer instead of a yes: smaller quantities, other ways to pay."""

    smaller: bool
    payments: tuple[Payment, ...] = ()


class ApprovalNeed(NamedTuple):
    """Who releases a held order: the reason, the approval rule, the roles, the amount.

    `steps` follow each other; in each, one person of any of its roles says yes, and nobody says it
    twice. Who placed the order never may. Where nobody has decided `within_min` minutes the order
    waits on, is rejected, or goes to `next_steps`, as `otherwise` says; time never approves.
    `require` is what the conditions of a credit rule ask for before the yes. `never` names those
    who may not decide, by what they are to the order; with `delegate` somebody may stand in for
    who does. `escalations` follow silence, and `offer` is what may be offered instead of a yes.
    """

    code: str
    rule: str
    steps: tuple[tuple[str, ...], ...]
    amount: Minor
    within_min: int | None = None
    otherwise: Literal["wait", "next", "reject"] = "wait"
    next_steps: tuple[tuple[str, ...], ...] = ()
    require: tuple[str, ...] = ()
    never: tuple[str, ...] = ("requester",)
    delegate: bool = True
    escalations: tuple[Escalation, ...] = ()
    offer: OfferTerms | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The decision on one order.

    `price_hash` covers the amounts as ordered, before stock and credit: what a terminal with the
    same pack and facts must reach. `result_hash` covers everything but the parameters of reasons
    and what was nearly earned.
    `reasons` are the ones that refused, held or changed the order, the gravest first; `trace` is
    all of them. A rejected order has no allocations and changes no counter.
    In a pack with prices that include tax, the amounts here are without it all the same.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    lines: tuple[PricedLine, ...]
    free: tuple[FreeGoods, ...]
    totals: Totals
    allocations: tuple[Allocation, ...]
    shorts: tuple[Short, ...]
    changes: tuple[CounterChange, ...]
    trace: tuple[Reason, ...]
    near_misses: tuple[NearMiss, ...]
    price_hash: str
    result_hash: str
    approvals: tuple[ApprovalNeed, ...] = ()

    def amounts(self) -> dict[int, LineAmount]:
        """Give what every line with a price comes to, by its number, without its taxes."""
        return {
            line.number: LineAmount(
                line.sku,
                line.unit_price,
                line.gross,
                Minor(line.line_discount + line.order_discount),
                line.net,
                line.pack.price if line.pack else None,
                line.mrp,
            )
            for line in self.lines
            if line.unit_price is not None
        }

    def tax_sums(self) -> dict[tuple[str, int], int]:
        """Give what the taxes of all lines come to, by head and rate."""
        sums: dict[tuple[str, int], int] = {}
        for line in self.lines:
            for part in line.taxes:
                key = (part.head, part.rate)
                sums[key] = sums.get(key, 0) + part.amount
        return sums

    def earners(self) -> tuple[tuple[int, ...], ...]:
        """Give the numbers of the lines that earned each of the free goods, where it is known."""
        return ((),) * len(self.free)

    def told(self, codes: Collection[str]) -> list[Reason]:
        """Give the steps of these codes; the others need not be written out for that."""
        return [step for step in self.trace if step.code in codes]

    def trace_as_json(self, encode: Callable[[object], bytes]) -> bytes:
        """Give the trace as JSON, each step an array; it need not be written out for that.

        `encode` writes JSON without blanks, named tuples as arrays.
        """
        return encode(self.trace)

    def moved(self) -> Iterator[tuple[str, str, Minor]]:
        """Give the code, the rule and the amount of every step that has one."""
        for step in self.trace:
            if step.amount is not None:
                yield step.code, step.rule, step.amount
