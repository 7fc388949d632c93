"""Claims: what schemes gave by document, and the claims that ask their funders for it."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
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
from hub.desk.claims.model import KEPT, KINDS, VALUED

TO_CLAIM: Final = "claim_id IS NULL AND funder <> ''"

claim: Final = Table(
    "claim",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Code, nullable=False, unique=True),
    Column("number", Word, nullable=False),
    Column("financial_year", Word, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("funder_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    Column("state", Word, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("document_id", BigId, ForeignKey("account_document.id"), index=True),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint(among("state", KEPT), name="state"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("from_day <= until_day", name="days"),
    CheckConstraint("state NOT IN ('sent', 'accepted') OR document_id IS NOT NULL", name="owed"),
    UniqueConstraint("seller_id", "financial_year", "number"),
    Index("ix_claim_funder_id_id", "funder_id", "id"),
)
"""What a funder is asked for; one that was withdrawn keeps its number and its lines.

`key` is made by whoever sends it: sent twice, it is one. Once it is sent, its document of the
funder's account says what of it is open. Amounts are minor units, as in the accounts.
"""

scheme_given: Final = Table(
    "scheme_given",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("invoice_id", BigId, ForeignKey("invoice.id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("document_id", BigId, ForeignKey("invoice.id"), nullable=False, index=True),
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("scheme", Name, nullable=False),
    Column("funder", Code, nullable=False),  # empty: nobody but the seller pays for it
    Column("kind", Word, nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("valued", Word, nullable=False),
    Column("unit_worth", Amount),  # of goods: what a base unit is worth, as unit prices are written
    Column("pack_hash", Digest, nullable=False),
    Column("claim_id", BigId, ForeignKey("claim.id"), index=True),
    CheckConstraint(among("kind", KINDS), name="kind"),
    CheckConstraint(among("valued", VALUED), name="valued"),
    CheckConstraint("(kind = 'discount') = (valued = 'taken_off')", name="kind_valued"),
    CheckConstraint("quantity <> 0 OR amount <> 0", name="something"),
    ForeignKeyConstraint(["invoice_id", "line"], ["invoice_line.invoice_id", "invoice_line.line"]),
    Index("ix_scheme_given_invoice_id_line", "invoice_id", "line"),
    Index("ix_scheme_given_day", "day"),
    Index(
        "ix_scheme_given_to_claim",
        "funder",
        "day",
        sqlite_where=text(TO_CLAIM),
        postgresql_where=text(TO_CLAIM),
    ),
)
"""What a scheme gave on a line of an invoice, as differences, only added to.

The invoice writes what it gave; a credit note of half of it, and the day on which either is
cancelled, write what is given less or again, as `document_id`. A row is in one claim at most.
"""

claim_line: Final = Table(
    "claim_line",
    metadata,
    Column("claim_id", BigId, ForeignKey("claim.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("given_id", BigId, ForeignKey("scheme_given.id"), nullable=False, index=True),
    Column("quantity", BigId, nullable=False),
    Column("amount", Amount, nullable=False),
    sqlite_with_rowid=False,
)
"""A line of a claim, which never changes: a row of what was given, with what it said then."""

claim_short: Final = Table(
    "claim_short",
    metadata,
    Column("payment_id", BigId, ForeignKey("payment.id"), primary_key=True, autoincrement=False),
    Column("claim_id", BigId, nullable=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("amount", Amount, nullable=False),
    Column("why", Sentence, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    ForeignKeyConstraint(["claim_id", "line"], ["claim_line.claim_id", "claim_line.line"]),
    Index("ix_claim_short_claim_id", "claim_id", "line"),
    sqlite_with_rowid=False,
)
"""What a funder does not pay of a line, and why; `payment_id` is the write-off that gives it up.

Where that is voided, the funder owes it again.
"""
