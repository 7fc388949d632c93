"""Keep what was sent under the key of a stock document, so that other content is told."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock_document", sa.Column("asked", sa.String(64)))


def downgrade() -> None:
    op.drop_column("stock_document", "asked")
