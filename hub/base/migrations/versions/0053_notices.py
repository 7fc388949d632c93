"""Keep notices to people, and the rules by which they are sent."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENTS = (
    "event IN ('order_held', 'order_released', 'order_refused', 'order_cancelled', "
    "'back_order_filled')"
)
CHANNELS = "channel IN ('page', 'mail')"
FIRST = (
    ("order_held", "approvers", 0, None, None),
    ("order_held", "manager_of_requester", 480, 1_080, 540),
    ("order_released", "requester", 0, None, None),
    ("order_refused", "requester", 0, None, None),
    ("back_order_filled", "requester", 0, None, None),
)
"""Who decides next and who asked hear of it; after eight working hours who is above who asked."""


def upgrade() -> None:
    _make_rules()
    _make_notices()


def _make_rules() -> None:
    rules = op.create_table(
        "notice_rule",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("receiver", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("above", sa.BigInteger()),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(EVENTS, name=op.f("ck_notice_rule_event")),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_notice_rule_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_rule")),
    )
    op.bulk_insert(
        rules,
        [
            {
                "event": event,
                "receiver": receiver,
                "channel": "page",
                "above": None,
                "after": after,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "active": True,
                "made_by": "",
                "made_at": int(time.time() * 1_000),
            }
            for event, receiver, after, quiet_from, quiet_until in FIRST
        ],
    )


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("order_uuid", sa.String(36), nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("customer", sa.String(200), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("failed", sa.String(500)),
        sa.CheckConstraint(EVENTS, name=op.f("ck_notice_event")),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_notice_channel")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "key", "user_id", "channel", name=op.f("uq_notice_key_user_id_channel")
        ),
    )
    op.create_index("ix_notice_user_id_id", "notice", ["user_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notice_unread", "notice", ["user_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_table(
        "notice_address",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("mail", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_address_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_address")),
    )


def downgrade() -> None:
    for name in ("notice_address", "notice", "notice_rule"):
        op.drop_table(name)
