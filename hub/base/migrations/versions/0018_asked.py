"""Keep the digest of what staff and programs asked for, to tell a repeat from another order."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_", sa.Column("asked_digest", sa.String(64)))


def downgrade() -> None:
    op.drop_column("order_", "asked_digest")
