"""Which schemes a counter may give from its leases: those that could hold for its customer."""

from datetime import date

from rules.engine.inputs import Customer, Order
from rules.engine.schemes.shared import Shared
from rules.engine.tables import CompiledPack


def shared_for(pack: CompiledPack, customer: Customer, day: date) -> tuple[Shared, ...]:
    """Give the total limits of the schemes that could hold for a customer on a day.

    Asked is what a counter orders: on credit, and without coupons.
    """
    if not pack.shared:
        return ()
    order = Order(id="", customer=customer.id, business_date=day, lines=())
    side = pack.side_of(customer, order)
    holding = {
        rule.id
        for name, table in pack.scheme_tables()
        for rule in table.holding(getattr(side, name))
    }
    return tuple(one for one in pack.shared if one.rule in holding)
