"""Take prices from files into a draft of the rule pack."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_OLD_KINDS = "kind IN ('customers', 'levels', 'openings', 'orders', 'products', 'stock', 'targets')"
_KINDS = (
    "kind IN ('customers', 'levels', 'openings', 'orders', 'prices', 'products', 'stock', "
    "'targets')"
)


def upgrade() -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), _KINDS)
        batch.add_column(sa.Column("made", sa.Text()))


def downgrade() -> None:
    gone = "kind = 'prices'"
    runs = f"SELECT id FROM import_run WHERE {gone}"  # noqa: S608
    op.execute(f"DELETE FROM import_outcome WHERE run_id IN ({runs})")  # noqa: S608
    op.execute(f"DELETE FROM import_edit WHERE run_id IN ({runs})")  # noqa: S608
    op.execute(f"DELETE FROM import_run WHERE {gone}")  # noqa: S608
    with op.batch_alter_table("import_run") as batch:
        batch.drop_column("made")
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), _OLD_KINDS)
