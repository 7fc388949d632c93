"""Terminals are asked to change their passwords, and say whether they can."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

_ROTATION = "terminal_rotation"


def upgrade() -> None:
    op.create_table(
        _ROTATION,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(36), nullable=False),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("given_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("password_sha256", sa.String(64)),
        sa.UniqueConstraint("name", name=op.f("uq_terminal_rotation_name")),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_rotation_terminal_terminal")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'used', 'withdrawn')",
            name=op.f("ck_terminal_rotation_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('given', 'used') OR password_sha256 IS NOT NULL",
            name=op.f("ck_terminal_rotation_given"),
        ),
    )
    op.create_index("ix_terminal_rotation_terminal", _ROTATION, ["terminal", "id"])
    op.add_column(
        "terminal_presence",
        sa.Column("rotates", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    with op.batch_alter_table("terminal_presence") as presence:
        presence.drop_column("rotates")
    op.drop_table(_ROTATION)
