"""Keep from when on a product is ordered again, and the most that should lie of it."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("reorder_level", sa.BigInteger()))
    op.add_column("product", sa.Column("maximum", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("product", "maximum")
    op.drop_column("product", "reorder_level")
