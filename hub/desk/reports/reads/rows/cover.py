"""For how many days stock lasts, and how customers buy, as what reports are made from."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Subquery, and_, case, func, literal, or_, select, true

from hub.base.access import visible
from hub.desk.accounts.tables import account_document
from hub.desk.orders.tables import order_
from hub.desk.parties.tables import HOUSE
from hub.desk.payments.tables import payment
from hub.desk.products.tables import product
from hub.desk.reports.model.periods import before
from hub.desk.reports.model.requests import Period
from hub.desk.reports.reads.rows.buyers import (
    amount_filters,
    buyer,
    buyer_filters,
    buyer_grains,
    serving_joins,
)
from hub.desk.reports.reads.rows.goods import (
    goods_filters,
    goods_grains,
    warehouse_filter,
    warehouse_grain,
)
from hub.desk.reports.reads.rows.kept import Stretch, as_id, buyer_days, goods_days
from hub.desk.reports.reads.rows.stock import sellable
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Join, Of, Part, Source
from hub.desk.stock.tables import batch, warehouse

COVER_DAYS: Final = 30
"""Over so many days the daily sale is taken; what lasts longer than three times that is slow."""
_SLOW: Final = 3
_QUIET_DAYS: Final = 30


def cover(asked: Asked) -> Source:
    """Give products in warehouses with what is available, and what was ordered in 30 days."""
    there, sold = _available(asked.today).subquery("there"), _sold(asked.today)
    sale = func.coalesce(sold.c.quantity, 0)
    one = Grain(
        there.c.product_id * 100_000 + there.c.warehouse_id,
        product.c.name,
        code=product.c.sku,
        facts=(Fact("sku", product.c.sku), Fact("warehouse", warehouse.c.code)),
        alone=True,
        link="/stock/at/",
        linked=warehouse.c.code + "/" + product.c.sku,
    )
    slow = and_(sale > 0, there.c.available > sale * _SLOW)
    dead = and_(sale == 0, there.c.available > 0)
    is_same = and_(
        sold.c.product_id == there.c.product_id, sold.c.warehouse_id == there.c.warehouse_id
    )
    return Source(
        there,
        (
            Join(product, product.c.id == there.c.product_id),
            Join(warehouse, warehouse.c.id == there.c.warehouse_id),
            Join(sold, is_same, outer=True),
        ),
        [visible(asked.scope, seller=warehouse.c.seller_id)],
        grains={
            **goods_grains(product.c.sku, product.c.name),
            "warehouse": warehouse_grain(),
            "cover": one,
        },
        parts={
            "available": Part(there.c.available),
            "sold_30": Part(sale),
            "cover_stock": Part(case((sale > 0, there.c.available * COVER_DAYS), else_=0)),
            "slow": Part(case((slow, 1), else_=0)),
            "dead": Part(case((dead, 1), else_=0)),
        },
        filters={
            **goods_filters(),
            "warehouse": warehouse_filter(there.c.warehouse_id),
            "status": lambda value: {"slow": slow, "dead": dead}[str(value)],
        },
        worked_out=True,
    )


def _available(today: date) -> Any:  # noqa: ANN401 -- a query
    free = case((sellable(today), batch.c.on_hand - batch.c.reserved), else_=0)
    return select(
        batch.c.product_id, batch.c.warehouse_id, func.sum(free).label("available")
    ).group_by(batch.c.product_id, batch.c.warehouse_id)


def _sold(today: date) -> Subquery:
    days = [Stretch(today - timedelta(days=COVER_DAYS - 1), today)]
    figures, by = ("quantity", "free_quantity"), ("product_id", "warehouse_id")
    row = goods_days(days, figures, by=by).c
    return (
        select(
            as_id(row.product_id).label("product_id"),
            as_id(row.warehouse_id).label("warehouse_id"),
            func.sum(row.quantity + row.free_quantity).label("quantity"),
        )
        .group_by(row.product_id, row.warehouse_id)
        .subquery("sold")
    )


def buying(asked: Asked) -> Source:
    """Give customers with what they ordered in a period, before it, and when they did last."""
    period = asked.request.period or Period("all", asked.today.replace(day=1), asked.today)
    sums, last, late = _bought(asked, period), _last(), _late(asked.today)
    value, earlier = func.coalesce(sums.c.value, 0), func.coalesce(sums.c.earlier, 0)
    is_quiet = last < literal(asked.today - timedelta(days=_QUIET_DAYS))
    one = Grain(
        buyer.c.code,
        buyer.c.name,
        code=buyer.c.code,
        facts=(Fact("last_order", last, "day"),),
        alone=True,
        link="/customers/",
        linked=buyer.c.code,
    )
    today = literal(asked.today)
    return Source(
        buyer,
        (
            Join(sums, sums.c.customer_id == buyer.c.id, outer=True),
            Join(late, late.c.customer_id == buyer.c.id, outer=True),
            *serving_joins(buyer.c.id, today),
        ),
        [
            buyer.c.code != HOUSE,
            visible(asked.scope, seller=buyer.c.parent_id, party=buyer.c.id),
            last.is_not(None),
        ],
        grains={**buyer_grains(buyer.c.code), "customer": one},
        parts={
            "order_value": Part(value),
            "earlier_value": Part(earlier),
            "value_change": Part(value - earlier),
            "standing_orders": Part(func.coalesce(sums.c.orders, 0)),
            "lines_of_orders": Part(func.coalesce(sums.c.lines, 0)),
            "overdue": Part(func.coalesce(late.c.overdue, 0)),
            "bounced_cheques": Part(_bounced(period)),
            "customers_shown": Part(literal(1)),
        },
        filters={
            **buyer_filters(buyer.c.id, today, reader=asked.reader),
            **amount_filters(value),
            "status": lambda _: is_quiet,
        },
        in_period=last.is_not(None),
        worked_out=True,
    )


def _bought(asked: Asked, period: Period) -> Subquery:
    """Add up the orders of each customer that stand, placed in a period and just before it."""
    earlier = before(period)
    places = sorted(asked.scope.warehouses)
    row = buyer_days(
        [
            Stretch(period.first, period.last, "now"),
            Stretch(earlier.first, earlier.last, "before"),
        ],
        ("standing_orders", "order_value", "standing_lines"),
        by=("customer_id", *(("warehouse_id",) if places else ())),
    ).c

    def summed(when: str, of: Of) -> Of:
        return func.sum(case((row.stretch == when, of), else_=0))

    return (
        select(
            as_id(row.customer_id).label("customer_id"),
            summed("now", row.standing_orders).label("orders"),
            summed("now", row.order_value).label("value"),
            summed("now", row.standing_lines).label("lines"),
            summed("before", row.order_value).label("earlier"),
        )
        .where(row.standing_orders > 0, row.warehouse_id.in_(places) if places else true())
        .group_by(row.customer_id)
        .subquery("sums")
    )


def _last() -> Of:
    """Give the day of a customer's newest order: found by its index, however many there are."""
    mine = order_.alias("mine")
    return (
        select(mine.c.business_date)
        .where(mine.c.customer_id == buyer.c.id)
        .order_by(mine.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _late(today: date) -> Subquery:
    document = account_document.c
    return (
        select(
            document.customer_id, func.sum(document.amount - document.allocated).label("overdue")
        )
        .where(
            document.amount > document.allocated,
            document.voided.is_(None),
            document.due < literal(today),
        )
        .group_by(document.customer_id)
        .subquery("late")
    )


def _bounced(period: Period) -> Of:
    paid = payment.c
    return (
        select(func.count())
        .where(
            paid.customer_id == buyer.c.id,
            paid.state == "bounced",
            or_(paid.settled_day.is_(None), paid.settled_day.between(period.first, period.last)),
        )
        .scalar_subquery()
    )
