"""Fill back-orders: stock that came in goes to the lines that wait for it, at their price."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from hub.base.engine.database import holders, padded
from hub.base.transaction import Transaction
from hub.desk.orders.deciding.changing import Changed, StateOnly, holdings_of, keep_state
from hub.desk.orders.deciding.locking import LockedOrder
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.model.availability import Availability
from hub.desk.orders.model.decide import decide
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.parties.store import business_day
from hub.desk.stock import store as stock
from hub.desk.stock.store import Goods, Reservation

_HELD: Final = """
coalesce((SELECT sum(a.quantity) FROM allocation a
          WHERE a.order_id = l.order_id AND a.free = l.free AND a.line = l.line), 0)
"""
_LINES: Final = """
order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
JOIN order_line l ON l.order_id = o.id AND l.revision = r.content
"""
_WAITING: Final = f"""
SELECT l.free, l.line, l.sku, l.name, l.quantity - {_HELD} FROM {_LINES}
WHERE o.id = ? AND l.quantity > {_HELD} ORDER BY l.free, l.line
"""  # noqa: S608  # constants of ours
_TOLD: Final = """
SELECT c.reasons FROM order_revision r
JOIN order_revision c ON c.order_id = r.order_id AND c.revision = r.content
WHERE r.order_id = ? AND r.revision = ?
"""
_NEXT: Final = f"""
SELECT o.id, o.uuid FROM {_LINES}
WHERE o.status = 'confirmed' AND o.delivery = '' AND o.warehouse_id = ? AND o.id > ?
AND l.quantity > {_HELD}
AND l.product_id IN (%s) ORDER BY o.id LIMIT 1
"""  # noqa: S608  # likewise
_SELLABLE: Final = """
SELECT 1 FROM batch WHERE status = 'ok' AND on_hand > reserved AND warehouse_id = ?
AND product_id IN (%s) LIMIT 1
"""


class WaitingLine(NamedTuple):
    """A line that waits for base units of a product, or free goods that do."""

    free: bool
    line: int
    sku: str
    name: str
    quantity: int


class NextOrder(NamedTuple):
    """The order that is filled next: its row's id, and its own id."""

    id: int
    uuid: str


def waiting_lines(t: Transaction, order: int) -> list[WaitingLine]:
    """Read which lines of an order wait, and for how much."""
    return [
        WaitingLine(bool(free), line, sku, name, int(quantity))
        for free, line, sku, name, quantity in t.rows(_WAITING, (order,))
    ]


def next_waiting(
    t: Transaction, warehouse: int, products: Sequence[int], *, after: int
) -> NextOrder | None:
    """Find the first order behind `after` that waits for one of these products of a warehouse.

    None too where nothing of them is left to sell.
    """
    some, marks = padded(products), holders(len(products))
    if not t.rows(_SELLABLE % marks, (warehouse, *some)):
        return None
    found = t.rows(_NEXT % marks, (warehouse, after, *some))
    return NextOrder(*found[0]) if found else None


def fill(t: Transaction, desk: Desk, order: LockedOrder) -> Changed | Refused:
    """Allocate to an order's waiting lines what there is for them by now, as its next revision.

    The rules that decided it say which batches: no price, scheme or batch that the order has
    changes. A line whose days of waiting are over is left. Refused is an order for which nothing
    has come.
    """
    waiting = _within_days(t, order, waiting_lines(t, order.id))
    picks = _pick(t, desk, order, waiting=waiting) if waiting else {}
    if not picks:
        return Refused(Reason("nothing_to_fill"))
    revision = order.revision + 1
    told = tuple(
        Reason("back_order_filled", {"product": one.name or one.sku, "now": filled}, line=one.line)
        for one in waiting
        if (filled := sum(n for goods, n in picks.items() if goods[:2] == one[:2]))
    )
    stock.take(t, [Reservation(order.id, revision, *goods, n) for goods, n in picks.items()])
    status: Status = "confirmed" if waiting_lines(t, order.id) else "allocated"
    state = StateOnly(order.id, revision, "back_ordered", status, told, t.actor, t.at_ms)
    return keep_state(t, order, state)


def _within_days(
    t: Transaction, order: LockedOrder, waiting: Sequence[WaitingLine]
) -> list[WaitingLine]:
    """Leave out lines that the rules had wait for so many days only, which are over."""
    ((written,),) = t.rows(_TOLD, (order.id, order.revision))
    over = business_day(t) - order.request.order.business_date
    bounds = {
        one.line: days
        for one in read_reasons(bytes(written))
        for name, params in one.params.get("rest", ())
        if name == "rest.within" and (days := params.get("days")) is not None
    }
    return [
        one
        for one in waiting
        if one.line not in bounds or over <= timedelta(days=bounds[one.line]) or one.free
    ]


def _pick(
    t: Transaction, desk: Desk, order: LockedOrder, *, waiting: Sequence[WaitingLine]
) -> dict[Goods, int]:
    """Choose batches for what waits, as if the order were decided whole: what it has, it keeps."""
    holdings = holdings_of(t, order.id)
    availability = read_availability(t, desk, [order.request], holdings=holdings)
    _leave_expired(t, availability)
    pack = desk.packs.earlier(t, order.pack_hash)
    result = decide(order.request, availability, now_ms=t.at_ms, by=pack).result
    warehouse = order.request.warehouse.id
    left = {(one.free, one.line): one.quantity for one in waiting}
    picks: dict[Goods, int] = {}
    for part in result.allocations if result else ():
        goods = (part.free, part.number, availability.batch_ids[warehouse, part.sku, part.batch])
        more = min(part.quantity - holdings.held.get(goods, 0), left.get(goods[:2], 0))
        if more > 0:
            picks[goods] = more
            left[goods[:2]] -= more
    return picks


def _leave_expired(t: Transaction, availability: Availability) -> None:
    """Leave out batches that have expired since the order was decided."""
    today = business_day(t)
    availability.batches = {
        lot: tuple(one for one in batches if one.expiry is None or one.expiry >= today)
        for lot, batches in availability.batches.items()
    }
