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
    column,
    table,
    text,
)
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Digest,
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
KINDS: Final = "('receipt', 'transfer', 'adjustment', 'move', 'count', 'recall', 'supplier_return')"
STATES: Final = "('done', 'waiting', 'refused', 'dispatched', 'counting', 'counted')"
OPEN: Final = "state NOT IN ('done', 'refused')"
BUCKETS: Final = "('good', 'damaged', 'quarantine', 'transit')"
MOVEMENTS: Final = (
    "('opening', 'receipt', 'correction', 'dispatch', 'transfer', 'adjustment', 'move', 'count', "
    "'recall', 'delivery', 'back', 'loss', 'damage', 'supplier_return')"
)


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

stock_level: Final = Table(
    "stock_level",
    metadata,
    Column("product_id", BigId, ForeignKey("product.id"), primary_key=True, autoincrement=False),
    Column(
        "warehouse_id", BigId, ForeignKey("warehouse.id"), primary_key=True, autoincrement=False
    ),
    Column("reorder", Amount),
    Column("maximum", Amount),
    Column("bin", Word, nullable=False, server_default=text("''")),
)
"""What is kept of a product in one warehouse, in base units; null: as the product itself has it.

`bin` is where it lies there: `A-2-10`; empty where nobody has said.
"""

stock_low: Final = Table(
    "stock_low",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("product_id", BigId, ForeignKey("product.id"), nullable=False),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("available", Amount, nullable=False),
    Column("inbound", Amount, nullable=False),
    Column("reorder", Amount, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    CheckConstraint("until IS NULL OR until >= since", name="until"),
    Index(
        "uq_stock_low_now",
        *("product_id", "warehouse_id"),
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)
"""When a product was low in a warehouse, with what there was of it as that was seen; null: still.

Available and inbound were at most `reorder` in sum. At most one such spell has no end.
"""

holding_order: Final = table(
    "order_",
    column("id"),
    column("uuid"),
    column("number"),
    column("seller_id"),
    column("customer_id"),
    column("status"),
    column("business_date", Date()),
)
"""The orders that hold stock, by what the book names of them; the table is the orders' own."""

holding_note: Final = table("delivery", column("id"), column("order_id"))
"""The notes on which stock left, with their orders; the table is the deliveries' own."""

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
    Column("damaged", BigId, nullable=False, server_default=text("0")),
    Column("quarantine", BigId, nullable=False, server_default=text("0")),
    Column("in_transit", BigId, nullable=False, server_default=text("0")),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved"),
    CheckConstraint("damaged >= 0 AND quarantine >= 0 AND in_transit >= 0", name="buckets"),
    CheckConstraint("status IN ('ok', 'blocked', 'damaged')", name="status"),
    UniqueConstraint("product_id", "warehouse_id", "code"),
    Index(
        "ix_batch_reserved",
        "warehouse_id",
        sqlite_where=text("reserved > 0"),
        postgresql_where=text("reserved > 0"),
    ),
    *(
        Index(name, column, sqlite_where=text(where), postgresql_where=text(where))
        for name, column, where in (
            ("ix_batch_expiring", "expiry", "on_hand + damaged + quarantine + in_transit > 0"),
            ("ix_batch_blocked", "warehouse_id", "status <> 'ok'"),
        )
    ),
    # Batches that are sold out pile up over the years; the order path must not read them.
    Index(
        "ix_batch_sellable",
        "product_id",
        "warehouse_id",
        sqlite_where=text(SELLABLE),
        postgresql_where=text(SELLABLE),
    ),
)
"""A batch in a warehouse, counted in base units by bucket.

`on_hand` is what is good, of which `reserved` is promised; `in_transit` has left for another
warehouse and has not arrived.
"""

stock_document: Final = Table(
    "stock_document",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Code, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id")),
    Column("to_warehouse_id", BigId, ForeignKey("warehouse.id")),
    Column("reason", Word, nullable=False),
    Column("reference", Name, nullable=False),
    Column("note", Sentence, nullable=False),
    Column("due", Date),
    Column("worth", Amount),  # 1/10,000 of the major unit; null: nobody knows
    Column("after", BigId),  # of a count: the newest movement when it was frozen
    Column("asked", Digest),  # of what was sent under its key
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("decided_by", Name),
    Column("decided_at", Moment),
    Column("supplier", Name, nullable=False, server_default=text("''")),
    Column("number", Word),  # of goods that went back to a supplier
    Column("decided_why", Sentence, nullable=False, server_default=text("''")),
    CheckConstraint(f"kind IN {KINDS}", name="kind"),
    CheckConstraint(f"state IN {STATES}", name="state"),
    CheckConstraint(
        "decided_by IS NULL OR kind = 'transfer' OR decided_by <> made_by OR decided_why <> ''",
        name="two",
    ),
    UniqueConstraint("seller_id", "number"),
    Index(
        "ix_stock_document_open",
        "id",
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
)
"""Why stock moved: goods received, a transfer, an adjustment, a count; sent twice, it is one.

`key` is made by whoever sends it. One that waits has moved nothing yet. `decided_why` is said by
an owner who decided what the owner made or counted, as nobody else could.
"""

stock_document_line: Final = Table(
    "stock_document_line",
    metadata,
    Column(
        "document_id",
        BigId,
        ForeignKey("stock_document.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("batch_id", BigId, ForeignKey("batch.id"), nullable=False, index=True),
    Column("from_bucket", Word),
    Column("to_bucket", Word),
    Column("quantity", BigId, nullable=False),
    Column("expected", BigId),
    Column("arrived", BigId),
    Column("counted", BigId),
    Column("moved", BigId),
    Column("counted_by", Name),
    Column("arrived_by", Name),
    Column("first_counted", BigId),
    Column("first_moved", BigId),
    Column("first_by", Name),
    CheckConstraint("quantity >= 0 AND expected >= 0 AND arrived >= 0", name="quantity"),
    CheckConstraint("(counted IS NULL) = (counted_by IS NULL)", name="counted"),
    CheckConstraint("(first_counted IS NULL) = (first_by IS NULL)", name="first"),
    CheckConstraint("counted_by <> first_by", name="again"),
    sqlite_with_rowid=False,
)
"""One batch of a document, in base units.

`expected` is what the supplier said would come, `arrived` what came of a transfer's `quantity`. Of
a count, `quantity` is the book's figure at the freeze, `moved` what moved since then until the
batch was `counted`: 40 frozen, 5 dispatched and 34 counted are one too few. A line that is counted
again keeps what the first person counted in `first_counted`.
"""

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
    Column("from_bucket", Word),
    Column("to_bucket", Word),
    Column("reason", Word, nullable=False, server_default=text("''")),
    Column("document_id", BigId, ForeignKey("stock_document.id"), index=True),
    Column("delivery_id", BigId, ForeignKey("delivery.id"), index=True),
    CheckConstraint(f"kind IN {MOVEMENTS}", name="kind"),
    CheckConstraint(f"from_bucket IN {BUCKETS}", name="from_bucket"),
    CheckConstraint(f"to_bucket IN {BUCKETS}", name="to_bucket"),
    CheckConstraint("from_bucket IS NOT NULL OR to_bucket IS NOT NULL", name="somewhere"),
    CheckConstraint("quantity > 0", name="quantity"),
)
"""Base units that left a bucket of a batch or came into one, only ever added to.

Nothing in `from_bucket` is from outside, nothing in `to_bucket` is out of the book; a bucket is
what came into it less what left it. The opening stock is the first movement.
"""

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
