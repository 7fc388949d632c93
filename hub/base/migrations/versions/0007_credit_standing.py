"""Leave a credit limit to the rule pack, and keep since when somebody is a customer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAME = "ck_customer_credit_state"
_OLD = "credit_state IN ('none', 'cash_only', 'amount')"
_NEW = "credit_state IN ('none', 'cash_only', 'amount', 'unset')"


def upgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_NAME), type_="check")
        batch_op.create_check_constraint(batch_op.f(_NAME), _NEW)
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))


def downgrade() -> None:
    # Who has no limit of its own bought for cash before packs could grant one.
    op.execute("UPDATE customer SET credit_state = 'cash_only' WHERE credit_state = 'unset'")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("since")
        batch_op.drop_constraint(batch_op.f(_NAME), type_="check")
        batch_op.create_check_constraint(batch_op.f(_NAME), _OLD)
