"""What of orders is to be picked, and which other batches stand in for goods that are not found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.deliveries.model.notes import LockedNote, NoteLine
from hub.desk.deliveries.store.notes import NewLine, NewNote
from hub.desk.orders.deciding import Desk, LockedOrder
from hub.desk.parties.model.days import delivery_day
from hub.desk.stock.store import held_by
from rules import Batch, Counters, Customer, Facts, Order, OrderLine, Quantity, evaluate

_CONTENT: Final = "SELECT content FROM order_revision WHERE order_id = ? AND revision = ?"
_LINES: Final = """
SELECT free, line, product_id, sku, quantity FROM order_line
WHERE order_id = ? AND revision = ? AND quantity > 0 AND product_id IS NOT NULL
ORDER BY free, line
"""
_DAYS: Final = "SELECT delivery_days FROM customer_profile WHERE party_id = ?"
_AGAIN: Final = """
SELECT redeliver FROM delivery WHERE order_id = ? AND state = 'closed_shop' ORDER BY id DESC LIMIT 1
"""
_STOCKED: Final = "SELECT 1 FROM batch WHERE product_id = ? LIMIT 1"
_BATCHES: Final = """
SELECT id, code, received, manufactured, expiry, mrp, on_hand - reserved, status FROM batch
WHERE warehouse_id = ? AND product_id = ? AND (status = 'ok' AND on_hand > reserved OR id = ?)
ORDER BY id"""
_CUSTOMER: Final = "SELECT code, type, geo, status FROM party WHERE id = ?"


def plan_note(t: Transaction, order: LockedOrder) -> NewNote:
    """Say what a note of an order brings: each batch that it holds, and what has no batches.

    What the order waits for is not on it.
    """
    ((content,),) = t.rows(_CONTENT, (order.id, order.revision))
    held = held_by(t, order.id)
    lines: list[NewLine] = []
    for free, number, product, sku, quantity in t.rows(_LINES, (order.id, content)):
        goods: list[tuple[int | None, int]] = [
            (one[2], many) for one, many in held.items() if one[:2] == (bool(free), number)
        ]
        if not goods and not t.rows(_STOCKED, (product,)):
            goods = [(None, quantity)]
        for batch, many in goods:
            place = len(lines) + 1
            lines.append(NewLine(place, bool(free), number, product, sku, batch, many))
    return NewNote(order, content, _day_of(t, order), lines)


def _day_of(t: Transaction, order: LockedOrder) -> date:
    found = t.rows(_DAYS, (order.customer_id,))
    again = t.rows(_AGAIN, (order.id,))
    wanted = order.request.order.delivery_date
    promised = _date(again[0][0]) if again and again[0][0] else wanted
    weekdays = found[0][0] if found else ""
    return delivery_day(order.request.order.business_date, weekdays, promised=promised)


def _date(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def find_instead(
    t: Transaction,
    desk: Desk,
    note: LockedNote,
    *,
    order: LockedOrder,
    line: NoteLine,
    quantity: int,
) -> Mapping[int, int]:
    """Find, by the rules of the pack that serves, batches in place of goods that were not found.

    Batches of the product that came up short on this note before are left out. Gives base units by
    the batch's row id, less than was asked for where there is not enough.
    """
    bad = {one.code for one in note.lines if one.sku == line.sku and (one.short or one is line)}
    place = order.request.warehouse.code
    lots, ids = _lots(t, note, line, place=place, without=bad)
    pack = desk.packs.current(t)
    if pack is None or not lots:
        return {}
    row = t.rows(_CUSTOMER, (note.customer,))[0]
    asked = order.request.order
    one = OrderLine(1, line.sku, Quantity(quantity))
    question = Order("", asked.customer, asked.business_date, (one,), payment=asked.payment)
    facts = Facts(
        as_of=str(t.at_ms),
        customer=_customer(row),
        products=desk.catalogues.current(t).products,
        batches={line.sku: lots},
    )
    result = evaluate(question, facts, Counters(str(t.at_ms)), pack)
    found: dict[int, int] = {}
    for part in result.allocations:
        if not part.free and part.sku == line.sku:
            found[ids[part.batch]] = found.get(ids[part.batch], 0) + part.quantity
    return found


def _lots(
    t: Transaction, note: LockedNote, line: NoteLine, *, place: str, without: Collection[str]
) -> tuple[tuple[Batch, ...], Mapping[str, int]]:
    """Lock and read the batches of a product: what is free of each, but of these."""
    found = t.rows(f"{_BATCHES}{t.row_lock}", (note.warehouse, line.product, line.batch))
    t.lock(LockRank.BATCH, {row[0] for row in found})
    lots, ids = [], {}
    for row_id, code, received, made, expiry, mrp, left, status in found:
        if code in without or status != "ok" or left <= 0:
            continue
        ids[code] = row_id
        lots.append(
            Batch(
                code,
                line.sku,
                place,
                available=left,
                received=_date(received),
                manufactured=_date(made) if made else None,
                expiry=_date(expiry) if expiry else None,
                mrp=mrp,
            )
        )
    return tuple(lots), ids


def _customer(row: Sequence[Any]) -> Customer:
    code, kind, geo, status = row
    return Customer(code, kind, tuple(geo.split("/")) if geo else (), status)
