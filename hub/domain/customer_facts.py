"""What a terminal is told of its customer."""

from broker.contract import CreditFacts, CustomerFacts
from hub.domain.ledger import Party


def customer_facts(party: Party, *, exposure: int, as_of: int) -> CustomerFacts:
    """Write what the party's terminal may know of its customer."""
    customer, credit = party.customer, party.credit
    # A limit that only a pack grants is for the hub to say: the terminal counts on none.
    state = "cash_only" if credit.state == "unset" else credit.state
    return CustomerFacts(
        id=customer.id,
        name=party.name,
        type=customer.type,
        geo=list(customer.geo),
        status=customer.status,
        credit=CreditFacts(state=state, limit=credit.limit, exposure=exposure, as_of=as_of),
    )
