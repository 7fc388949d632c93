"""Keep instead of whom somebody decided on a held order."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("approval_decision") as table:
        table.add_column(sa.Column("instead_of", sa.String(200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("approval_decision") as table:
        table.drop_column("instead_of")
