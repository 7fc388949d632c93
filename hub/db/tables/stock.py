"""Stock and money owed: batches, what moved, what is promised, and where customers stand."""

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
    Flag,
    Moment,
    Name,
    Sentence,
    Word,
    metadata,
)

SELLABLE: Final = "status = 'ok' AND on_hand > reserved"

batch: Final = Table(
    "batch",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("product_id", BigId, ForeignKey("product.id"), nullable=False),
    Column("code", Code, nullable=False),
    Column("manufactured", Date),
    Column("expiry", Date),
    Column("received", Date, nullable=False),
    Column("on_hand", BigId, nullable=False),
    Column("reserved", BigId, nullable=False, server_default=text("0")),
    Column("status", Word, nullable=False, server_default="ok"),
    Column("mrp", Amount),  # 1/10,000 of the major unit; null: the product's
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved"),
    CheckConstraint("status IN ('ok', 'blocked', 'damaged')", name="status"),
    UniqueConstraint("product_id", "warehouse_id", "code"),
    # Batches that are sold out pile up over the years; the order path must not read them.
    Index(
        "ix_batch_sellable",
        "product_id",
        "warehouse_id",
        sqlite_where=text(SELLABLE),
        postgresql_where=text(SELLABLE),
    ),
)
"""A received lot, counted in base units."""

stock_movement: Final = Table(
    "stock_movement",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("batch_id", BigId, ForeignKey("batch.id"), nullable=False, index=True),
    Column("kind", Word, nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    Column("note", Sentence, nullable=False),
    CheckConstraint("kind IN ('opening', 'receipt', 'correction', 'dispatch')", name="kind"),
)
"""Every change of `on_hand`, signed, only ever added to; the opening stock is the first."""

allocation: Final = Table(
    "allocation",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False, index=True),
    Column("free", Flag, nullable=False),
    Column("line", Integer, nullable=False),
    Column("batch_id", BigId, ForeignKey("batch.id"), nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("state", Word, nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("state IN ('open', 'released')", name="state"),
    Index(
        "ix_allocation_open",
        "batch_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
"""Base units of one batch promised to one line; only open ones count as reserved."""

customer_account: Final = Table(
    "customer_account",
    metadata,
    Column("customer_id", BigId, ForeignKey("customer.id"), primary_key=True, autoincrement=False),
    Column("opening_outstanding", Amount, nullable=False),
    Column("exposure", Amount, nullable=False),
)
"""Where a customer stands: the opening amount owed, and that plus every open order."""
