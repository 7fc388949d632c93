"""Keep the claims by which devices become terminals."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATES = "'open', 'waiting', 'used', 'refused', 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "terminal_claim",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger()),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("password_sha256", sa.String(64)),
        sa.Column("password_line", sa.String(200)),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_terminal_claim_state")),
        sa.CheckConstraint(
            "state IN ('open', 'withdrawn') OR password_sha256 IS NOT NULL",
            name=op.f("ck_terminal_claim_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_claim_terminal_terminal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_claim")),
        sa.UniqueConstraint("name", name=op.f("uq_terminal_claim_name")),
    )
    op.create_index("ix_terminal_claim_terminal", "terminal_claim", ["terminal", "id"])


def downgrade() -> None:
    op.drop_table("terminal_claim")
