"""Keep rows of a file that were mended, and files whose columns nobody has said yet."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0058"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = "kind IN ('customers', 'openings', 'products', 'stock')"
_KINDS = "kind IN ('customers', 'openings', 'orders', 'products', 'stock')"
_STATES = "state IN ('mapping', 'checked', 'running', 'done')"


def upgrade() -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_state"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_state"), _STATES)
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), _KINDS)
        batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "import_edit",
        sa.Column("run_id", _ID, autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.Text()),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_edit_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "row", name=op.f("pk_import_edit")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("import_edit")
    gone = "state = 'mapping' OR kind = 'orders'"
    op.execute(
        f"DELETE FROM import_outcome WHERE run_id IN (SELECT id FROM import_run WHERE {gone})"  # noqa: S608
    )
    op.execute(f"DELETE FROM import_run WHERE {gone}")  # noqa: S608
    with op.batch_alter_table("import_run") as batch:
        batch.drop_column("edition")
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), _OLD_KINDS)
        batch.drop_constraint(op.f("ck_import_run_state"), type_="check")
        batch.create_check_constraint(
            op.f("ck_import_run_state"), "state IN ('checked', 'running', 'done')"
        )
