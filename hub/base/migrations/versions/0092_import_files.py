"""Keep the file of an import apart from how far it is: a step rewrites a row, not 20 MB of it."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0089"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("run_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_file_run_id_import_run")
        ),
    )
    op.execute("INSERT INTO import_file (run_id, body) SELECT id, body FROM import_run")
    with op.batch_alter_table("import_run") as batch:
        batch.drop_column("body")


def downgrade() -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.add_column(sa.Column("body", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE import_run SET body = "
        "(SELECT body FROM import_file WHERE import_file.run_id = import_run.id)"
    )
    with op.batch_alter_table("import_run") as batch:
        batch.alter_column("body", server_default=None)
    op.drop_table("import_file")
