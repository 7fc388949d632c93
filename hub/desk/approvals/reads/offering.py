"""An offer as an approver makes it of an order that is shown: so many of each line, paid so."""

from collections.abc import Mapping

from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.orders.reads.order import OrderDetail
from rules import Payment


def offer_of(order: OrderDetail, wanted: Mapping[int, int], payment: Payment) -> Amendment:
    """Make the change of an order; `wanted` are base units by line number, without one is none.

    A line that was ordered in cases of 12 and is to be 24 is offered as 2 cases.
    """
    lines = tuple(
        AskedLine(
            one.sku,
            count // (one.pack_size or 1),
            one.unit,
            one.batch,
            one.batch_reason or "",
            one.percent_off or 0,
            one.off_each or 0,
        )
        for one in order.newest.lines
        if (count := wanted.get(one.number, 0)) > 0
    )
    return Amendment(lines=lines, payment=payment)
