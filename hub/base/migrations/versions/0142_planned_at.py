"""Tell when a job of the calendar was planned: a clock that was fast then is found out later."""

import sqlalchemy as sa
from alembic import op

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("planned_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("job", "planned_at")
