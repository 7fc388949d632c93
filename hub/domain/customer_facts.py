"""What a terminal is told of its customer, and the name of that knowledge."""

import hashlib
import json

from broker.contract import CreditFacts, CustomerFacts
from hub.domain.ledger import Party


def customer_facts(party: Party, *, exposure: int, as_of: int) -> CustomerFacts:
    """Write what the party's terminal may know of its customer."""
    customer, credit = party.customer, party.credit
    return CustomerFacts(
        id=customer.id,
        name=party.name,
        type=customer.type,
        geo=list(customer.geo),
        status=customer.status,
        credit=CreditFacts(state=credit.state, limit=credit.limit, exposure=exposure, as_of=as_of),
    )


def facts_hash(facts: CustomerFacts) -> str:
    """Name customer facts by the SHA-256 of what prices depend on.

    Exposure and its moment are left out: they change with every order, and answers tell them.
    """
    kept = [
        facts.id,
        facts.name,
        facts.type,
        facts.geo,
        facts.status,
        facts.credit.state,
        facts.credit.limit,
    ]
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
