"""What schemes gave by document, and what of it was claimed, as what reports are made from."""

from typing import Final

from sqlalchemy import ColumnElement, FromClause, and_, case, func

from hub.base.access import Scope, visible
from hub.desk.claims.tables import scheme_given
from hub.desk.invoices.tables import invoice_line
from hub.desk.orders.tables import order_
from hub.desk.products.tables import product
from hub.desk.reports.model.requests import code_of
from hub.desk.reports.reads.rows.buyers import buyer, buyer_filters, buyer_grains, buyer_joins
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.sources import NO_NAME, Asked, Fact, Grain, Join, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.stock.tables import warehouse

_line: Final = invoice_line.c


def _seen(scope: Scope, rows: FromClause) -> list[ColumnElement[bool]]:
    """Say whose rows are seen; who is given some warehouses sees what their orders gave."""
    found = [visible(scope, seller=rows.c.seller_id, party=rows.c.customer_id)]
    if scope.warehouses:
        found.append(order_.c.warehouse_id.in_(sorted(scope.warehouses)))
    return found


def given(asked: Asked, *, rows: FromClause = scheme_given) -> Source:
    """Give what schemes gave, less what came back, by the day of the document that says so.

    `rows` may be a query that has the columns of what was given, and more.
    """
    one = rows.c
    funded = one.funder != NO_NAME
    order = Grain(
        order_.c.id,
        order_.c.number,
        code=order_.c.number,
        facts=(
            Fact("order_day", order_.c.business_date, "day"),
            Fact("customer", func.coalesce(buyer.c.name, order_.c.customer_code)),
        ),
        link="/orders/",
        linked=order_.c.uuid,
    )
    return Source(
        rows,
        (
            *buyer_joins(one.customer_id, one.day),
            Join(order_, order_.c.id == one.order_id),
            Join(warehouse, warehouse.c.id == order_.c.warehouse_id),
            Join(invoice_line, and_(_line.invoice_id == one.invoice_id, _line.line == one.line)),
            Join(product, product.c.id == _line.product_id, outer=True),
        ),
        _seen(asked.scope, rows),
        grains={
            **buyer_grains(buyer.c.code),
            **goods_grains(_line.sku, _line.name),
            **{span: Grain(SpanOf(span, one.day), SpanOf(span, one.day), "day") for span in SPANS},
            "warehouse": warehouse_grain(),
            "scheme": Grain(one.scheme, one.scheme, code=one.scheme),
            "funder": Grain(one.funder, one.funder, code=one.funder),
            "order": order,
        },
        parts={
            "scheme_cost": Part(one.amount),
            "scheme_pieces": Part(case((one.kind == "goods", one.quantity), else_=0)),
            "scheme_orders": Part(one.order_id, "distinct"),
            "claimed": Part(case((one.claim_id.is_not(None), one.amount), else_=0)),
            "to_claim": Part(case((and_(funded, one.claim_id.is_(None)), one.amount), else_=0)),
            "own_cost": Part(case((funded, 0), else_=one.amount)),
        },
        filters={
            **buyer_filters(one.customer_id, one.day, reader=asked.reader),
            **goods_filters(),
            "warehouse": warehouse_filter(order_.c.warehouse_id),
            "scheme": lambda value: func.lower(one.scheme) == code_of(value),
            "funder": lambda value: func.lower(one.funder) == code_of(value),
        },
        day=one.day,
    )
