"""Keep which start of a terminal spoke last, and which are of a second machine."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal_presence", sa.Column("start", sa.String(200)))
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
    op.drop_column("terminal_presence", "start")
