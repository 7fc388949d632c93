"""Keep the number of a customer's own purchase order, and find orders by their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "order_",
        sa.Column("po_number", sa.String(64), nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_order_number", "order_", ["number"])


def downgrade() -> None:
    op.drop_index("ix_order_number", "order_")
    op.drop_column("order_", "po_number")
