"""Keep which card each terminal runs from."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal_presence", sa.Column("card", sa.String(36)))


def downgrade() -> None:
    op.drop_column("terminal_presence", "card")
