"""What a terminal is told of its customer."""

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
