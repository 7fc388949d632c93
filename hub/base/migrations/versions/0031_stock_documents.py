"""Keep stock by bucket, from where to where it moved, and the documents that moved it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = "state NOT IN ('done', 'refused')"
_BUCKETS = "('good', 'damaged', 'quarantine', 'transit')"
_NEW_BUCKETS = ("damaged", "quarantine", "in_transit")
_MOVEMENTS = (
    "('opening', 'receipt', 'correction', 'dispatch', 'transfer', 'adjustment', 'move', 'count', "
    "'recall')"
)


def upgrade() -> None:
    _create_document()
    _create_line()
    _add_buckets()
    _add_ways()


def _create_document() -> None:
    op.create_table(
        "stock_document",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID),
        sa.Column("to_warehouse_id", _ID),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("worth", sa.BigInteger()),
        sa.Column("after", _ID),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decided_at", sa.BigInteger()),
        sa.CheckConstraint(
            "kind IN ('receipt', 'transfer', 'adjustment', 'move', 'count', 'recall')",
            name=op.f("ck_stock_document_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('done', 'waiting', 'refused', 'dispatched', 'counting', 'counted')",
            name=op.f("ck_stock_document_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR kind = 'transfer' OR decided_by <> made_by",
            name=op.f("ck_stock_document_two"),
        ),
        _key("stock_document", "seller_id", "party"),
        _key("stock_document", "warehouse_id", "warehouse"),
        _key("stock_document", "to_warehouse_id", "warehouse"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_document")),
        sa.UniqueConstraint("key", name=op.f("uq_stock_document_key")),
    )
    op.create_index("ix_stock_document_seller_id", "stock_document", ["seller_id"])
    op.create_index(
        "ix_stock_document_open",
        "stock_document",
        ["id"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )


def _create_line() -> None:
    op.create_table(
        "stock_document_line",
        sa.Column("document_id", _ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("from_bucket", sa.String(32)),
        sa.Column("to_bucket", sa.String(32)),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("expected", _ID),
        sa.Column("arrived", _ID),
        sa.Column("counted", _ID),
        sa.Column("moved", _ID),
        sa.Column("counted_by", sa.String(200)),
        sa.CheckConstraint(
            "quantity >= 0 AND expected >= 0 AND arrived >= 0",
            name=op.f("ck_stock_document_line_quantity"),
        ),
        sa.CheckConstraint(
            "(counted IS NULL) = (counted_by IS NULL)", name=op.f("ck_stock_document_line_counted")
        ),
        _key("stock_document_line", "document_id", "stock_document"),
        _key("stock_document_line", "batch_id", "batch"),
        sa.PrimaryKeyConstraint("document_id", "line", name=op.f("pk_stock_document_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stock_document_line_batch_id", "stock_document_line", ["batch_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _add_buckets() -> None:
    with op.batch_alter_table("batch") as batch:
        for name in _NEW_BUCKETS:
            batch.add_column(sa.Column(name, _ID, nullable=False, server_default=sa.text("0")))
        batch.create_check_constraint(
            op.f("ck_batch_buckets"), "damaged >= 0 AND quarantine >= 0 AND in_transit >= 0"
        )


def _add_ways() -> None:
    """Say of each movement from where to where it went; until here all were of what is good."""
    with op.batch_alter_table("stock_movement") as movement:
        movement.add_column(sa.Column("from_bucket", sa.String(32)))
        movement.add_column(sa.Column("to_bucket", sa.String(32)))
        movement.add_column(
            sa.Column("reason", sa.String(32), nullable=False, server_default=sa.text("''"))
        )
        movement.add_column(sa.Column("document_id", _ID))
        movement.drop_constraint(op.f("ck_stock_movement_kind"), type_="check")
    op.execute("UPDATE stock_movement SET to_bucket = 'good' WHERE quantity > 0")
    op.execute(
        "UPDATE stock_movement SET from_bucket = 'good', quantity = -quantity WHERE quantity < 0"
    )
    op.execute("DELETE FROM stock_movement WHERE quantity = 0")  # of nothing, nothing moved
    with op.batch_alter_table("stock_movement") as movement:
        for name, said in (
            ("kind", f"kind IN {_MOVEMENTS}"),
            ("from_bucket", f"from_bucket IN {_BUCKETS}"),
            ("to_bucket", f"to_bucket IN {_BUCKETS}"),
            ("somewhere", "from_bucket IS NOT NULL OR to_bucket IS NOT NULL"),
            ("quantity", "quantity > 0"),
        ):
            movement.create_check_constraint(op.f(f"ck_stock_movement_{name}"), said)
        movement.create_foreign_key(
            op.f("fk_stock_movement_document_id_stock_document"),
            "stock_document",
            ["document_id"],
            ["id"],
        )
        movement.create_index("ix_stock_movement_document_id", ["document_id"])


def downgrade() -> None:
    """Refuse: a quantity that is damaged or in transit has no place in the schema before."""
    raise NotImplementedError("restore the copy that was made before the upgrade")
