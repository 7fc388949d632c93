"""What was delivered and is not billed yet: what invoices are made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.deliveries.model.life import OUTCOMES
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_line
from hub.desk.stock.tables import batch


@dataclass(frozen=True, slots=True)
class UnbilledLine:
    """Base units of one batch that a customer took, and no invoice has yet.

    `order`, `content`, `free` and `line` name the row of `order_line` that has price and tax:
    content is its revision. `closed_day` is the business day on which the shop took the goods.
    """

    delivery: int
    number: int
    note: str
    seller: int
    customer: int
    order: int
    content: int
    free: bool
    line: int
    sku: str
    batch: str | None
    quantity: int
    closed_day: date


def list_unbilled(
    connection: Connection,
    *,
    deliveries: Collection[int] = (),
    order: int | None = None,
    customer: int | None = None,
    scope: Scope,
) -> Sequence[UnbilledLine]:
    """Read delivered lines that are not billed, of these notes, an order or a customer; else all.

    A line of 12 of which 10 were delivered and 4 billed is there with 6.
    """
    note, one = delivery.c, delivery_line.c
    query = (
        select(
            *(note.id, one.number, note.number.label("note"), note.seller_id, note.customer_id),
            *(note.order_id, note.content, one.free, one.line, one.sku, batch.c.code),
            *((one.delivered - one.billed).label("quantity"), note.closed_day),
        )
        .join(delivery_line, one.delivery_id == note.id)
        .outerjoin(batch, batch.c.id == one.batch_id)
        .where(note.state.in_(OUTCOMES), one.delivered > one.billed, deliveries_of(scope))
        .order_by(note.id, one.number)
    )
    if deliveries:
        query = query.where(note.id.in_(sorted(deliveries)))
    if order is not None:
        query = query.where(note.order_id == order)
    if customer is not None:
        query = query.where(note.customer_id == customer)
    return [UnbilledLine(*tuple(row)) for row in connection.execute(query)]
