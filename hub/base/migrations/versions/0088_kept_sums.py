"""Keep what past days come to by product and by customer; the job that keeps it fills the past."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

_STALE = "ix_order_sum_stale"


def upgrade() -> None:
    op.add_column(
        "order_sum",
        sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    where = sa.text("NOT counted")
    op.create_index(_STALE, "order_sum", ["day"], sqlite_where=where, postgresql_where=where)
    is_reserved = sa.text("reserved > 0")
    op.create_index(
        "ix_batch_reserved",
        "batch",
        ["warehouse_id"],
        sqlite_where=is_reserved,
        postgresql_where=is_reserved,
    )
    _create(
        "goods_sum",
        sa.Column("sku", sa.String(64), primary_key=True),
        sa.Column("product_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(200), nullable=False),
        _count("lines"),
        _count("standing_lines"),
        _amount("goods_value"),
        _count("quantity"),
        _count("free_quantity"),
        _count("line_orders"),
        _count("asked"),
        _count("cut"),
        _count("waiting"),
        _count("turned_away"),
        _amount("cut_value"),
    )
    _create(
        "buyer_sum",
        sa.Column("customer_code", sa.String(64), primary_key=True),
        sa.Column("customer_id", _ID, primary_key=True, autoincrement=False),
        _count("orders"),
        _amount("payable"),
        _count("standing_orders"),
        _amount("order_value"),
        _count("standing_lines"),
        _count("paid_orders"),
    )


def _create(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("seller_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("warehouse_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("currency", sa.String(32), primary_key=True),
        sa.Column("scale", sa.Integer(), primary_key=True, autoincrement=False),
        *columns,
        sqlite_with_rowid=False,
    )


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, _ID, nullable=False)


def _amount(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def downgrade() -> None:
    op.drop_table("buyer_sum")
    op.drop_table("goods_sum")
    op.drop_index("ix_batch_reserved", "batch")
    op.drop_index(_STALE, "order_sum")
    op.drop_column("order_sum", "counted")
