"""Delivery notes, and how long orders took, as what reports are made from."""

from typing import Final

from sqlalchemy import and_, case, func, select

from hub.desk.accounts.tables import account_allocation, account_document, account_order
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_line
from hub.desk.invoices.tables import invoice, invoice_line
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.products.tables import product
from hub.desk.reports.reads.rows.buyers import buyer, buyer_filters, buyer_grains, buyer_joins
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, DaysBetween, SpanOf
from hub.desk.stock.tables import warehouse

_NOTE: Final = delivery.c
_STATES: Final = {
    "pending": ("picking", "picked"),
    "dispatched": ("dispatched", "delivered", "part", "refused", "closed_shop"),
}
_ARRIVED: Final = ("delivered", "part")


def notes(asked: Asked) -> Source:
    """Give the lines of delivery notes, by the day of each note."""
    line = delivery_line.c
    one = Grain(
        _NOTE.id,
        _NOTE.number,
        code=_NOTE.number,
        facts=(
            Fact("note_day", _NOTE.day, "day"),
            Fact("customer", func.coalesce(buyer.c.name, "")),
            Fact("note_state", _NOTE.state, "word", "delivery_state"),
        ),
        link="/deliveries/",
        linked=_NOTE.id,
    )
    return Source(
        delivery,
        (
            Join(delivery_line, line.delivery_id == _NOTE.id),
            Join(product, product.c.id == line.product_id, outer=True),
            Join(warehouse, warehouse.c.id == _NOTE.warehouse_id, outer=True),
            *buyer_joins(_NOTE.customer_id, _NOTE.day),
        ),
        [deliveries_of(asked.scope)],
        grains={
            **buyer_grains(buyer.c.code),
            **goods_grains(line.sku, line.sku),
            **{s: Grain(SpanOf(s, _NOTE.day), SpanOf(s, _NOTE.day), kind="day") for s in SPANS},
            "warehouse": warehouse_grain(),
            "status": Grain(_NOTE.state, _NOTE.state, kind="word", family="delivery_state"),
            "note": one,
        },
        parts={
            "notes": Part(_NOTE.id, "distinct"),
            "planned": Part(line.planned),
            "sent": Part(line.sent),
            "brought": Part(line.delivered),
            "came_back": Part(line.back + line.damaged),
            "went_lost": Part(line.lost),
        },
        filters={
            **buyer_filters(_NOTE.customer_id, _NOTE.day, reader=asked.reader),
            **goods_filters(),
            "warehouse": warehouse_filter(_NOTE.warehouse_id),
            "status": lambda value: _NOTE.state.in_(_STATES[str(value)]),
        },
        day=_NOTE.day,
    )


def steps(asked: Asked) -> Source:
    """Give orders with the days from one step to the next, by the day that each was placed on."""
    order, day = order_.c, order_.c.business_date
    brought, billed, paid = _brought(), _billed(), _paid()
    spans = {"to_delivery": brought, "to_invoice": billed, "to_payment": paid}
    one = Grain(
        order.id,
        order.number,
        code=order.number,
        facts=(
            Fact("order_day", day, "day"),
            Fact("customer", func.coalesce(buyer.c.name, order.customer_code)),
            Fact("brought_day", brought, "day"),
            Fact("billed_day", billed, "day"),
            Fact("paid_day", paid, "day"),
        ),
        alone=True,
        link="/orders/",
        linked=order.uuid,
    )
    parts = {name: Part(DaysBetween(day, end)) for name, end in spans.items()}
    counts = {
        f"orders_{name}": Part(case((end.is_not(None), 1), else_=0)) for name, end in spans.items()
    }
    return Source(
        order_,
        (
            Join(warehouse, warehouse.c.id == order.warehouse_id, outer=True),
            *buyer_joins(order.customer_id, day),
        ),
        [orders_of(asked.scope), order.status.in_(("delivered", "invoiced"))],
        grains={
            **buyer_grains(order.customer_code),
            **{s: Grain(SpanOf(s, day), SpanOf(s, day), kind="day") for s in SPANS},
            "warehouse": warehouse_grain(),
            "order": one,
        },
        parts={**parts, **counts},
        filters={
            **buyer_filters(order.customer_id, day, reader=asked.reader),
            "warehouse": warehouse_filter(order.warehouse_id),
        },
        day=day,
    )


def _brought() -> Of:
    """Give the day on which the last of an order's goods arrived."""
    return (
        select(func.max(_NOTE.closed_day))
        .where(_NOTE.order_id == order_.c.id, _NOTE.state.in_(_ARRIVED))
        .scalar_subquery()
    )


def _billed() -> Of:
    """Give the day of an order's first invoice that counts."""
    return (
        select(func.min(invoice.c.day))
        .join(invoice_line, invoice_line.c.invoice_id == invoice.c.id)
        .where(
            invoice_line.c.order_id == order_.c.id,
            invoice.c.of_id.is_(None),
            invoice.c.cancelled_day.is_(None),
        )
        .scalar_subquery()
    )


def _paid() -> Of:
    """Give the day on which an order's invoice was paid in full; none while something is open."""
    document, given = account_document.c, account_allocation.c
    return (
        select(func.max(given.day))
        .select_from(account_order)
        .join(account_document, document.id == account_order.c.document_id)
        .join(account_allocation, given.debit_id == document.id)
        .where(
            account_order.c.order_id == order_.c.id,
            and_(document.amount > 0, document.allocated == document.amount),
        )
        .scalar_subquery()
    )
