"""Keep MRP and cost of products, MRP of batches, bar codes of packs, and how lines were ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = (
    ("product", "mrp", sa.BigInteger()),
    ("product", "cost", sa.BigInteger()),
    ("product_gtin", "unit", sa.String(length=32)),
    ("batch", "mrp", sa.BigInteger()),
    ("order_line", "unit", sa.String(length=32)),
    ("order_line", "pack_size", _number),
    ("order_line", "pack_price", sa.BigInteger()),
    ("order_line", "mrp", sa.BigInteger()),
    ("order_line", "batch", sa.String(length=64)),
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, name, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
