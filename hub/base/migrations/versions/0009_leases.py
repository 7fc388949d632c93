"""Keep what terminals may give of schemes before the hub has answered."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "lease",
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("uses", number, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("pieces", number, nullable=False),
        sa.Column("of_uses", number, nullable=True),
        sa.Column("of_amount", sa.BigInteger(), nullable=True),
        sa.Column("of_pieces", number, nullable=True),
        sa.Column("pack_hash", sa.String(length=64), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "uses >= 0 AND amount >= 0 AND pieces >= 0", name=op.f("ck_lease_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_lease_terminal_terminal")
        ),
        sa.PrimaryKeyConstraint("rule", "scope", "terminal", name=op.f("pk_lease")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lease_terminal", "lease", ["terminal"])


def downgrade() -> None:
    op.drop_index("ix_lease_terminal", table_name="lease")
    op.drop_table("lease")
