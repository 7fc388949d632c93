"""Bank statements and their rows, each row once however many files have it."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Digest,
    Moment,
    Name,
    Sentence,
    Word,
    among,
    metadata,
)
from hub.desk.bank.model.reading import STATES

bank_statement: Final = Table(
    "bank_statement",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("file", Name, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("known", Integer, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
)
"""A file of a bank; `known` rows of it were in earlier files, and stand there."""

bank_row: Final = Table(
    "bank_row",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("statement_id", BigId, ForeignKey("bank_statement.id"), nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("key", Digest, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("reference", Code, nullable=False),
    Column("narration", Sentence, nullable=False),
    Column("state", Word, nullable=False),
    Column("round", Integer, nullable=False, server_default=text("1")),
    Column("payment_id", BigId, ForeignKey("payment.id"), unique=True),
    Column("returned_id", BigId, ForeignKey("payment.id"), unique=True),
    CheckConstraint(among("state", STATES), name="state"),
    CheckConstraint("(state = 'booked') = (payment_id IS NOT NULL)", name="booked"),
    CheckConstraint("(state = 'returned') = (returned_id IS NOT NULL)", name="returned"),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("round > 0", name="round"),
    UniqueConstraint("seller_id", "key"),
    Index("ix_bank_row_statement_id_line", "statement_id", "line"),
)
"""Money that came in or, below zero, went out; `key` is what the row says.

`round` counts how often it was booked: a payment that is voided leaves its row open again.
`returned_id` is the cheque that bounced, of the row that took its money out again.
"""
