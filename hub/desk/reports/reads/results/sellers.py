"""How productive each distributor is: what it sold, to how many of its customers."""

from typing import Any, Final

from sqlalchemy import Subquery, and_, case, func, literal, or_, select

from hub.base.access import concerning, visible
from hub.desk.parties.tables import HOUSE, party
from hub.desk.reports.model.periods import before
from hub.desk.reports.model.requests import Period
from hub.desk.reports.reads.rows.kept import Stretch, buyer_days, customer_of
from hub.desk.reports.reads.sources import NO_NAME, Asked, Grain, Join, Of, Part, Source

_seller: Final = party.alias("selling")
_own: Final = party.alias("own")


def sellers(asked: Asked) -> Source:
    """Give the sellers that a reader sees, with what each sold in a period and just before it."""
    period = asked.request.period or Period("all", asked.today.replace(day=1), asked.today)
    sold, kept = _sold(asked, period), _customers(asked)
    value, earlier = func.coalesce(sold.c.value, 0), func.coalesce(sold.c.earlier, 0)
    served = func.coalesce(sold.c.customers, 0)
    code = case((_seller.c.code == HOUSE, NO_NAME), else_=_seller.c.code)
    return Source(
        _seller,
        (
            Join(sold, sold.c.seller_id == _seller.c.id, outer=True),
            Join(kept, kept.c.seller_id == _seller.c.id, outer=True),
        ),
        [
            _seller.c.sells,
            or_(
                concerning(asked.scope, seller=_seller.c.id),
                sold.c.orders > 0,
            ),
            or_(_seller.c.code != HOUSE, kept.c.customers > 0, sold.c.orders > 0),
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
            "standing_orders": Part(func.coalesce(sold.c.orders, 0)),
            "lines_of_orders": Part(func.coalesce(sold.c.lines, 0)),
            "served_customers": Part(served),
            "own_customers": Part(func.coalesce(kept.c.customers, 0)),
            "served_own": Part(func.coalesce(sold.c.own, 0)),
        },
        filters={},
        in_period=literal(1) == 1,
        worked_out=True,
    )


def _sold(asked: Asked, period: Period) -> Subquery:
    """Add up what each seller sold in a period and just before it, as far as the reader sees."""
    earlier = before(period)
    bought = buyer_days(
        [
            Stretch(period.first, period.last, "now"),
            Stretch(earlier.first, earlier.last, "before"),
        ],
        ("standing_orders", "order_value", "standing_lines"),
        by=("seller_id", "customer_id", *(("warehouse_id",) if asked.scope.warehouses else ())),
    )
    row = bought.c
    is_now, is_own = row.stretch == "now", _own.c.parent_id == row.seller_id

    def summed(when: str, of: Of) -> Of:
        return func.sum(case((row.stretch == when, of), else_=0))

    return (
        select(
            row.seller_id,
            summed("now", row.standing_orders).label("orders"),
            summed("now", row.order_value).label("value"),
            summed("now", row.standing_lines).label("lines"),
            summed("before", row.order_value).label("earlier"),
            func.count(case((is_now, customer_of(bought))).distinct()).label("customers"),
            func.count(case((and_(is_now, is_own), _own.c.id)).distinct()).label("own"),
        )
        .select_from(bought)
        .outerjoin(_own, _own.c.id == row.customer_id)
        .where(
            row.standing_orders > 0,
            visible(asked.scope, seller=row.seller_id, party=row.customer_id),
        )
        .group_by(row.seller_id)
        .subquery("sold")
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
