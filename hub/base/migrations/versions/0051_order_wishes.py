"""Keep what an order asks off, when its goods are wanted, and what it was split from."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_revision", sa.Column("delivery_date", sa.Date()))
    op.add_column("order_line", sa.Column("batch_reason", sa.String(200)))
    op.add_column("order_line", sa.Column("percent_off", sa.BigInteger()))
    op.add_column("order_line", sa.Column("off_each", sa.BigInteger()))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("order_", sa.Column("split_of", number))
    split = sa.text("split_of IS NOT NULL")
    op.create_index(
        "ix_order_split_of", "order_", ["split_of"], sqlite_where=split, postgresql_where=split
    )


def downgrade() -> None:
    op.drop_index("ix_order_split_of", table_name="order_")
    op.drop_column("order_", "split_of")
    for name in ("off_each", "percent_off", "batch_reason"):
        op.drop_column("order_line", name)
    op.drop_column("order_revision", "delivery_date")
