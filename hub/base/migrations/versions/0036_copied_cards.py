"""Keep which machines of one id there are, and which rule packs terminals have beside ours."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal_presence", sa.Column("start", sa.String(200)))
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("terminal_presence", sa.Column("pack_version", whole))
    settled = sa.Column("missing_settled", whole, nullable=False, server_default="0")
    op.add_column("terminal_presence", settled)
    op.add_column("terminal_presence", sa.Column("newest_settled", sa.String(36)))
    op.create_table(
        "pack_seen",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_pack_seen")),
    )
    op.create_table(
        "terminal_copy",
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("start", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_copy_terminal_terminal")
        ),
        sa.PrimaryKeyConstraint("terminal", "start", name=op.f("pk_terminal_copy")),
    )


def downgrade() -> None:
    op.drop_table("terminal_copy")
    op.drop_table("pack_seen")
    for name in ("newest_settled", "missing_settled", "pack_version"):
        op.drop_column("terminal_presence", name)
    op.drop_column("terminal_presence", "start")
