"""The order as it leaves the counter: what its message says."""

from collections.abc import Mapping

from broker.contract.messages import OrderData, OrderLine, Payment, Quote
from terminal.core.clocks import Moment
from terminal.core.order.lines import OpenOrder


def order_data(  # all that an order's message says besides its lines
    order: OpenOrder,
    *,
    number: str,
    customer: str,
    operator: str,
    payment: Payment,
    choices: Mapping[str, str],
    quote: Quote | None,
    now: Moment,
) -> OrderData:
    """Write an order as its message says it, `number` being what people read."""
    lines = [
        OrderLine(
            line=line.number,
            sku=line.sku,
            qty=line.quantity,
            unit=line.unit or None,
            batch=line.batch or None,
        )
        for line in order.lines
    ]
    return OrderData(
        order=order.id,
        number=number,
        customer=customer,
        operator=operator,
        lines=lines,
        payment=payment,
        coupons=list(order.coupons),
        choices=dict(choices),
        quote=quote,
        captured_at=now.at_ms,
        mono_ms=now.mono_ms,
        clock_trusted=now.trusted,
    )
