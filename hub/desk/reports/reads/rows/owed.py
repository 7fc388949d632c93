"""What customers owe by document, and what they paid, as what reports are made from."""

from datetime import timedelta
from typing import Final, cast

from sqlalchemy import and_, case, func, literal, literal_column, or_

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
from hub.desk.reports.reads.sources import Asked, Fact, Grain, Of, Part, Source
from hub.desk.reports.reads.spans import SPANS, SpanOf

_AGES: Final = (("d1_30", 0, 30), ("d31_60", 30, 60), ("d61_90", 60, 90), ("d90_more", 90, None))
"""How many days past its due day a document is, by the measures of ageing."""


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
    """Give what customers paid, by the business day of each receipt."""
    paid = payment.c
    is_money = and_(paid.kind == "payment", paid.state != "bounced")
    in_hand = and_(is_money, or_(paid.state == "cleared", paid.mode != "cheque"))
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
        alone=True,
        link="/payments/",
        linked=paid.id,
    )
    return Source(
        payment,
        buyer_joins(paid.customer_id, paid.day),
        [visible(asked.scope, seller=paid.seller_id, party=paid.customer_id)],
        grains={
            **buyer_grains(buyer.c.code),
            **_spans(paid.day),
            "mode": Grain(paid.mode, paid.mode, kind="word", family="payment_mode"),
            "collector": Grain(paid.collector, paid.collector),
            "receipt": one,
        },
        parts={
            "received": Part(case((in_hand, paid.amount), else_=0)),
            "in_clearing": Part(case((and_(is_money, ~in_hand), paid.amount), else_=0)),
            "bounced": Part(case((paid.state == "bounced", paid.amount), else_=0)),
            "refunded": Part(case((paid.kind == "refund", paid.amount), else_=0)),
            "written_off": Part(case((paid.kind == "write_off", paid.amount), else_=0)),
            "receipts": Part(literal_column("1")),
        },
        filters={
            **buyer_filters(paid.customer_id, paid.day, reader=asked.reader),
            **amount_filters(paid.amount),
        },
        day=paid.day,
    )
