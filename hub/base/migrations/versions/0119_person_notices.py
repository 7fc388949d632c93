"""Tell a person of the own work: of a task that is given, of a leave that is decided."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0119"
down_revision = "0117"
branch_labels = None
depends_on = None

_EVENTS = (
    "event IN ('task_given', 'task_done', 'leave_asked', 'leave_granted', 'leave_refused',"
    " 'outlet_joined')"
)


def upgrade() -> None:
    op.create_table(
        "person_notice",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_person_notice_user_id_user_account")
        ),
        sa.UniqueConstraint("key", "user_id", name=op.f("uq_person_notice_key_user_id")),
        sa.CheckConstraint(_EVENTS, name=op.f("ck_person_notice_event")),
    )
    op.create_index("ix_person_notice_user_id_id", "person_notice", ["user_id", "id"])
    op.create_index(
        "ix_person_notice_unread",
        "person_notice",
        ["about"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("person_notice")
