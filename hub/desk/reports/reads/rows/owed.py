"""What customers owe by document, and what they paid, as what reports are made from.

Each step of a payment counts on its own day, so a month that is over stays as it was told: a cheque
of 500.00 that came on 28 November, cleared on 2 December and was returned on 5 December is in
clearing in November; on 2 December it is received, and on 5 December it comes off that again.
"""

from datetime import timedelta
from typing import Final, cast

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select, union_all

from hub.base.access import visible
from hub.desk.accounts.tables import account_document
from hub.desk.payments.tables import payment
from hub.desk.reports.reads.rows.buyers import (
    amount_filters,
    buyer,
    buyer_filters,
    buyer_grains,
    buyer_joins,
)
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Join, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf

_AGES: Final = (("d1_30", 0, 30), ("d31_60", 30, 60), ("d61_90", 60, 90), ("d90_more", 90, None))
"""How many days past its due day a document is, by the measures of ageing."""
_MOVED: Final = ("received", "in_clearing", "bounced", "refunded", "written_off")
"""What a step of a payment may move."""


def owed(asked: Asked) -> Source:
    """Give the documents that are open, by how long they have been due today."""
    document = account_document.c
    left = document.amount - document.allocated
    is_debit = document.amount > 0
    owing = case((is_debit, left), else_=0)
    late = and_(is_debit, document.due < literal(asked.today))
    one = Grain(
        document.id,
        document.number,
        code=document.number,
        facts=(
            Fact("customer", func.coalesce(buyer.c.name, "")),
            Fact("document_day", document.day, "day"),
            Fact("due", document.due, "day"),
        ),
        alone=True,
        link="/customers/",
        linked=buyer.c.code,
    )
    return Source(
        account_document,
        buyer_joins(document.customer_id, document.day),
        [
            visible(asked.scope, seller=document.seller_id, party=document.customer_id),
            document.voided.is_(None),
            document.allocated < func.abs(document.amount),
        ],
        grains={**buyer_grains(buyer.c.code), **_spans(document.day), "document": one},
        parts={
            "outstanding": Part(owing),
            "overdue": Part(case((late, left), else_=0)),
            "not_due": Part(case((late, 0), else_=owing)),
            **{name: Part(_aged(asked, first, last)) for name, first, last in _AGES},
            "unallocated": Part(case((is_debit, 0), else_=-document.amount - document.allocated)),
            "open_documents": Part(case((is_debit, 1), else_=0)),
        },
        filters={
            **buyer_filters(document.customer_id, document.day, reader=asked.reader),
            **amount_filters(left),
            "overdue_days_gt": lambda value: and_(
                is_debit, document.due < literal(asked.today - timedelta(days=cast("int", value)))
            ),
        },
        day=document.day,
    )


def _aged(asked: Asked, first: int, last: int | None) -> Of:
    """Give what is open of a document that is more than `first` days late, at most `last`."""
    document = account_document.c
    late = document.due < literal(asked.today - timedelta(days=first))
    if last is not None:
        late = and_(late, document.due >= literal(asked.today - timedelta(days=last)))
    return case((and_(document.amount > 0, late), document.amount - document.allocated), else_=0)


def _spans(day: Of) -> dict[str, Grain]:
    return {span: Grain(SpanOf(span, day), SpanOf(span, day), kind="day") for span in SPANS}


def payments(asked: Asked) -> Source:
    """Give what customers paid, what went back and what was given up, by the day of each step."""
    paid, step = payment.c, _steps()
    one = Grain(
        paid.id,
        paid.number,
        code=paid.number,
        facts=(
            Fact("customer", func.coalesce(buyer.c.name, "")),
            Fact("receipt_day", paid.day, "day"),
            Fact("mode", paid.mode, "word", "payment_mode"),
            Fact("collector", paid.collector),
        ),
        link="/payments/",
        linked=paid.id,
    )
    return Source(
        step,
        (Join(payment, paid.id == step.c.payment), *buyer_joins(paid.customer_id, paid.day)),
        [visible(asked.scope, seller=paid.seller_id, party=paid.customer_id)],
        grains={
            **buyer_grains(buyer.c.code),
            **_spans(step.c.day),
            "mode": Grain(paid.mode, paid.mode, kind="word", family="payment_mode"),
            "collector": Grain(paid.collector, paid.collector),
            "receipt": one,
        },
        parts={name: Part(step.c[name]) for name in (*_MOVED, "receipts")},
        filters={
            **buyer_filters(paid.customer_id, paid.day, reader=asked.reader),
            **amount_filters(paid.amount),
        },
        day=step.c.day,
    )


def _steps() -> Subquery:
    """Write a row for each day on which money of a payment moved: it came, cleared, went again."""
    paid, document = payment.c, account_document.c
    is_money, is_cheque = paid.kind == "payment", paid.mode == "cheque"
    was_money = and_(is_money, document.cleared.is_not(None))
    never_was = and_(is_money, document.cleared.is_(None))
    came = _step(
        paid.day,
        received=_if(and_(is_money, ~is_cheque)),
        in_clearing=_if(and_(is_money, is_cheque)),
        refunded=_if(paid.kind == "refund"),
        written_off=_if(paid.kind == "write_off"),
        receipts=literal(1),
    )
    cleared = _step(document.cleared, received=paid.amount, in_clearing=-paid.amount).where(
        is_money, is_cheque, document.cleared.is_not(None)
    )
    gone = _step(
        paid.settled_day,
        received=-_if(was_money),
        in_clearing=-_if(never_was),
        bounced=_if(paid.state == "bounced"),
        refunded=-_if(paid.kind == "refund"),
        written_off=-_if(paid.kind == "write_off"),
    ).where(paid.state.in_(("bounced", "voided")))
    return union_all(came, cleared, gone).subquery("step")


def _if(condition: ColumnElement[bool]) -> Of:
    return case((condition, payment.c.amount), else_=0)


def _step(day: Of, *, receipts: Of | None = None, **amounts: Of) -> Select[tuple[object, ...]]:
    """Write the rows of one kind of step; an amount that is not named is nothing."""
    nothing = literal(0)
    columns = [amounts.get(name, nothing).label(name) for name in _MOVED]
    counted = (nothing if receipts is None else receipts).label("receipts")
    return (
        select(payment.c.id.label("payment"), day.label("day"), *columns, counted)
        .select_from(payment)
        .join(account_document, account_document.c.id == payment.c.document_id)
    )
