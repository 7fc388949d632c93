"""Keep what came from terminals and what goes to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_inbox()
    _create_outbox()
    _create_terminal_presence()
    _create_terminal_log()
    _create_refused_message()
    _create_refused_count()


def downgrade() -> None:
    op.drop_table("refused_count")
    op.drop_table("refused_message")
    op.drop_table("terminal_log")
    op.drop_table("terminal_presence")
    op.drop_table("outbox")
    op.drop_table("inbox")


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("order_uuid", sa.String(length=36), nullable=False),
        sa.Column("payload_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("order_uuid", name=op.f("uq_inbox_order_uuid")),
        sqlite_with_rowid=False,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'sent', 'acked')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_outbox_order_id_order_")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unacked",
            ["terminal", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'acked'"),
            postgresql_where=sa.text("state <> 'acked'"),
        )
        batch_op.create_index("uq_outbox_order_id_revision", ["order_id", "revision"], unique=True)


def _create_terminal_presence() -> None:
    op.create_table(
        "terminal_presence",
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("boot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("queued", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "oldest_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("printer", sa.String(length=32), nullable=False),
        sa.Column(
            "slips_waiting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("software", sa.String(length=200), nullable=False),
        sa.Column("catalogue", sa.String(length=64), nullable=True),
        sa.Column("pack", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state IN ('online', 'offline')", name=op.f("ck_terminal_presence_state")
        ),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_presence_terminal_terminal")
        ),
        sa.PrimaryKeyConstraint("terminal", name=op.f("pk_terminal_presence")),
    )


def _create_terminal_log() -> None:
    op.create_table(
        "terminal_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("order_uuid", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_log")),
    )
    with op.batch_alter_table("terminal_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terminal_log_terminal"), ["terminal"], unique=False)


def _create_refused_message() -> None:
    op.create_table(
        "refused_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("order_uuid", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_message")),
    )


def _create_refused_count() -> None:
    op.create_table(
        "refused_count",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_refused_count")),
    )
