"""Say in which bin of a warehouse a product lies."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stock_level",
        sa.Column("bin", sa.String(32), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    op.drop_column("stock_level", "bin")
