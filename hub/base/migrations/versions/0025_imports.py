"""Keep runs of imports, and what became of their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("anyway", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('customers', 'stock')", name=op.f("ck_import_run_kind")),
        sa.CheckConstraint(
            "state IN ('checked', 'running', 'done')", name=op.f("ck_import_run_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "import_outcome",
        sa.Column("run_id", _ID, autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action IN ('add', 'change', 'same', 'refuse')", name=op.f("ck_import_outcome_action")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_outcome_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "row", name=op.f("pk_import_outcome")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("import_outcome")
    op.drop_table("import_run")
