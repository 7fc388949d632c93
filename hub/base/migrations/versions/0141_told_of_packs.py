"""Keep what the hub adds to the history of rule packs as phrases, for any language."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pack_event", sa.Column("told", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("pack_event", "told")
