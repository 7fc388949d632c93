"""What the orders of each day come to, as their own transactions keep it: read instead of orders.

Only where whole days of whole sellers are asked about: a narrower scope reads the orders.
"""

from collections.abc import Collection
from types import MappingProxyType

from sqlalchemy import case, func

from hub.base.access import Scope, visible
from hub.desk.orders.tables import order_sum
from hub.desk.reports.reads.rows.goods import warehouse_filter, warehouse_grain
from hub.desk.reports.reads.sources import Asked, FilterBy, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.stock.tables import warehouse

_sum = order_sum.c


def sees_whole_sellers(scope: Scope) -> bool:
    """Say that a scope shows all orders of its sellers, and no order besides."""
    in_part = scope.parties or scope.regions or scope.narrowed or scope.warehouses
    return scope.everything or bool(scope.sellers and not in_part)


def sums(
    asked: Asked,
    *,
    states: Collection[str],
    standing: Collection[str],
    word: Of,
    by_status: FilterBy,
) -> Source:
    """Give the sums of orders in some states; `word` is the public word of a row's state."""
    stands = _sum.status.in_(sorted(standing))
    waits = _sum.status == "held"
    return Source(
        order_sum,
        (Join(warehouse, warehouse.c.id == _sum.warehouse_id, outer=True),),
        [
            visible(asked.scope, seller=_sum.seller_id),
            *([_sum.status.in_(sorted(states))] if states else []),
        ],
        grains=MappingProxyType(
            {
                **{
                    span: Grain(SpanOf(span, _sum.day), SpanOf(span, _sum.day), kind="day")
                    for span in SPANS
                },
                "warehouse": warehouse_grain(),
                "status": Grain(word, word, kind="word", family="report_status"),
            }
        ),
        parts={
            "orders": Part(_sum.orders),
            "standing_orders": Part(case((stands, _sum.orders), else_=0)),
            "order_value": Part(case((stands, _sum.payable), else_=0)),
            "payable": Part(_sum.priced),
            "held": Part(case((waits, _sum.orders), else_=0)),
            "held_value": Part(case((waits, _sum.priced), else_=0)),
        },
        filters={"warehouse": warehouse_filter(_sum.warehouse_id), "status": by_status},
        day=_sum.day,
        money=(_sum.currency, _sum.scale),
        there=func.sum(_sum.orders) > 0,
        rows="orders",
    )
