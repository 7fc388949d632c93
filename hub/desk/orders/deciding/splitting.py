"""Split an order: what there is now stays, and the rest is an order of its own that waits."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from hub.base.transaction import Transaction
from hub.desk.orders.deciding.changing import Again, Changed, holdings_of, keep
from hub.desk.orders.deciding.filling import waiting_lines
from hub.desk.orders.deciding.locking import LockedOrder
from hub.desk.orders.deciding.placing import write_new
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.model.asked import differences
from hub.desk.orders.model.decide import decide, holds_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest, Requester, rest_key
from rules import Order, Quantity


class Split(NamedTuple):
    """An order that was split, and the request of the order that its rest became."""

    changed: Changed
    rest: OrderRequest


class NewOrder(NamedTuple):
    """What the order of the rest is called."""

    uuid: str
    number: str


def split(
    t: Transaction,
    desk: Desk,
    order: LockedOrder,
    *,
    by: Requester,
    name: Callable[[], NewOrder],
) -> Split | Refused:
    """Make of an order that waits for some of its goods two, decided by the rules that it has.

    Both are decided again: price, schemes, credit and approvals count for each by itself. Refused
    is an order of which nothing waits or nothing is there, and one whose part the rules reject.
    """
    content = order.request.order
    waiting = {one.line: one.quantity for one in waiting_lines(t, order.id) if not one.free}
    now = _with_quantities(content, waiting, rest=False)
    rest = _with_quantities(content, waiting, rest=True)
    if not now.lines or not rest.lines:
        return Refused(Reason("nothing_to_split"))
    key = f"split {order.request.uuid} {order.revision}"
    request = _request_of(t, order, rest, named=name(), by=by, key=key)
    number = request.number
    holdings = holdings_of(t, order.id)
    kept = order.request.with_order(now)
    availability = read_availability(t, desk, [kept, request], holdings=holdings)
    pack = desk.packs.earlier(t, order.pack_hash)
    parts = [decide(one, availability, now_ms=t.at_ms, by=pack) for one in (kept, request)]
    rejected = next((one for one in parts if one.status == "rejected"), None)
    if rejected is not None:
        return Refused(rejected.reasons[0])
    told = (Reason("split_off", {"order": number}),)
    changes = differences(content, now, availability.catalogue.products)
    again = Again(parts[0], holdings, availability)
    changed = keep(t, order, again, cause="amended", told=told, changes=changes)
    write_new(t, availability, [parts[1]])
    return Split(changed, request)


def order_again(
    t: Transaction,
    desk: Desk,
    order: LockedOrder,
    *,
    quantities: Mapping[int, int],
    by: Requester,
    name: Callable[[], NewOrder],
) -> OrderRequest | Refused:
    """Order so much of the lines of an order once more, as an order of its own that points to it.

    By the rules that the first order has: of 12 ordered and 9 delivered, 3 at the price of then.
    Refused is an order of which there is nothing left, and one that the rules reject.
    """
    rest = _with_quantities(order.request.order, quantities, rest=True)
    rest = replace(rest, delivery_date=None)
    if not rest.lines:
        return Refused(Reason("nothing_to_split"))
    key = rest_key(order.request.uuid)
    request = _request_of(t, order, rest, named=name(), by=by, key=key)
    availability = read_availability(t, desk, [request])
    pack = desk.packs.earlier(t, order.pack_hash)
    holds = holds_of(request, availability)
    decided = decide(request, availability, now_ms=t.at_ms, by=pack, holds=holds)
    if decided.status == "rejected":
        return Refused(decided.reasons[0])
    write_new(t, availability, [decided])
    return request


def _request_of(
    t: Transaction, order: LockedOrder, rest: Order, *, named: NewOrder, by: Requester, key: str
) -> OrderRequest:
    """Write the request for the rest of an order: what is not said here, it has from the order.

    So the rest has the customer's purchase order and the delivery address, too.
    """
    return replace(
        order.request,
        order=replace(rest, id=named.uuid),
        number=named.number,
        source="staff",
        source_key=key,
        requester=by,
        operator="",
        captured_at=t.at_ms,
        clock_trusted=True,
        quote=None,
        asked=None,
        split_of=order.id,
    )


def _with_quantities(content: Order, waiting: Mapping[int, int], *, rest: bool) -> Order:
    """Write an order's content with the quantities that are there, or the `rest` that waits."""
    lines = []
    for line in content.lines:
        waits = min(waiting.get(line.number, 0), line.quantity)
        quantity = waits if rest else line.quantity - waits
        if quantity > 0:
            lines.append(replace(line, quantity=Quantity(quantity)))
    return replace(content, lines=tuple(lines))
