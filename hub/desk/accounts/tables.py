"""Accounts: where customers stand, and every posting that brought them there."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table

from hub.base.engine.columns import Amount, BigId, Moment, Name, Word, metadata

customer_account: Final = Table(
    "customer_account",
    metadata,
    Column("customer_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("opening_outstanding", Amount, nullable=False),
    Column("exposure", Amount, nullable=False),
)
"""Where a customer stands: the sum of all its postings."""

posting: Final = Table(
    "posting",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("kind", Word, nullable=False),
    Column("order_id", BigId, ForeignKey("order_.id")),  # null: the opening amount
    Column("revision", Integer),
    Column("amount", Amount, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    CheckConstraint("kind IN ('opening', 'order')", name="kind"),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("(kind = 'opening') = (order_id IS NULL)", name="document"),
    Index("ix_posting_order_id", "order_id"),
)
"""Money that a customer owes or will owe, as differences, only added to.

An order over 1,200.00 on credit posts 120000 with its first revision, and -120000 with the one that
cancels it.
"""
