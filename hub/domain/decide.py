"""Decide one order against what the orders before it have left."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from broker.contract import AnswerData, OrderData
from hub.domain.exposure import credit_left, exposure_of
from hub.domain.ledger import Ledger, Party
from hub.domain.price_alarm import PriceAlarm, price_alarm
from hub.domain.verdict import Terms, Verdict, answer_of, hold, judge, refusal
from hub.domain.well_formed import unit_faults
from rules import (
    Batch,
    CompiledPack,
    Counters,
    Credit,
    Facts,
    Order,
    OrderLine,
    Quantity,
    Result,
    evaluate,
    granted_credit,
)

_NO_CURRENCY: Final = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When an order is decided: Unix milliseconds, and the day in the distributor's zone."""

    now_ms: int
    day: date


def moment_of(now_ms: int, zone: tzinfo) -> Moment:
    """Give a moment with its business date: the day it is where the distributor is."""
    return Moment(now_ms, datetime.fromtimestamp(now_ms // 1000, zone).date())


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with all that has to be kept of it; `fault` is what went wrong, if anything.

    `alarm` is set where the terminal's price cannot be explained.
    """

    order: OrderData
    terms: Terms
    verdict: Verdict
    answer: AnswerData
    exposure: int
    party: Party | None = None
    result: Result | None = None
    facts: Facts | None = None
    counters: Counters | None = None
    fault: Exception | None = None
    alarm: PriceAlarm | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the order holds stock, money and budgets."""
        return self.verdict.status in {"confirmed", "confirmed_changed"}


def decide(
    order: OrderData,
    terminal: str,
    ledger: Ledger,
    *,
    moment: Moment,
    customers: Collection[str] = (),
) -> Decided:
    """Decide an order and take from the ledger what it was promised.

    `customers` are codes that exist apart from the terminal's own.
    """
    party = ledger.parties[terminal]
    pack = ledger.pack_for(order.quote.pack if order.quote else None)
    terms = terms_of(pack, moment)
    if order.customer != party.customer.id:
        return _turned_away(order, party, terms, known=order.customer in customers)
    if pack is None:
        return undecided(order, party, terms, code="no_rule_pack", text="no rule pack is published")
    faults = unit_faults(order, ledger.catalogue.products)
    if faults:
        return _bare(order, party, terms, verdict=Verdict("rejected", faults))
    facts = Facts(
        as_of=str(moment.now_ms),
        customer=party.customer_on(moment.day),
        products=ledger.catalogue.products,
        credit=ledger.credit_of(party),
        batches=ledger.batches_of(party, {line.sku for line in order.lines} | pack.named_products),
    )
    counters = ledger.counters(facts.as_of, terminal)
    try:
        result = evaluate(_engine_order(order, moment), facts, counters, pack)
        return _settled(
            order,
            party,
            ledger,
            terms=terms,
            facts=facts,
            counters=counters,
            result=result,
            moment=moment,
        )
    except Exception as error:  # noqa: BLE001  # whatever a pack does, it must not stop the others
        text = "the rules failed on this order; the distributor was told"
        return undecided(order, party, terms, code="rule_failed", text=text, fault=error)


def _settled(
    order: OrderData,
    party: Party,
    ledger: Ledger,
    *,
    terms: Terms,
    facts: Facts,
    counters: Counters,
    result: Result,
    moment: Moment,
) -> Decided:
    """Turn a result into a decision, and take what it promises."""
    verdict = judge(result, order.quote, terms)
    payable = result.totals.payable
    exposure = exposure_of(status=verdict.status, payment=order.payment, payable=payable)
    before = _copied(counters, set(ledger.scopes([party.customer.id], moment.day)))
    batches: Mapping[str, tuple[Batch, ...]] = facts.batches or {}
    owed = ledger.exposure[party.customer_id] + exposure
    decided = Decided(
        order=order,
        terms=terms,
        verdict=verdict,
        answer=answer_of(
            order,
            verdict,
            result,
            terms=terms,
            products=facts.products,
            batches=batches,
            credit_left=credit_left(_credit_of(order, facts, ledger, moment=moment), owed),
        ),
        exposure=exposure,
        party=party,
        result=result,
        facts=facts,
        counters=before,
        alarm=_alarm(order, party, ledger, moment=moment, result=result),
    )
    if decided.is_open:
        ledger.take(party, result.allocations, exposure)
        ledger.spend(party.terminal, result.changes)
    return decided


def _credit_of(order: OrderData, facts: Facts, ledger: Ledger, *, moment: Moment) -> Credit | None:
    """Give the credit that counted: what the pack grants where nobody set a limit."""
    if ledger.pack is None or facts.credit is None or facts.credit.state != "unset":
        return facts.credit
    return granted_credit(_engine_order(order, moment), facts, ledger.pack)


def _alarm(
    order: OrderData, party: Party, ledger: Ledger, *, moment: Moment, result: Result
) -> PriceAlarm | None:
    """Look closer where the terminal came to another price; it never touches the order."""
    quote = order.quote
    if quote is None or quote.price_hash == result.price_hash:
        return None
    try:
        return price_alarm(_engine_order(order, moment), quote, ledger, party=party)
    except Exception:  # noqa: BLE001  # what cannot be priced again cannot be called wrong
        return None


def undecided(
    order: OrderData,
    party: Party | None,
    terms: Terms,
    *,
    code: str,
    text: str,
    fault: Exception | None = None,
) -> Decided:
    """Hold an order that could not be decided, so that a person sees it."""
    return _bare(order, party, terms, verdict=hold(code, text), fault=fault)


def terms_of(pack: CompiledPack | None, moment: Moment) -> Terms:
    """Name what orders are decided under at this moment."""
    day = moment.day.isoformat()
    if pack is None:
        return Terms(None, 0, _NO_CURRENCY, scale=0, business_date=day)
    return Terms(
        pack.hash,
        pack.version,
        pack.currency,
        scale=pack.scale,
        business_date=day,
        approve_changes=pack.quotes.otherwise == "approve",
    )


def _turned_away(order: OrderData, party: Party, terms: Terms, *, known: bool) -> Decided:
    """Reject an order for a customer that this terminal does not serve."""
    if known:
        text = f"this terminal orders for {party.customer.id}, not for {order.customer}"
        verdict = refusal("customer_not_served", text)
    else:
        verdict = refusal("customer_unknown", f"customer {order.customer} is not known")
    return _bare(order, None, terms, verdict=verdict)


def _bare(
    order: OrderData,
    party: Party | None,
    terms: Terms,
    *,
    verdict: Verdict,
    fault: Exception | None = None,
) -> Decided:
    """Write a decision without amounts."""
    answer = answer_of(order, verdict, None, terms=terms, products={}, batches={}, credit_left=None)
    return Decided(
        order=order,
        terms=terms,
        verdict=verdict,
        answer=answer,
        exposure=0,
        party=party,
        fault=fault,
    )


def _engine_order(order: OrderData, moment: Moment) -> Order:
    """Write the order as the engine knows it."""
    return Order(
        id=order.order,
        customer=order.customer,
        business_date=moment.day,
        lines=tuple(
            [
                OrderLine(one.line, one.sku, Quantity(one.qty), one.unit, one.batch)
                for one in order.lines
            ]
        ),
        payment=order.payment,
        coupons=tuple(order.coupons),
        choices=order.choices,
    )


def _copied(counters: Counters, scopes: Collection[str]) -> Counters:
    """Keep the counters an order saw: the ledger's own go on changing."""
    return Counters(
        as_of=counters.as_of,
        used={key: n for key, n in counters.used.items() if key[1] in scopes},
        spent={key: n for key, n in counters.spent.items() if key[1] in scopes},
        bought={key: n for key, n in counters.bought.items() if key[1] in scopes},
        pieces={key: n for key, n in counters.pieces.items() if key[1] in scopes},
    )
