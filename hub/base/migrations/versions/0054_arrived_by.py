"""Keep who said what arrived of each line of a transfer: somebody else lets a difference pass."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock_document_line", sa.Column("arrived_by", sa.String(200)))


def downgrade() -> None:
    op.drop_column("stock_document_line", "arrived_by")
