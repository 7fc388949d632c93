"""Accounts: where customers stand, and every posting that brought them there."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, text

from hub.base.engine.columns import Amount, BigId, Flag, Moment, Name, Word, metadata

DOCUMENTS: Final = (
    "('opening', 'invoice', 'credit_note', 'payment', 'refund', 'write_off', 'claim', 'debit_note')"
)
OPEN: Final = "voided IS NULL AND allocated < amount"

customer_account: Final = Table(
    "customer_account",
    metadata,
    Column("customer_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("opening_outstanding", Amount, nullable=False),
    Column("exposure", Amount, nullable=False),
    Column("billed", Amount, nullable=False, server_default=text("0")),
    Column("clearing", Amount, nullable=False, server_default=text("0")),
    CheckConstraint("clearing >= 0", name="clearing"),
)
"""Where a customer stands: `exposure` is the sum of all its postings.

Of it, `billed` is owed on documents; of that, cheques over `clearing` are taken and not cleared.
"""

posting: Final = Table(
    "posting",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("kind", Word, nullable=False),
    Column("order_id", BigId, ForeignKey("order_.id")),  # null: about no single order
    Column("revision", Integer),
    Column("amount", Amount, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    Column("document_id", BigId, ForeignKey("account_document.id")),
    CheckConstraint("kind IN ('opening', 'order', 'billed', 'document')", name="kind"),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("(kind IN ('order', 'billed')) = (order_id IS NOT NULL)", name="of_order"),
    CheckConstraint("(kind = 'document') = (document_id IS NOT NULL)", name="of_document"),
    Index("ix_posting_order_id", "order_id"),
    Index(  # what an order posts has no document
        "ix_posting_document_id",
        "document_id",
        sqlite_where=text("document_id IS NOT NULL"),
        postgresql_where=text("document_id IS NOT NULL"),
    ),
)
"""Money that a customer owes or will owe, as differences, only added to.

An order over 1,200.00 on credit posts 120000 with its first revision, and -120000 with the one that
cancels it. Once it is billed, `billed` takes 120000 off again, and the invoice posts them as owed.
"""

account_document: Final = Table(
    "account_document",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("kind", Word, nullable=False),
    Column("number", Name, nullable=False),
    Column("ref", BigId),  # the document's own id in its noun; null: an opening amount
    Column("day", Date, nullable=False),
    Column("due", Date),  # null: there is no day to be late after
    Column("amount", Amount, nullable=False),
    Column("allocated", Amount, nullable=False, server_default=text("0")),
    Column("cleared", Date),  # null: a cheque that is not money yet
    Column("voided", Date),
    CheckConstraint(f"kind IN {DOCUMENTS}", name="kind"),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("allocated >= 0 AND allocated <= abs(amount)", name="allocated"),
    CheckConstraint("voided IS NULL OR allocated = 0", name="voided"),
    Index("ix_account_document_customer_id_day", "customer_id", "day"),
    Index(
        "ix_account_document_open",
        "customer_id",
        "due",
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
)
"""What a customer owes by one document, or has paid by one; below zero is to the customer's good.

`day` is the day of the books, which is never in the past: what was told of a month stays so.
`allocated` is how much of it stands against other documents, whatever the sign of the amount.
"""

account_allocation: Final = Table(
    "account_allocation",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("credit_id", BigId, ForeignKey("account_document.id"), nullable=False, index=True),
    Column("debit_id", BigId, ForeignKey("account_document.id"), nullable=False, index=True),
    Column("amount", Amount, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    CheckConstraint("amount <> 0", name="amount"),
)
"""Money of one document that pays another, as differences, only added to.

A cheque over 500.00 pays an invoice with 50000 on the day it came, and takes -50000 off on the day
it bounces.
"""

account_order: Final = Table(
    "account_order",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column(
        "document_id",
        BigId,
        ForeignKey("account_document.id"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("amount", Amount, nullable=False),
    Column("whole", Flag, nullable=False),
    sqlite_with_rowid=False,
)
"""What invoices bill of an order; `whole` says that they leave nothing of it to bill."""
