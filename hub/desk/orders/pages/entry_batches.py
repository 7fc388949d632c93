"""The batches that staff may pick for a line of an order, beside the choice of the rules."""

from collections.abc import Mapping, Sequence

from hub.base.access import Session
from hub.base.engine import Connection
from hub.desk.orders.deciding import DryDecision
from hub.desk.orders.model.basket import BasketRow
from hub.desk.stock.reads.products import OfferedBatch, offer_batches


def offered_batches(
    connection: Connection,
    session: Session,
    *,
    dry: DryDecision | None,
    rows: Sequence[BasketRow],
) -> Mapping[str, Sequence[OfferedBatch]]:
    """Give by product the batches that its warehouse can sell on the order's day; to staff alone.

    One that is picked already stays on offer, whatever became of it.
    """
    if dry is None or not session.is_staff or not rows:
        return {}
    picked = {(row.sku, row.batch) for row in rows}
    today, place = dry.request.order.business_date, dry.request.warehouse.code
    found: dict[str, list[OfferedBatch]] = {}
    skus = {row.sku for row in rows}
    for one in offer_batches(connection, skus, place, scope=session.scope):
        sells = one.available > 0 and (one.expiry is None or one.expiry >= today)
        if sells or (one.sku, one.code) in picked:
            found.setdefault(one.sku, []).append(one)
    return found
