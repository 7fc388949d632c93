"""Keep where terminals price otherwise, and why one has not taken the pack it should have."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_alarm",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("pack_hash", sa.String(length=64), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("catalogue_hash", sa.String(length=64), nullable=False),
        sa.Column("quoted_hash", sa.String(length=64), nullable=False),
        sa.Column("recomputed_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_price_alarm_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_price_alarm")),
    )
    with op.batch_alter_table("terminal_presence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pack_reason", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("terminal_presence", schema=None) as batch_op:
        batch_op.drop_column("pack_reason")
    op.drop_table("price_alarm")
