"""Keep what an order asks to be taken off, why a batch is asked for, and when goods are wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_revision", sa.Column("delivery_date", sa.Date()))
    op.add_column("order_line", sa.Column("batch_reason", sa.String(200)))
    op.add_column("order_line", sa.Column("percent_off", sa.BigInteger()))
    op.add_column("order_line", sa.Column("off_each", sa.BigInteger()))


def downgrade() -> None:
    for name in ("off_each", "percent_off", "batch_reason"):
        op.drop_column("order_line", name)
    op.drop_column("order_revision", "delivery_date")
