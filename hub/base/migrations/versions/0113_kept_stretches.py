"""Keep what stretches of past days come to by product and by customer; the job fills them."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0113"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_stretch",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
    )
    _create(
        "goods_stretch",
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
        "buyer_stretch",
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
        sa.Column("stretch", sa.String(32), primary_key=True),
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
    op.drop_table("buyer_stretch")
    op.drop_table("goods_stretch")
    op.drop_table("kept_stretch")
