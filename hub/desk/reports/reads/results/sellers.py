"""How productive each distributor is: what it sold, to how many of its customers."""

from typing import Any, Final

from sqlalchemy import Subquery, and_, case, func, literal, or_, select

from hub.base.access import concerning, visible
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.tables import HOUSE, party
from hub.desk.reports.model.periods import before
from hub.desk.reports.model.requests import Period
from hub.desk.reports.reads.rows.orders import STANDING
from hub.desk.reports.reads.sources import NO_NAME, Asked, Grain, Join, Part, Source

_seller: Final = party.alias("selling")
_own: Final = party.alias("own")


def sellers(asked: Asked) -> Source:
    """Give the sellers that a reader sees, with what each sold in a period and just before it."""
    period = asked.request.period or Period("all", asked.today.replace(day=1), asked.today)
    now, then = _sold(asked, period, "now"), _sold(asked, before(period), "then")
    kept = _customers(asked)
    value, earlier = func.coalesce(now.c.value, 0), func.coalesce(then.c.value, 0)
    served = func.coalesce(now.c.customers, 0)
    code = case((_seller.c.code == HOUSE, NO_NAME), else_=_seller.c.code)
    return Source(
        _seller,
        (
            Join(now, now.c.seller_id == _seller.c.id, outer=True),
            Join(then, then.c.seller_id == _seller.c.id, outer=True),
            Join(kept, kept.c.seller_id == _seller.c.id, outer=True),
        ),
        [
            _seller.c.sells,
            or_(
                concerning(asked.scope, seller=_seller.c.id),
                now.c.seller_id.is_not(None),
            ),
            or_(_seller.c.code != HOUSE, kept.c.customers > 0, now.c.orders > 0),
        ],
        grains={
            "seller": Grain(_seller.c.code, _seller.c.name, code=code, alone=True),
            "area": Grain(
                func.coalesce(_seller.c.geo, NO_NAME), func.coalesce(_seller.c.geo, NO_NAME)
            ),
        },
        parts={
            "order_value": Part(value),
            "earlier_value": Part(earlier),
            "value_change": Part(value - earlier),
            "standing_orders": Part(func.coalesce(now.c.orders, 0)),
            "lines_of_orders": Part(func.coalesce(now.c.lines, 0)),
            "served_customers": Part(served),
            "own_customers": Part(func.coalesce(kept.c.customers, 0)),
            "served_own": Part(func.coalesce(now.c.own, 0)),
        },
        filters={},
        in_period=literal(1) == 1,
    )


def _sold(asked: Asked, period: Period, name: str) -> Subquery:
    """Add up the orders of each seller that stand, of those that the reader sees."""
    order, revision = order_.c, order_revision.c
    is_own = _own.c.parent_id == order.seller_id
    return (
        select(
            order.seller_id,
            func.count().label("orders"),
            func.sum(revision.payable).label("value"),
            func.sum(revision.lines).label("lines"),
            func.count(order.customer_id.distinct()).label("customers"),
            func.count(case((is_own, order.customer_id)).distinct()).label("own"),
        )
        .join(
            order_revision,
            and_(revision.order_id == order.id, revision.revision == order.revision),
        )
        .outerjoin(_own, _own.c.id == order.customer_id)
        .where(
            order.business_date >= period.first,
            order.business_date <= period.last,
            func.coalesce(order.status, "").in_(sorted(STANDING)),
            orders_of(asked.scope),
        )
        .group_by(order.seller_id)
        .subquery(name)
    )


def _customers(asked: Asked) -> Any:  # noqa: ANN401 -- a subquery
    """Count the active customers right below each seller, of those that the reader sees."""
    return (
        select(_own.c.parent_id.label("seller_id"), func.count().label("customers"))
        .where(
            _own.c.code != HOUSE,
            _own.c.status == "active",
            visible(asked.scope, seller=_own.c.parent_id, party=_own.c.id),
        )
        .group_by(_own.c.parent_id)
        .subquery("kept")
    )
