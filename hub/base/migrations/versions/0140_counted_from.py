"""Tell a job that is due so long after it was wanted from one of the calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("counted_from", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("job", "counted_from")
