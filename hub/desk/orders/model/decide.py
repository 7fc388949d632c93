"""Decide one order against what the orders before it have left."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from hub.desk.accounts.model import credit_left, exposure_of
from hub.desk.orders.model.availability import Availability, Counterparty, is_inside
from hub.desk.orders.model.life import LIFE, OWING, Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest, content_hash
from hub.desk.orders.model.verdict import AWAITED, Need, Verdict, judge, still_held
from hub.desk.parties.model.days import delivery_day
from hub.desk.products.model import Catalogue, unit_faults
from rules import CompiledPack, Counters, Credit, Facts, Product, Result, evaluate, granted_credit

_NO_CURRENCY: Final = ""
_MOST: Final = 2**53 - 1
"""The largest amount that every reader of a message holds exactly, in minor units."""
_MOST_NAMED: Final = 5
"""Products that a reason names at most."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with all that has to be kept of it; `fault` is what went wrong, if anything.

    `exposure` is what the order adds to its customer's, `credit_left` what the customer may still
    order on credit, None where there is no limit.
    """

    request: OrderRequest
    verdict: Verdict
    pack: CompiledPack | None
    catalogue: Catalogue
    exposure: int = 0
    credit_left: int | None = None
    counterparty: Counterparty | None = None
    result: Result | None = None
    facts: Facts | None = None
    counters: Counters | None = None
    fault: Exception | None = None

    @property
    def status(self) -> Status:
        """Give the state that the order is in."""
        return self.verdict.status

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give why, the gravest first."""
        return self.verdict.reasons

    @property
    def takes(self) -> bool:
        """Say whether the order takes batches, credit and budgets."""
        return LIFE[self.status].reserves

    @property
    def payable(self) -> int:
        """Give what the order comes to, in minor units; 0 where it has no price."""
        return self.result.totals.payable if self.result else 0

    @property
    def currency(self) -> str:
        """Give the currency of the amounts; empty where nothing was priced."""
        return self.pack.currency if self.pack else _NO_CURRENCY

    @property
    def scale(self) -> int:
        """Give how many decimals the currency has."""
        return self.pack.scale if self.pack else 0

    @property
    def due(self) -> date | None:
        """Give the day on which a confirmed order is brought; None where nothing is to be yet."""
        if not self.takes or self.counterparty is None or self.result is None:
            return None
        if not any(line.quantity for line in self.result.lines):
            return None
        order, weekdays = self.request.order, self.counterparty.delivery_days
        return delivery_day(order.business_date, weekdays, promised=order.delivery_date)

    @property
    def mark(self) -> str:
        """Name the decision, so that what is confirmed is what was seen: its state and content."""
        return f"{self.status} {self.content_hash}"

    @property
    def content_hash(self) -> str:
        """Give the hash that an approval of this decision is bound to."""
        pack = self.pack.hash if self.pack else None
        return content_hash(
            self.request.seller, self.request.order, pack=pack, payable=self.payable
        )


def decide(
    request: OrderRequest,
    availability: Availability,
    *,
    now_ms: int,
    released: Collection[Need] = (),
    by: CompiledPack | None = None,
    holds: Sequence[Reason] = (),
    agreed: bool = False,
) -> Decided:
    """Decide an order and take from the availability what it was promised.

    `released` are the holds that were approved; `by` is the pack that decides, where it is not the
    one that serves; `holds` are why the order waits whatever the rules say: only a release ends
    them. Where `agreed`, so does what is outside of the agreements with its customer. Whatever
    a pack does, this gives a decision: it must not stop the others.
    """
    counterparty = availability.customers.get(request.order.customer)
    pack = by or availability.pack_for(request, now_ms)
    barred = request.barred or _faults_of(request, availability, counterparty)
    if barred:
        return _decide_without_rules(request, availability, Verdict("rejected", barred), pack=pack)
    if counterparty is None:
        raise AssertionError("a customer that nobody knows is a fault")
    if pack is None:
        verdict = Verdict("held", (Reason("no_rule_pack"),))
        return _decide_without_rules(request, availability, verdict, pack=None)
    try:
        asked = _ask_rules(request, availability, counterparty, pack=pack, as_of=str(now_ms))
        if _exceeds(asked.result):
            return undecided(request, availability, Reason("amount_too_large"))
        verdict = judge(asked.result, request.quote, pack, released=released)
        products = availability.catalogue.products
        kept = _agreed_holds(request, counterparty, products=products, result=asked.result)
        for hold in (*holds, *(kept if agreed else ())):
            if (hold.code, "") not in released:
                verdict = still_held(verdict, hold, asked.result)
        return _promise(request, availability, counterparty, verdict=verdict, asked=asked)
    except Exception as error:  # noqa: BLE001  # whatever a pack does, it must not stop the others
        return undecided(request, availability, Reason("rule_failed"), fault=error)


def holds_of(request: OrderRequest, availability: Availability) -> tuple[Reason, ...]:
    """Say why an order waits before the rules are asked.

    Its entrance wants it looked at, or orders of its customer may be missing: with 900.00 of a
    limit of 1,000.00 taken by an order that the hub has forgotten, 500.00 more would else be
    confirmed.
    """
    customer = availability.customers.get(request.order.customer)
    if customer is None or not customer.awaited:
        return request.holds
    return (*request.holds, Reason(AWAITED, {"terminals": list(customer.awaited)}))


def _agreed_holds(
    request: OrderRequest,
    counterparty: Counterparty,
    *,
    products: Mapping[str, Product],
    result: Result,
) -> Iterator[Reason]:
    """Say why an order waits for a person who may make an exception.

    A shop whose assortment is `category=tea` orders tea and one soap: the soap is named. One whose
    smallest order is 500.00 orders for 420.00: both amounts are.
    """
    outside = [
        product.name
        for sku in dict.fromkeys(line.sku for line in request.order.lines)
        if (product := products.get(sku)) and not is_inside(counterparty.assortment, product)
    ]
    if outside:
        yield Reason("outside_assortment", {"products": outside[:_MOST_NAMED]})
    payable, least = result.totals.payable, counterparty.minimum_order
    if least is not None and payable < least:
        yield Reason("below_minimum_order", {"payable": payable, "least": least})


class _Asked(NamedTuple):
    """What the rules were given, and what they found."""

    pack: CompiledPack
    facts: Facts
    counters: Counters
    result: Result


def _ask_rules(
    request: OrderRequest,
    availability: Availability,
    counterparty: Counterparty,
    *,
    pack: CompiledPack,
    as_of: str,
) -> _Asked:
    """Put the order before the rules, with what is left for it."""
    order = request.order
    skus = {line.sku for line in order.lines} | pack.named_products
    facts = Facts(
        as_of=as_of,
        customer=counterparty.customer_on(order.business_date),
        products=availability.catalogue.products,
        credit=availability.credit_of(counterparty),
        batches=availability.batches_of(request.warehouse.id, skus),
    )
    counters = availability.counters(as_of, request.lessee)
    return _Asked(pack, facts, counters, evaluate(order, facts, counters, pack))


def _exceeds(result: Result) -> bool:
    """Say whether an amount is above what can be told to a terminal; no line is above its sum."""
    totals = result.totals
    return max(totals.gross, totals.tax, totals.payable) > _MOST


def _promise(
    request: OrderRequest,
    availability: Availability,
    counterparty: Counterparty,
    *,
    verdict: Verdict,
    asked: _Asked,
) -> Decided:
    """Write what was decided, and take what a confirmed order was promised."""
    order, result = request.order, asked.result
    exposure = exposure_of(
        owes=verdict.status in OWING,
        payment=order.payment,
        payable=result.totals.payable,
    )
    owed = availability.exposure[counterparty.id] + exposure
    decided = Decided(
        request=request,
        verdict=verdict,
        pack=asked.pack,
        catalogue=availability.catalogue,
        exposure=exposure,
        credit_left=credit_left(_credit_of(request, asked.facts, asked.pack), owed),
        counterparty=counterparty,
        result=result,
        facts=asked.facts,
        counters=availability.seen([order.customer], order.business_date, asked.counters),
    )
    if decided.takes:
        availability.take(
            request.warehouse.id,
            result.allocations,
            result.changes,
            customer=counterparty.id,
            exposure=exposure,
            lessee=request.lessee,
        )
    return decided


def _credit_of(request: OrderRequest, facts: Facts, pack: CompiledPack) -> Credit | None:
    """Give the credit that counted: what the pack grants where nobody set a limit."""
    if facts.credit is None or facts.credit.state != "unset":
        return facts.credit
    return granted_credit(request.order, facts, pack)


def undecided(
    request: OrderRequest,
    availability: Availability,
    reason: Reason,
    *,
    fault: Exception | None = None,
) -> Decided:
    """Hold an order that could not be decided, so that a person sees it."""
    verdict, pack = Verdict("held", (reason,)), availability.pack
    return _decide_without_rules(request, availability, verdict, pack=pack, fault=fault)


def _decide_without_rules(
    request: OrderRequest,
    availability: Availability,
    verdict: Verdict,
    *,
    pack: CompiledPack | None,
    fault: Exception | None = None,
) -> Decided:
    """Write a decision without amounts."""
    return Decided(
        request=request,
        verdict=verdict,
        pack=pack,
        catalogue=availability.catalogue,
        counterparty=availability.customers.get(request.order.customer),
        fault=fault,
    )


def _faults_of(
    request: OrderRequest, availability: Availability, counterparty: Counterparty | None
) -> tuple[Reason, ...]:
    """Say why an order is not for the rules to decide: its customer, or a unit, is not known."""
    if counterparty is None:
        return (Reason("customer_unknown", {"customer": request.order.customer}),)
    return tuple(
        Reason("unit_unknown", {"product": name, "unit": unit, "units": units}, line=line)
        for line, name, unit, units in unit_faults(
            request.order.lines, availability.catalogue.products
        )
    )
