"""Draw the files of many invoices as one run of jobs, and tell who asked when they are ready."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0137"
down_revision = "0128"
branch_labels = None
depends_on = None

_BEFORE = (
    "event IN ('task_given', 'task_done', 'leave_asked', 'leave_granted', 'leave_refused',"
    " 'outlet_joined')"
)
_NOW = _BEFORE.replace("'outlet_joined'", "'outlet_joined', 'files_ready', 'files_failed'")
_CHECK = "ck_person_notice_event"


def upgrade() -> None:
    op.create_table(
        "print_run",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", _ID),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("size", sa.String(32), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("otherwise", sa.String(32), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_print_run_user_id_user_account")
        ),
        sa.CheckConstraint(
            "state IN ('drawing', 'ready', 'failed')", name=op.f("ck_print_run_state")
        ),
        sa.CheckConstraint(
            "(state = 'drawing') = (ended_at IS NULL)", name=op.f("ck_print_run_ended")
        ),
        sa.CheckConstraint(
            "drawn >= 0 AND drawn <= documents AND (state <> 'ready' OR drawn = documents)",
            name=op.f("ck_print_run_drawn"),
        ),
    )
    op.create_index("ix_print_run_owner_id", "print_run", ["owner", "id"])
    op.create_index(
        "ix_print_run_drawing",
        "print_run",
        ["owner", "digest"],
        unique=True,
        sqlite_where=sa.text("state = 'drawing'"),
        postgresql_where=sa.text("state = 'drawing'"),
    )
    op.create_table(
        "print_run_paper",
        sa.Column("run_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("invoice_id", _ID, nullable=False),
        sa.Column("paper", sa.String(64)),
        sa.Column("name", sa.String(200)),
        sa.ForeignKeyConstraint(
            ["run_id"], ["print_run.id"], name=op.f("fk_print_run_paper_run_id_print_run")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_print_run_paper_invoice_id_invoice")
        ),
        sa.CheckConstraint(
            "(paper IS NULL) = (name IS NULL)", name=op.f("ck_print_run_paper_paper")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("person_notice") as notice:
        notice.drop_constraint(op.f(_CHECK), type_="check")
        notice.create_check_constraint(op.f(_CHECK), _NOW)


def downgrade() -> None:
    op.execute("DELETE FROM person_notice WHERE event IN ('files_ready', 'files_failed')")
    with op.batch_alter_table("person_notice") as notice:
        notice.drop_constraint(op.f(_CHECK), type_="check")
        notice.create_check_constraint(op.f(_CHECK), _BEFORE)
    op.drop_table("print_run_paper")
    op.drop_table("print_run")
