"""A terminal that prices the same as the hub, and comes out otherwise: one of the two is wrong."""

from dataclasses import dataclass, replace

from broker.contract import Quote, facts_hash
from hub.domain.customer_facts import customer_facts
from hub.domain.ledger import Ledger, Party
from rules import Counters, Facts, Minor, Order, Quantity, evaluate


@dataclass(frozen=True, slots=True)
class PriceAlarm:
    """What both priced by, and what each came to, all as hashes."""

    pack: str
    facts: str
    catalogue: str
    quoted: str
    recomputed: str


def price_alarm(order: Order, quote: Quote, ledger: Ledger, *, party: Party) -> PriceAlarm | None:
    """Price an order again the way its terminal did; None where that explains the quote.

    The hub's own decision may rightly differ from a quote: another pack serves, the day is another,
    a budget is used up, the customer was changed. So the order is priced once more by what the
    terminal named, and as it does: on its day, without stock, with what its leases left it of the
    schemes it names and nothing used up of any other. Where pack, customer or catalogue are not
    what the hub has now, or are not named, nothing can be said.
    """
    pack, catalogue = ledger.pack_for(quote.pack), ledger.catalogue
    own = facts_hash(customer_facts(party, exposure=0, as_of=0))
    named = (quote.pack, quote.facts, quote.catalogue)
    if pack is None or quote.day is None or named != (pack.hash, own, catalogue.hash):
        return None
    facts = Facts(
        as_of="",
        customer=party.customer,
        products=catalogue.products,
        credit=party.credit,
        batches=None,
    )
    again = evaluate(replace(order, business_date=quote.day), facts, _counters(quote), pack)
    if again.price_hash == quote.price_hash:
        return None
    return PriceAlarm(pack.hash, own, catalogue.hash, quote.price_hash, again.price_hash)


def _counters(quote: Quote) -> Counters:
    """Give what the terminal took to be used up."""
    named = {(one.rule, one.scope): one for one in quote.counters}
    return Counters(
        used={key: one.used for key, one in named.items()},
        spent={key: Minor(one.spent) for key, one in named.items()},
        bought={key: one.bought for key, one in named.items()},
        pieces={key: Quantity(one.pieces) for key, one in named.items()},
    )
