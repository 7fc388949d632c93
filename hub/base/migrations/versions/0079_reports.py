"""Keep when stock is low, find old messages to programs, and let reports be mailed as PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FILE = "ck_report_schedule_file"


def upgrade() -> None:
    op.create_table(
        "stock_low",
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("available", "inbound", "reorder", "since")
        ),
        sa.Column("until", sa.BigInteger()),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_stock_low_until")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_low_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_low_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_low")),
    )
    op.create_index(
        "uq_stock_low_now",
        "stock_low",
        ["product_id", "warehouse_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index("ix_webhook_event_at", "webhook_event", ["at"])
    _let_files_be("'xlsx', 'csv', 'pdf'")


def downgrade() -> None:
    op.execute("UPDATE report_schedule SET file = 'xlsx' WHERE file = 'pdf'")
    _let_files_be("'xlsx', 'csv'")
    op.drop_index("ix_webhook_event_at", "webhook_event")
    op.drop_table("stock_low")


def _let_files_be(words: str) -> None:
    with op.batch_alter_table("report_schedule") as table:
        table.drop_constraint(op.f(_FILE), type_="check")
        table.create_check_constraint(op.f(_FILE), f"file IN ({words})")
