"""A terminal that prices the same as the hub, and comes out otherwise: one of the two is wrong."""

from dataclasses import replace

from broker.contract import CreditFacts, CustomerFacts, facts_hash
from hub.desk.orders.model.availability import Availability, Counterparty
from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.request import Quoted
from hub.desk.terminals.model import PriceAlarm
from rules import Counters, Facts, evaluate


def customer_facts(counterparty: Counterparty, *, exposure: int, as_of: int) -> CustomerFacts:
    """Write what a terminal may know of the customer that it orders for."""
    customer, credit = counterparty.customer, counterparty.credit
    return CustomerFacts(
        id=customer.id,
        name=counterparty.name,
        type=customer.type,
        geo=list(customer.geo),
        status=customer.status,
        credit=CreditFacts(state=credit.state, limit=credit.limit, exposure=exposure, as_of=as_of),
    )


def price_alarm(decided: Decided, availability: Availability) -> PriceAlarm | None:
    """Price an order again the way its terminal did; None where that explains the quote.

    The hub's own decision may rightly differ from a quote: another pack serves, the day is another,
    a budget is used up, the customer was changed. So the order is priced once more by what the
    terminal named, and as it does: on its day, without stock, with what its leases left it of the
    schemes it names and nothing used up of any other. Where pack, customer or catalogue are not
    what the hub has now, or are not named, nothing can be said.
    """
    quote, counterparty, result = decided.request.quote, decided.counterparty, decided.result
    if quote is None or counterparty is None or result is None:
        return None
    if quote.price_hash == result.price_hash:
        return None
    pack, catalogue = decided.pack, availability.catalogue
    own = facts_hash(customer_facts(counterparty, exposure=0, as_of=0))
    named = (quote.pack, quote.facts, quote.catalogue)
    if pack is None or quote.day is None or named != (pack.hash, own, catalogue.hash):
        return None
    facts = Facts(
        as_of="",
        customer=counterparty.customer,
        products=catalogue.products,
        credit=counterparty.credit,
        batches=None,
    )
    order = replace(decided.request.order, business_date=quote.day)
    try:
        again = evaluate(order, facts, _counters(quote), pack)
    except Exception:  # noqa: BLE001  # what cannot be priced again cannot be called wrong
        return None
    if again.price_hash == quote.price_hash:
        return None
    return PriceAlarm(pack.hash, own, catalogue.hash, quote.price_hash, again.price_hash)


def _counters(quote: Quoted) -> Counters:
    """Give what the terminal took to be used up."""
    return Counters(counts={one.key: one.as_count for one in quote.counters})
