"""How productive each distributor is: what it sold, to how many of its customers."""

from typing import Any, Final

from sqlalchemy import Subquery, case, func, literal, or_, select

from hub.base.access import visible
from hub.desk.parties.tables import HOUSE, party
from hub.desk.reports.model.periods import before
from hub.desk.reports.model.requests import Period
from hub.desk.reports.reads.rows.kept import Stretch, buyer_days, customer_of
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
                visible(asked.scope, seller=_seller.c.id),
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
    bought = buyer_days([Stretch(period.first, period.last)], f"{name}_bought")
    row, customer = bought.c, customer_of(bought)
    is_own = _own.c.parent_id == row.seller_id
    return (
        select(
            row.seller_id,
            func.sum(row.standing_orders).label("orders"),
            func.sum(row.order_value).label("value"),
            func.sum(row.standing_lines).label("lines"),
            func.count(customer.distinct()).label("customers"),
            func.count(case((is_own, customer)).distinct()).label("own"),
        )
        .outerjoin(_own, _own.c.id == row.customer_id)
        .where(
            row.standing_orders > 0,
            visible(asked.scope, seller=row.seller_id, party=row.customer_id),
        )
        .group_by(row.seller_id)
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
