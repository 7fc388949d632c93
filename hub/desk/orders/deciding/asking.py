"""From what people ask for to what is decided: one way, for whoever does it or looks ahead."""

from datetime import date
from typing import NamedTuple

from hub.base.access import Scope
from hub.base.transaction import Transaction
from hub.desk.orders.deciding.changing import Again, decide_again
from hub.desk.orders.deciding.locking import LockedOrder
from hub.desk.orders.deciding.reading import Desk
from hub.desk.orders.model.asked import (
    Amendment,
    AskedOrder,
    amended,
    differences,
    order_lines,
)
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import warehouse_of
from hub.desk.parties.model.days import last_wanted, misses
from hub.desk.parties.store import business_day, seller_of
from hub.desk.parties.store.addresses import find_address
from rules import Order


def request_of(
    t: Transaction, desk: Desk, asked: AskedOrder, *, uuid: str, by: Requester, scope: Scope
) -> OrderRequest | Refused:
    """Write what is asked for as the request that is decided; its number is yet to be given.

    Refused is an order for a day that is over or years ahead, or for a customer, to an address or
    from a warehouse that is not there, or not in `scope`.
    """
    past = fault_of_day(t, asked.delivery_date)
    if past is not None:
        return Refused(past)
    seller = seller_of(t, asked.customer, scope=scope)
    if seller is None:
        return Refused(Reason("customer_unknown", {"customer": asked.customer}))
    warehouse = warehouse_of(t, seller, asked.warehouse, scope=scope)
    if warehouse is None:
        return Refused(Reason("warehouse_unknown", {"warehouse": asked.warehouse}))
    ship_to = address_for(t, asked.customer, asked.ship_to)
    if isinstance(ship_to, Refused):
        return ship_to
    order = Order(
        id=uuid,
        customer=asked.customer,
        business_date=business_day(t),
        lines=order_lines(asked.lines, desk.catalogues.current(t).products),
        payment=asked.payment,
        coupons=asked.coupons,
        choices=asked.choices,
        delivery_date=asked.delivery_date,
    )
    return OrderRequest(
        order=order,
        number="",
        source=asked.source,
        source_key=asked.key,
        seller=seller,
        warehouse=warehouse,
        requester=by,
        captured_at=t.at_ms,
        asked=asked.digest,
        po_number=asked.po_number,
        ship_to=ship_to,
    )


def address_for(t: Transaction, customer: str, code: str) -> int | Refused | None:
    """Find the row of the address that a customer's code names; None for the customer's own.

    Refused is a code under which the customer has no address in force.
    """
    found = find_address(t, customer, code) if code else None
    if code and found is None:
        return Refused(Reason("address_unknown", {"address": code, "customer": customer}))
    return found


def fault_of_day(t: Transaction, wanted: date | None) -> Reason | None:
    """Say that goods cannot be wanted on a day that is over, or years ahead; None else."""
    today = business_day(t)
    why = None if wanted is None else misses(wanted, today)
    if wanted is None or why is None:
        return None
    day = wanted.isoformat()
    if why == "past":
        return Reason("delivery_past", {"day": day, "first": today.isoformat()})
    return Reason("delivery_far", {"day": day, "last": last_wanted(today).isoformat()})


class AgainAmended(NamedTuple):
    """A decision made once more on other content, and what that asks for that was not asked for."""

    again: Again
    changes: tuple[Reason, ...]


def decide_amended(
    t: Transaction, desk: Desk, order: LockedOrder, *, change: Amendment
) -> AgainAmended | Refused:
    """Decide an order once more with an amendment, by today's rules; nothing is written yet.

    Refused is an amendment that wants the goods on a day that is over, or years ahead, and was not
    wanted before.
    """
    products = desk.catalogues.current(t).products
    before = order.request.order
    wanted = change.delivery.day if change.delivery else None
    past = None if wanted == before.delivery_date else fault_of_day(t, wanted)
    if past is not None:
        return Refused(past)
    content = amended(before, change, products, day=business_day(t))
    again = decide_again(t, desk, order, content=content)
    return AgainAmended(again, differences(before, content, products))
