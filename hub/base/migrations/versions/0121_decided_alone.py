"""Say why one person decided what the same person made, moved or counted."""

import sqlalchemy as sa
from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

_TWO = "ck_stock_document_two"
_BEFORE = "decided_by IS NULL OR kind = 'transfer' OR decided_by <> made_by"


def upgrade() -> None:
    with op.batch_alter_table("stock_document") as document:
        document.add_column(
            sa.Column("decided_why", sa.String(500), nullable=False, server_default=sa.text("''"))
        )
        document.drop_constraint(op.f(_TWO))
        document.create_check_constraint(op.f(_TWO), f"{_BEFORE} OR decided_why <> ''")


def downgrade() -> None:
    with op.batch_alter_table("stock_document") as document:
        document.drop_constraint(op.f(_TWO))
        document.create_check_constraint(op.f(_TWO), _BEFORE)
        document.drop_column("decided_why")
