"""How much each terminal is used: orders sent, on how many days, and since when none."""

from typing import Final

from sqlalchemy import Subquery, case, func, literal, select

from hub.base.engine.columns import table_of
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.reports.model.requests import Period
from hub.desk.reports.reads.rows.buyers import buyer, buyer_filters, buyer_grains, buyer_joins
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Join, Of, Part, Source
from hub.desk.terminals.reads.terminals import presence_of, terminals_of
from hub.desk.terminals.tables import Terminal, inbox, terminal_presence

_terminal: Final = table_of(Terminal)


def activity(asked: Asked) -> Source:
    """Give the terminals that a reader sees, with what each sent in a period, also nothing."""
    period = asked.request.period or Period("all", asked.today.replace(day=1), asked.today)
    sent, today = _sent(asked, period), literal(asked.today)
    orders = func.coalesce(sent.c.orders, 0)
    presence = presence_of(asked.now_ms)
    one = Grain(
        _terminal.c.id,
        _terminal.c.id,
        code=_terminal.c.id,
        facts=(
            Fact("customer", func.coalesce(buyer.c.name, "")),
            Fact("presence", presence, "word", "presence"),
            Fact("last_order", _last(asked), "day"),
        ),
        alone=True,
        link="/terminals?q=",
        linked=_terminal.c.id,
    )
    return Source(
        _terminal,
        (
            Join(sent, sent.c.requester == _terminal.c.id, outer=True),
            Join(terminal_presence, terminal_presence.c.terminal == _terminal.c.id, outer=True),
            *buyer_joins(_terminal.c.customer_id, today),
        ),
        [_terminal.c.revoked_at.is_(None), terminals_of(asked.scope)],
        grains={
            **buyer_grains(func.coalesce(buyer.c.code, "")),
            "status": Grain(presence, presence, kind="word", family="presence"),
            "terminal": one,
        },
        parts={
            "sent_orders": Part(orders),
            "turned_down": Part(func.coalesce(sent.c.rejected, 0)),
            "active_days": Part(func.coalesce(sent.c.days, 0)),
            "silent": Part(case((orders == 0, 1), else_=0)),
            "terminals": Part(literal(1)),
        },
        filters={
            **buyer_filters(_terminal.c.customer_id, today, reader=asked.reader),
            "status": lambda _: orders == 0,
        },
        in_period=literal(1) == 1,
    )


def _sent(asked: Asked, period: Period) -> Subquery:
    """Count the orders of each terminal in a period, of those that the reader sees."""
    order = order_.c
    rejected = case((order.status == "rejected", 1), else_=0)
    return (
        select(
            order.requester,
            func.count().label("orders"),
            func.sum(rejected).label("rejected"),
            func.count(order.business_date.distinct()).label("days"),
        )
        .where(
            order.source == "terminal",
            order.business_date >= period.first,
            order.business_date <= period.last,
            orders_of(asked.scope),
        )
        .group_by(order.requester)
        .subquery("sent")
    )


def _last(asked: Asked) -> Of:
    """Give the day of a terminal's newest order: found by its sequence, however many there are."""
    return (
        select(order_.c.business_date)
        .join(inbox, inbox.c.order_uuid == order_.c.uuid)
        .where(inbox.c.terminal == _terminal.c.id, orders_of(asked.scope))
        .order_by(inbox.c.seq.desc())
        .limit(1)
        .correlate(_terminal)
        .scalar_subquery()
    )
