"""Say of each terminal which payments its counter takes, and from where on it asks once more."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal", sa.Column("payments", sa.String(32)))
    op.add_column("terminal", sa.Column("ask_quantity", _ID))
    op.add_column("terminal", sa.Column("ask_amount", _ID))


def downgrade() -> None:
    for name in ("ask_amount", "ask_quantity", "payments"):
        op.drop_column("terminal", name)
