"""Keep which card each terminal runs from, and which answered orders it keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


_COUNTS = ("kept_orders", "kept_first", "kept_last", "kept_revision")


def upgrade() -> None:
    op.add_column("terminal_presence", sa.Column("card", sa.String(36)))
    op.add_column("terminal_presence", sa.Column("kept_newest", sa.String(36)))
    for name in _COUNTS:
        whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        count = sa.Column(name, whole, nullable=False, server_default="0")
        op.add_column("terminal_presence", count)


def downgrade() -> None:
    for name in (*_COUNTS, "kept_newest", "card"):
        op.drop_column("terminal_presence", name)
