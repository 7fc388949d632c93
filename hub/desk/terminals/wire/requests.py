"""An order message as a request: what the hub decides, in its own words."""

from collections.abc import Collection, Mapping
from datetime import date

from broker.contract import Order as OrderMessage
from broker.contract import Quote
from hub.base.clock import LATEST_MS, is_possible
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest, Quoted, Requester
from hub.desk.terminals.model import ScannedProduct, ServedTerminal, as_scanned, source_key
from rules import CounterChange, Minor, Order, OrderLine, Quantity


def request_of(
    message: OrderMessage,
    terminal: ServedTerminal,
    *,
    day: date,
    customers: Collection[str],
    serves: Collection[str] = (),
    products: Mapping[str, ScannedProduct] | None = None,
) -> OrderRequest:
    """Write an order message as a request, to be decided on a day.

    `customers` are codes that exist beside the terminal's own, `serves` those of them that it
    orders for as well. `products` are those that bar codes name which a counter could not look up.
    A terminal's clock that cannot be right is not trusted, whatever it says of itself; the order is
    taken all the same.
    """
    asked = message.data
    lines = [
        OrderLine(one.line, one.sku, Quantity(one.qty), one.unit, one.batch) for one in asked.lines
    ]
    if products:
        lines = [as_scanned(line, products) for line in lines]
    return OrderRequest(
        order=Order(
            id=asked.order,
            customer=asked.customer,
            business_date=day,
            lines=tuple(lines),
            payment=asked.payment,
            coupons=tuple(asked.coupons),
            choices=asked.choices,
        ),
        number=asked.number,
        source="terminal",
        source_key=source_key((message.term, message.seq)),
        seller=terminal.seller,
        warehouse=terminal.warehouse,
        requester=Requester("terminal", message.term),
        captured_at=min(asked.captured_at, LATEST_MS),
        operator=asked.operator,
        clock_trusted=asked.clock_trusted and is_possible(asked.captured_at),
        quote=_quoted(asked.quote) if asked.quote else None,
        barred=() if asked.customer in serves else _barred(asked.customer, terminal, customers),
        holds=_holds(asked.operator, terminal),
    )


def _quoted(quote: Quote) -> Quoted:
    return Quoted(
        pack=quote.pack,
        pack_version=quote.pack_version,
        price_hash=quote.price_hash,
        payable=quote.payable,
        facts=quote.facts,
        catalogue=quote.catalogue,
        day=quote.day,
        counters=tuple(
            CounterChange(
                one.rule,
                one.scope,
                one.used,
                Minor(one.spent),
                one.bought,
                Quantity(one.pieces),
            )
            for one in quote.counters
        ),
    )


def _holds(operator: str, terminal: ServedTerminal) -> tuple[Reason, ...]:
    """Say why an order is for a person to look at: a counter asks for a card that it was told of.

    One that has not heard of it yet, or does not ask, is no way around it.
    """
    if operator or not terminal.operator_needed:
        return ()
    return (Reason("operator_missing", {"terminal": terminal.id}),)


def _barred(
    customer: str, terminal: ServedTerminal, customers: Collection[str]
) -> tuple[Reason, ...]:
    """Say why a terminal may not order for a customer."""
    if customer == terminal.customer:
        return ()
    if customer in customers:
        params: dict[str, int | str] = {"own": terminal.customer, "customer": customer}
        return (Reason("customer_not_served", params),)
    return (Reason("customer_unknown", {"customer": customer}),)


def fault_of(message: OrderMessage) -> str | None:
    """Say what is wrong with an order that was decoded, beyond its schema; None for a good one."""
    if message.seq < 1:
        return "an order's seq counts from 1"
    lines = message.data.lines
    if len({line.line for line in lines}) != len(lines):
        return "two lines have the same number"
    if not _is_own_number(message):
        return "an order's number is its terminal's name and its seq"
    return None


def _is_own_number(message: OrderMessage) -> bool:
    """Tell whether people read of an order who sent it, and which of its orders it is.

    A terminal could else send its order under the number of another shop's. Zeros before the seq
    do not matter.
    """
    terminal, _, seq = message.data.number.rpartition("-")
    return terminal == message.term and seq.isdecimal() and seq.lstrip("0") == str(message.seq)
