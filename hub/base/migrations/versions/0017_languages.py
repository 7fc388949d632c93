"""Keep which language a terminal speaks."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal_presence", sa.Column("language", sa.String(32)))


def downgrade() -> None:
    op.drop_column("terminal_presence", "language")
