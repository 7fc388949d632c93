"""Take files of more kinds, chosen rows of them, and keep how a file writes its dates."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('customers', 'openings', 'products', 'stock')"
_ACTIONS = "action IN ('add', 'change', 'same', 'refuse', 'leave')"


def upgrade() -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), _KINDS)
        batch.add_column(sa.Column("chosen", sa.Text()))
        batch.add_column(
            sa.Column("dates", sa.String(32), nullable=False, server_default="year_month_day")
        )
        batch.create_check_constraint(
            op.f("ck_import_run_dates"),
            "dates IN ('year_month_day', 'day_month_year', 'month_day_year')",
        )
        batch.add_column(sa.Column("looked_at", sa.BigInteger()))
    with op.batch_alter_table("import_outcome", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(op.f("ck_import_outcome_action"), type_="check")
        batch.create_check_constraint(op.f("ck_import_outcome_action"), _ACTIONS)


def downgrade() -> None:
    op.execute("DELETE FROM import_outcome WHERE action = 'leave'")
    with op.batch_alter_table("import_outcome", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(op.f("ck_import_outcome_action"), type_="check")
        batch.create_check_constraint(
            op.f("ck_import_outcome_action"), "action IN ('add', 'change', 'same', 'refuse')"
        )
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_dates"), type_="check")
        batch.drop_column("looked_at")
        batch.drop_column("dates")
        batch.drop_column("chosen")
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), "kind IN ('customers', 'stock')")
