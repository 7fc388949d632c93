"""Customers' credit, decisions on held orders, and terminals as what reports are made from."""

from datetime import date
from typing import Final

from sqlalchemy import and_, case, func, literal, literal_column

from hub.base.access import visible
from hub.base.engine.columns import table_of
from hub.desk.accounts.tables import customer_account
from hub.desk.approvals.tables import approval_decision
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.parties.tables import HOUSE
from hub.desk.reports.reads.rows.buyers import (
    amount_filters,
    buyer,
    buyer_filters,
    buyer_grains,
    buyer_joins,
    serving_joins,
)
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Join, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf, ends_ms, local_day
from hub.desk.terminals.reads.terminals import presence_of, terminals_of
from hub.desk.terminals.tables import Terminal, terminal_presence

_BEGAN: Final = date(2020, 1, 1)
_terminal: Final = table_of(Terminal)


def customers(asked: Asked) -> Source:
    """Give the customers that a reader sees, with what they owe and may owe."""
    owes = func.coalesce(customer_account.c.exposure, 0)
    limited = buyer.c.credit_state == "amount"
    limit = case((limited, buyer.c.credit_limit))
    today = literal(asked.today)
    one = Grain(
        buyer.c.code,
        buyer.c.name,
        code=buyer.c.code,
        facts=(Fact("credit_state", buyer.c.credit_state, "word", "credit_state"),),
        alone=True,
        link="/customers/",
        linked=buyer.c.code,
    )
    account = customer_account.c.customer_id == buyer.c.id
    return Source(
        buyer,
        (Join(customer_account, account, outer=True), *serving_joins(buyer.c.id, today)),
        [
            buyer.c.code != HOUSE,
            visible(asked.scope, seller=buyer.c.parent_id, party=buyer.c.id),
        ],
        grains={**buyer_grains(buyer.c.code), "customer": one},
        parts={
            "exposure": Part(owes),
            "credit_limit": Part(limit),
            "credit_left": Part(case((limited, buyer.c.credit_limit - owes))),
            "opening_owed": Part(func.coalesce(customer_account.c.opening_outstanding, 0)),
            "customers_shown": Part(literal_column("1")),
        },
        filters={
            **buyer_filters(buyer.c.id, today, reader=asked.reader),
            **amount_filters(owes),
            "status": lambda _: and_(limited, owes > buyer.c.credit_limit),
        },
    )


def decisions(asked: Asked) -> Source:
    """Give what people said of held orders that a reader sees, by the local day of each word."""
    said = approval_decision.c
    first, last = asked.first or _BEGAN, asked.last or asked.today
    day = local_day(said.at, asked.zone, first=first, last=last)
    begins, ends = ends_ms(asked.zone, first, last)
    answer = case((said.answer == "no", "rejected"), else_="approved")
    one = Grain(
        said.id,
        order_.c.number,
        code=order_.c.number,
        facts=(
            Fact("customer", func.coalesce(buyer.c.name, order_.c.customer_code)),
            Fact("answer", said.answer, "word", "approval_answer"),
            Fact("decided_by", said.decided_by),
            Fact("since", said.at, "moment"),
        ),
        alone=True,
        link="/orders/",
        linked=order_.c.uuid,
    )
    return Source(
        approval_decision,
        (
            Join(order_, order_.c.id == said.order_id),
            *buyer_joins(order_.c.customer_id, order_.c.business_date),
        ),
        [orders_of(asked.scope)],
        grains={
            **buyer_grains(order_.c.customer_code),
            **{span: Grain(SpanOf(span, day), SpanOf(span, day), kind="day") for span in SPANS},
            "status": Grain(answer, answer, kind="word", family="decision"),
            "decision": one,
        },
        parts={
            "decisions": Part(literal_column("1")),
            "granted": Part(case((said.answer == "no", 0), else_=1)),
            "refused": Part(case((said.answer == "no", 1), else_=0)),
        },
        filters={
            **buyer_filters(order_.c.customer_id, order_.c.business_date, reader=asked.reader),
            "mine": lambda _: said.decided_by == asked.reader,
            "status": lambda value: (said.answer == "no") == (value == "rejected"),
        },
        day=day,
        in_period=and_(said.at >= begins, said.at < ends),
    )


def terminals(asked: Asked) -> Source:
    """Give the terminals that a reader sees and that may connect."""
    presence = presence_of(asked.now_ms)
    one = Grain(
        _terminal.c.id,
        _terminal.c.id,
        code=_terminal.c.id,
        facts=(
            Fact("customer", func.coalesce(buyer.c.name, "")),
            Fact("presence", presence, "word", "presence"),
        ),
        alone=True,
        link="/terminals?q=",
        linked=_terminal.c.id,
    )
    today = literal(asked.today)
    return Source(
        _terminal,
        (
            Join(terminal_presence, terminal_presence.c.terminal == _terminal.c.id, outer=True),
            *buyer_joins(_terminal.c.customer_id, today),
        ),
        [_terminal.c.revoked_at.is_(None), terminals_of(asked.scope)],
        grains={
            **buyer_grains(func.coalesce(buyer.c.code, "")),
            "status": Grain(presence, presence, kind="word", family="presence"),
            "terminal": one,
        },
        parts={"terminals": Part(literal_column("1"))},
        filters={
            **buyer_filters(_terminal.c.customer_id, today, reader=asked.reader),
            "status": lambda _: presence.in_(("offline", "lost", "never")),
        },
    )
