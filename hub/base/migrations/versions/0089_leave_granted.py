"""Have a day of leave say whether it was granted, by whom and when: such a day is not planned."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendance", sa.Column("granted", sa.Boolean(name="attendance_granted")))
    op.add_column("attendance", sa.Column("decided_by", sa.Text()))
    op.add_column("attendance", sa.Column("decided_at", sa.BigInteger()))


def downgrade() -> None:
    for name in ("decided_at", "decided_by", "granted"):
        op.drop_column("attendance", name)
