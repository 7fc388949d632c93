"""What a terminal has not acknowledged stands apart from the messages, which stay as they are."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0101"
down_revision = "0098"
branch_labels = None
depends_on = None

_UNACKED = "ix_outbox_unacked"


def upgrade() -> None:
    op.create_table(
        "unacked",
        sa.Column("terminal", sa.String(32), primary_key=True),
        sa.Column(
            "message",
            _ID,
            sa.ForeignKey("outbox.id", name=op.f("fk_unacked_message_outbox")),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO unacked (terminal, message, is_sent)"
        " SELECT terminal, id, state = 'sent' FROM outbox WHERE state <> 'acked'"
    )
    op.drop_index(_UNACKED, "outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_state"))
        outbox.drop_column("state")


def downgrade() -> None:
    op.add_column(
        "outbox", sa.Column("state", sa.String(32), nullable=False, server_default="acked")
    )
    op.execute(
        "UPDATE outbox SET state = (SELECT CASE WHEN w.is_sent THEN 'sent' ELSE 'pending' END"
        " FROM unacked w WHERE w.message = outbox.id)"
        " WHERE id IN (SELECT message FROM unacked)"
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("state", server_default=None)
        outbox.create_check_constraint(
            op.f("ck_outbox_state"), "state IN ('pending', 'sent', 'acked')"
        )
    where = sa.text("state <> 'acked'")
    op.create_index(
        _UNACKED, "outbox", ["terminal", "id"], sqlite_where=where, postgresql_where=where
    )
    op.drop_table("unacked")
