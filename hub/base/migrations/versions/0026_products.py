"""Keep the HSN code of products, and what is sold in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("hsn", sa.String(32)))
    op.add_column("product", sa.Column("replaced_by", sa.String(64)))


def downgrade() -> None:
    op.drop_column("product", "replaced_by")
    op.drop_column("product", "hsn")
