"""What of a customer's invoices can still come back, the newest invoice first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from hub.base.access import Scope, visible
from hub.desk.deliveries.tables import delivery as delivery_note
from hub.desk.deliveries.tables import delivery_line
from hub.desk.invoices.tables import invoice, invoice_goods, invoice_line
from hub.desk.orders.tables import order_
from hub.desk.parties.tables import party
from hub.desk.returns.model import SoldLine

_DONE = ("delivered", "invoiced")


def list_sold(
    connection: Connection,
    customer: str,
    *,
    delivery: int | None = None,
    most: int = 5_000,
    scope: Scope,
) -> Sequence[SoldLine]:
    """Read the lines of which something is left, of one delivery note where it is named."""
    line, head = invoice_line.c, invoice.c
    credited = invoice_line.alias("credited")
    note = invoice.alias("note")
    back = (
        select(
            note.c.of_id.label("invoice"),
            credited.c.of_line.label("line"),
            func.sum(credited.c.quantity).label("quantity"),
        )
        .join(credited, credited.c.invoice_id == note.c.id)
        .where(note.c.of_id.is_not(None), note.c.cancelled_day.is_(None))
        .group_by(note.c.of_id, credited.c.of_line)
        .subquery()
    )
    left = line.quantity - func.coalesce(back.c.quantity, 0)
    query = (
        select(
            *(head.id, head.number, line.line, line.sku, line.name, line.free),
            *(left.label("left"), order_.c.number.label("order_number")),
        )
        .join(invoice, head.id == line.invoice_id)
        .join(party, party.c.id == head.customer_id)
        .join(order_, order_.c.id == line.order_id)
        .outerjoin(back, (back.c.invoice == head.id) & (back.c.line == line.line))
        .where(party.c.code == customer, head.of_id.is_(None))
        .where(head.cancelled_day.is_(None), left > 0, order_.c.status.in_(_DONE))
        .where(visible(scope, seller=head.seller_id, party=head.customer_id))
        .order_by(head.id.desc(), case((line.free, 1), else_=0), line.line)
        .limit(most)
    )
    if delivery is not None:
        query = query.where(_is_of(delivery))
    rows = connection.execute(query).all()
    batches = _batches(connection, {row.id for row in rows})
    return [
        SoldLine(
            invoice=row.id,
            number=row.number,
            line=row.line,
            sku=row.sku,
            name=row.name,
            free=bool(row.free),
            left=int(row.left),
            batches=batches.get((row.id, row.line), {}),
            order=row.order_number,
        )
        for row in rows
    ]


def _is_of(note: int) -> ColumnElement[bool]:
    """Say that goods of an invoice's line came by a delivery note.

    A line that was billed before its delivery names no note: what the note brought of it counts.
    """
    line, goods, brought = invoice_line.c, invoice_goods.c, delivery_line.c
    of_it = (goods.invoice_id == line.invoice_id) & (goods.line == line.line)
    named = exists().where(of_it, goods.delivery_id == note)
    before = ~exists().where(of_it, goods.delivery_id.is_not(None))
    came = exists().where(
        delivery_note.c.id == note,
        delivery_note.c.order_id == line.order_id,
        brought.delivery_id == note,
        brought.line == line.order_line,
        brought.free == line.free,
        brought.delivered > 0,
    )
    return or_(named, and_(before, came))


def _batches(connection: Connection, invoices: set[int]) -> dict[tuple[int, int], dict[str, int]]:
    goods = invoice_goods.c
    found: dict[tuple[int, int], dict[str, int]] = {}
    query: Any = select(goods.invoice_id, goods.line, goods.batch, goods.quantity)
    for row in connection.execute(query.where(goods.invoice_id.in_(sorted(invoices)))):
        by_batch = found.setdefault((row.invoice_id, row.line), {})
        by_batch[row.batch] = by_batch.get(row.batch, 0) + int(row.quantity)
    return found
