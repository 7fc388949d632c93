"""Tell a terminal that was not heard since a restore from one that was, and has more to give."""

from alembic import op

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

_CHECK = "ck_awaited_why"


def upgrade() -> None:
    with op.batch_alter_table("awaited") as awaited:
        awaited.drop_constraint(op.f(_CHECK))
        awaited.create_check_constraint(op.f(_CHECK), "why IN ('restored', 'asked', 'ahead')")


def downgrade() -> None:
    op.execute("UPDATE awaited SET why = 'restored' WHERE why = 'asked'")
    with op.batch_alter_table("awaited") as awaited:
        awaited.drop_constraint(op.f(_CHECK))
        awaited.create_check_constraint(op.f(_CHECK), "why IN ('restored', 'ahead')")
