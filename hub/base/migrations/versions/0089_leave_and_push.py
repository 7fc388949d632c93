"""Have a day of leave say whether it was granted, and keep the devices that show notices."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("attendance", sa.Column("granted", sa.Boolean()))
    op.add_column("attendance", sa.Column("decided_by", sa.String(200)))
    op.add_column("attendance", sa.Column("decided_at", sa.BigInteger()))
    op.create_table(
        "push_key",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_push_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_key")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("point", sa.String(200), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("status", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_push_device_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_device_endpoint")),
    )
    op.create_index(op.f("ix_push_device_user_id"), "push_device", ["user_id"])


def downgrade() -> None:
    op.drop_table("push_device")
    op.drop_table("push_key")
    for name in ("decided_at", "decided_by", "granted"):
        op.drop_column("attendance", name)
