"""The provisional price: the hub's own rules on what this terminal knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from broker.contract.facts import CustomerFacts, SchemeCounter, facts_hash
from broker.contract.messages import ConfigData, Payment, Quote, Totals
from rules import (
    UNCOUNTED,
    CompiledPack,
    Count,
    CounterChange,
    Counters,
    Credit,
    Customer,
    Facts,
    LineAmount,
    Minor,
    Order,
    OrderLine,
    Product,
    Quantity,
    Reason,
    Result,
    Worded,
    evaluate,
)
from terminal.core.order import Line
from terminal.core.text import Currency
from terminal.core.words import Voice

_CUT: Final = frozenset({"limit_reached", "limit_short"})
_USED_UP: Final = frozenset({"lease_used_up"})
_COUPONS: Final = frozenset({"coupon_unknown", "coupon_unused"})
_GAVE: Final = "scheme_applied"
_BOUND: Final = _CUT | _USED_UP | {"budget_used_up", "limit_used_up"}
"""What the trace says where a limit of a scheme changed a price."""


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """What prices depend on here: whom for, what is sold, by which rules, what is used up.

    `catalogue` is the hash of the snapshot that `products` are of.
    """

    customer: CustomerFacts
    catalogue: str | None
    products: Mapping[str, Product]
    pack: CompiledPack
    counters: Counters = field(default_factory=Counters)


@dataclass(frozen=True, slots=True)
class FreeAmount:
    """Goods a scheme promises; `scheme` is what that is called, `lines` are those that earn it."""

    sku: str
    name: str
    quantity: int
    scheme: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What one head of tax comes to on the whole order: `CGST`, 25,000 millionths, 13.38.

    The rate is 0 for so much a piece.
    """

    head: str
    rate: int
    amount: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The provisional price of an order; `lines` are by number, without those without a price.

    `rounded` says which quantities are not as asked, because the pack sells no such quantity.
    `held_back` says which schemes are not given, or not in full, before the hub has answered;
    `changes` is what the order uses of schemes if it is taken as priced, `coupon_notes` which
    coupons give nothing, `offers` what may be had instead of free goods. `quote` makes what is sent
    with it: an order is priced at every scan, and sent once. `taxes` are summed by head and rate,
    `schemes` say what each scheme takes off.
    """

    currency: Currency
    lines: Mapping[int, LineAmount]
    free: tuple[FreeAmount, ...]
    totals: Totals
    near: tuple[str, ...]
    quote: Callable[[], Quote]
    rounded: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    changes: tuple[CounterChange, ...] = ()
    coupon_notes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    taxes: tuple[TaxSum, ...] = ()
    schemes: tuple[str, ...] = ()

    def amount(self, minor: int) -> str:
        """Write an amount in minor units with its currency: `INR 1.00`."""
        return self.currency.named(minor)


def choices_of(pack: CompiledPack, wishes: Sequence[str]) -> dict[str, str]:
    """Give the newest wish that each scheme with a choice can fulfil, by the scheme's id."""
    return {
        scheme.id: wished
        for wished in wishes
        for scheme in pack.free_schemes.rules
        if wished in scheme.choice
    }


def price(
    order_id: str,
    lines: Sequence[Line],
    *,
    day: date,
    facts: PriceFacts,
    voice: Voice,
    coupons: Sequence[str] = (),
    choices: Mapping[str, str] | None = None,
    payment: Payment = "credit",
) -> Priced:
    """Price the open order; batches are not known here, so stock is left to the hub.

    What is told of the price is in the words of the `voice`.
    """
    customer = facts.customer
    order = Order(
        id=order_id,
        customer=customer.id,
        business_date=day,
        lines=tuple(_order_line(line) for line in lines),
        payment=payment,
        coupons=tuple(coupons),
        choices=choices or {},
    )
    known = Facts(
        as_of=str(customer.credit.as_of),
        customer=Customer(customer.id, customer.type, tuple(customer.geo), customer.status),
        products=facts.products,
        credit=Credit(
            customer.credit.state, Minor(customer.credit.limit), Minor(customer.credit.exposure)
        ),
        batches=None,
    )
    result = evaluate(order, known, facts.counters, facts.pack)
    return _priced(result, facts, day, voice=voice, coupons=coupons)


def _order_line(line: Line) -> OrderLine:
    return OrderLine(
        line.number, line.sku, Quantity(line.quantity), line.unit or None, line.batch or None
    )


def counters_of(
    config: ConfigData,
    pack: CompiledPack,
    spent: Iterable[CounterChange],
    *,
    day: date,
    now_ms: int,
) -> Counters:
    """Count what is used up here: all of a total limit that is not leased, and what `spent` took.

    `now_ms` is the hub's time. A lease that has run out leaves nothing.
    """
    counts = {
        (one.rule, one.scope): Count(one.used, Minor(one.spent), one.bought, Quantity(one.pieces))
        for one in config.counters
    }
    leases = {(one.rule, one.scope): one for one in config.leases if one.until > now_ms}
    for shared in pack.shared:
        key = shared.key(day)
        lease = leases.get(key)
        held = (lease.uses, lease.amount, lease.pieces) if lease else (0, 0, 0)
        limits = (shared.uses, shared.amount, shared.pieces)
        used, amount, pieces = (
            0 if most is None else max(most - here, 0)
            for most, here in zip(limits, held, strict=True)
        )
        counts[key] = Count(used, Minor(amount), pieces=Quantity(pieces))
    for change in spent:
        counts[change.key] = counts.get(change.key, UNCOUNTED).plus(change.as_count)
    leased = tuple(shared.rule for shared in pack.shared)
    return Counters(str(config.counted_at), counts, leased)


def _quoted_with(result: Result, counters: Counters) -> list[SchemeCounter]:
    """Name the counters without which the order would be priced otherwise."""
    if not counters.counts:
        return []
    rules = {step.rule for step in result.told(_BOUND)}
    rules |= {change.rule for change in result.changes if change.bought}
    return [
        SchemeCounter(
            rule=key[0],
            scope=key[1],
            used=count.uses,
            spent=count.money,
            bought=count.bought,
            pieces=count.pieces,
        )
        for key, count in sorted(counters.counts.items())
        if key[0] in rules
    ]


def _held_back(result: Result, facts: PriceFacts, voice: Voice) -> tuple[str, ...]:
    """Say what is kept back until the hub answers."""
    leased, currency = facts.counters.leased, Currency.of(facts.pack)
    if not leased:
        return ()
    used_up = result.told(_USED_UP)
    cut = [step for step in result.told(_CUT) if step.rule in leased]
    return (
        *(voice.reason(step, currency) for step in used_up),
        *(voice.text("price.until_answer", text=voice.reason(step, currency)) for step in cut),
    )


def _priced(
    result: Result, facts: PriceFacts, day: date, *, voice: Voice, coupons: Sequence[str]
) -> Priced:
    pack = facts.pack
    totals = result.totals
    currency = Currency.of(pack)
    tell = partial(voice.reason, currency=currency)
    return Priced(
        currency=currency,
        lines=result.amounts(),
        free=tuple(
            FreeAmount(
                free.sku,
                _name(facts.products, free.sku),
                free.earned,
                voice.names.get(free.rule, ""),
                earners,
            )
            for free, earners in zip(result.free, result.earners(), strict=True)
        ),
        totals=Totals(
            gross=totals.gross,
            discount=totals.discount,
            net=totals.net,
            tax=totals.tax,
            round_off=totals.round_off,
            payable=totals.payable,
        ),
        near=tuple(tell(miss) for miss in result.near_misses),
        quote=partial(_quote, result, facts, day),
        held_back=_held_back(result, facts, voice),
        changes=result.changes,
        rounded=tuple(tell(one) for one in result.reasons if one.code == "quantity_rounded"),
        coupon_notes=tuple(map(tell, result.told(_COUPONS))) if coupons else (),
        offers=_offers(result, facts, voice),
        taxes=_taxes(result),
        schemes=_schemes(result, tell),
    )


def _taxes(result: Result) -> tuple[TaxSum, ...]:
    """Give the taxes of all lines by head and rate, as they come."""
    sums = result.tax_sums().items()
    return tuple(TaxSum(head, rate, amount) for (head, rate), amount in sums if amount)


def _schemes(result: Result, tell: Callable[[Worded], str]) -> tuple[str, ...]:
    """Say what each scheme takes off the whole order: `10 off soap: 68.10 off`."""
    given: dict[str, int] = {}
    for code, rule, amount in result.moved():
        if code == _GAVE:
            given[rule] = given.get(rule, 0) + amount
    return tuple(
        tell(Reason("order_schemes", "scheme_applied", {"rule": rule, "amount": amount}))
        for rule, amount in given.items()
    )


def _offers(result: Result, facts: PriceFacts, voice: Voice) -> tuple[str, ...]:
    """Say what may be had instead of what is given, and by which code."""
    choice = {scheme.id: scheme.choice for scheme in facts.pack.free_schemes.rules}
    given = dict.fromkeys((free.rule, free.sku) for free in result.free)
    return tuple(
        voice.text(
            "price.instead",
            given=_name(facts.products, sku),
            others=", ".join(
                f"{_name(facts.products, other)} (OW-FREE-{other})"
                for other in choice[rule]
                if other != sku
            ),
        )
        for rule, sku in given
        if len(choice.get(rule, ())) > 1
    )


def _quote(result: Result, facts: PriceFacts, day: date) -> Quote:
    return Quote(
        pack=facts.pack.hash,
        pack_version=facts.pack.version,
        facts=facts_hash(facts.customer),
        price_hash=result.price_hash,
        payable=result.totals.payable,
        catalogue=facts.catalogue,
        day=day,
        counters=_quoted_with(result, facts.counters),
    )


def _name(products: Mapping[str, Product], sku: str) -> str:
    product = products.get(sku)
    return product.name if product else sku
