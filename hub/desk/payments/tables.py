"""Payments, refunds and write-offs, with the life of cheques."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import Amount, BigId, Code, Moment, Name, Sentence, Word, metadata
from hub.desk.payments.model import STATES

WAITING: Final = "state IN ('received', 'clearing')"

payment: Final = Table(
    "payment",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Code, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("number", Word, nullable=False),
    Column("financial_year", Word, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("document_id", BigId, ForeignKey("account_document.id"), nullable=False, index=True),
    Column("mode", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("reference", Code, nullable=False),
    Column("reference_key", Code, nullable=False),
    Column("collector", Code, nullable=False),
    Column("place", Name, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("day", Date, nullable=False),
    Column("note", Sentence, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("settled_day", Date),
    Column("settled_by", Name),
    Column("settled_why", Sentence),
    CheckConstraint("(state = 'voided') = (settled_why IS NOT NULL)", name="voided"),
    CheckConstraint("kind IN ('payment', 'refund', 'write_off')", name="kind"),
    CheckConstraint("mode IN ('cash', 'upi', 'cheque', 'bank', 'adjustment')", name="mode"),
    CheckConstraint(f"state IN {STATES}", name="state"),
    CheckConstraint("state IN ('cleared', 'voided') OR mode = 'cheque'", name="cheque"),
    CheckConstraint("amount > 0", name="amount"),
    UniqueConstraint("seller_id", "financial_year", "number"),
    Index("ix_payment_customer_id_id", "customer_id", "id"),
    Index("ix_payment_day", "day"),
    Index("ix_payment_reference_key", "reference_key"),
    Index(
        "ix_payment_waiting",
        "id",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)
"""Money that came or went, or was given up; `paid_on` is when it changed hands.

`key` is made by whoever sends it: sent twice, it is one. Of a cheque, `settled_day` is when it was
cleared or bounced; of money that never came, when it was voided, and `settled_why` says why.
"""
