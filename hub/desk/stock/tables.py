"""Stock: warehouses, batches, what moved, and what is promised to orders."""

from typing import ClassVar, Final

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
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Flag,
    Moment,
    Name,
    Record,
    Sentence,
    Word,
    metadata,
    table_of,
)

SELLABLE: Final = "status = 'ok' AND on_hand > reserved"


class Warehouse(Record, table=True):
    """Where a seller's stock lies; a smaller `priority` is asked first."""

    __tablename__ = "warehouse"
    __table_args__: ClassVar = (Index("ix_warehouse_seller_id", "seller_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    seller_id: int = Field(foreign_key="party.id", sa_type=BigId)
    code: str = Field(sa_type=Code, unique=True)
    name: str = Field(sa_type=Name)
    priority: int = Field(default=0, sa_type=BigId)


warehouse: Final = table_of(Warehouse)

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
    Column("revision", Integer, nullable=False),
    Column("free", Flag, nullable=False),
    Column("line", Integer, nullable=False),
    Column("batch_id", BigId, ForeignKey("batch.id"), nullable=False, index=True),
    Column("quantity", BigId, nullable=False),
    CheckConstraint("quantity <> 0", name="quantity"),
)
"""Base units of one batch promised to one line by one revision, as differences, only added to.

Twelve promised and amended to ten are +12 by revision 1 and -2 by revision 2; what all rows of a
batch add up to is what is reserved of it.
"""
