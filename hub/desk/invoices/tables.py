"""Invoices, credit and debit notes."""

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
    Text,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Sentence,
    Word,
    among,
    metadata,
)
from hub.desk.invoices.model.billing import KINDS
from hub.desk.invoices.model.registration import HAS_IRN, STATES

invoice: Final = Table(
    "invoice",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Digest, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("number", Word, nullable=False),
    Column("financial_year", Word, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("document_id", BigId, ForeignKey("account_document.id")),  # null: it is over nothing
    Column("of_id", BigId, ForeignKey("invoice.id"), index=True),  # of a note: the invoice
    Column("day", Date, nullable=False),
    Column("due", Date),
    Column("payment", Word, nullable=False),
    Column("currency", Word, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("place_of_supply", Word, nullable=False),
    Column("reverse_charge", Flag, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("round_off", Amount, nullable=False),
    Column("payable", Amount, nullable=False),
    Column("seller", Text, nullable=False),  # JSON: both sides as they were named
    Column("buyer", Text, nullable=False),
    Column("reason", Word, nullable=False, server_default=text("''")),
    Column("why", Sentence, nullable=False, server_default=text("''")),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("cancelled_day", Date),
    Column("cancelled_by", Name),
    Column("cancelled_why", Sentence),
    # JSON like both sides: where the goods go, if not to the buyer's own address
    Column("ship_to", Text, nullable=False, server_default=text("''")),
    # of a note that a return made beside its credit note: that one
    Column("comes_with", BigId, ForeignKey("invoice.id"), index=True),
    CheckConstraint(among("kind", KINDS), name="kind"),
    CheckConstraint(
        "(kind IN ('credit_note', 'debit_note')) = (of_id IS NOT NULL)", name="credits"
    ),
    CheckConstraint("kind <> 'debit_note' OR comes_with IS NOT NULL", name="comes_with"),
    CheckConstraint("payable >= 0 AND net + tax + round_off = payable", name="payable"),
    CheckConstraint("(cancelled_day IS NULL) = (cancelled_by IS NULL)", name="cancelled"),
    UniqueConstraint("seller_id", "financial_year", "number"),
    Index("ix_invoice_customer_id_id", "customer_id", "id"),
    Index("ix_invoice_day", "day"),
)
"""A document as it was issued; but for being cancelled, which keeps its number, it never changes.

`key` is made of what is billed: the same quantity is never billed by two.
"""

invoice_line: Final = Table(
    "invoice_line",
    metadata,
    Column("invoice_id", BigId, ForeignKey("invoice.id"), primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False),
    Column("content", Integer, nullable=False),
    Column("free", Flag, nullable=False),
    Column("order_line", Integer, nullable=False),
    Column("of_line", Integer),  # of a note: the line of its invoice
    Column("product_id", BigId, ForeignKey("product.id")),
    Column("sku", Code, nullable=False),
    Column("name", Name, nullable=False),
    Column("hsn", Word, nullable=False),
    Column("unit", Word, nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("unit_price", Amount),
    Column("gross", Amount, nullable=False),
    Column("discount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    CheckConstraint("quantity >= 0", name="quantity"),
    CheckConstraint("gross - discount = net AND net + tax = total", name="total"),
    Index("ix_invoice_line_order_id_order_line", "order_id", "order_line"),
    sqlite_with_rowid=False,
)
"""A line that is billed or credited, by the order's line that it is of; free goods are over zero.

A line of a note without a quantity is about its price alone.
"""

invoice_tax: Final = Table(
    "invoice_tax",
    metadata,
    Column("invoice_id", BigId, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("head", Word, primary_key=True),
    Column("rate", Amount, nullable=False),  # in millionths
    Column("per_unit", Amount),
    Column("amount", Amount, nullable=False),
    ForeignKeyConstraint(["invoice_id", "line"], ["invoice_line.invoice_id", "invoice_line.line"]),
    sqlite_with_rowid=False,
)
"""The heads of tax of a line, each computed and rounded by itself."""

invoice_goods: Final = Table(
    "invoice_goods",
    metadata,
    Column("invoice_id", BigId, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("quantity", BigId, nullable=False),
    Column("batch_id", BigId, ForeignKey("batch.id")),
    Column("batch", Code, nullable=False),
    Column("expiry", Date),
    Column("delivery_id", BigId, ForeignKey("delivery.id"), index=True),
    Column("delivery_number", Integer),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("(delivery_id IS NULL) = (delivery_number IS NULL)", name="delivery"),
    ForeignKeyConstraint(["invoice_id", "line"], ["invoice_line.invoice_id", "invoice_line.line"]),
    sqlite_with_rowid=False,
)
"""Of which batch, and by which delivery note, the goods of a line are."""

_GIVEN: Final = among("state", sorted(HAS_IRN))

einvoice: Final = Table(
    "einvoice",
    metadata,
    Column("invoice_id", BigId, ForeignKey("invoice.id"), primary_key=True, autoincrement=False),
    Column("state", Word, nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("irn", Digest, unique=True),
    Column("ack_no", Word),
    Column("ack_at", Moment),
    Column("qr", Text),
    Column("eway_no", Word),
    Column("eway_until", Moment),
    Column("refusals", Text, nullable=False, server_default=text("''")),  # JSON: code and words
    CheckConstraint(among("state", STATES), name="state"),
    CheckConstraint(f"({_GIVEN}) = (irn IS NOT NULL)", name="irn"),
    CheckConstraint("(irn IS NULL) = (ack_no IS NULL)", name="ack_no"),
    CheckConstraint("(irn IS NULL) = (ack_at IS NULL)", name="ack_at"),
    CheckConstraint("(irn IS NULL) = (qr IS NULL)", name="qr"),
    CheckConstraint("round > 0", name="round"),
)
"""How a document stands at the portal of e-invoices, and what that gave for it: once, for ever.

`round` counts how often somebody wanted it sent; a job of an earlier round writes nothing.
"""
