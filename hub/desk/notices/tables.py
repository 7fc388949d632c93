"""Notices to people: the rules, what was sent to whom, and where people have their mail."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Flag,
    Moment,
    Name,
    Sentence,
    Uuid,
    Word,
    among,
    metadata,
)
from hub.desk.notices.model import CHANNELS, EVENTS

_UNREAD: Final = text("read_at IS NULL")


notice_rule: Final = Table(
    "notice_rule",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("event", Word, nullable=False),
    Column("receiver", Word, nullable=False),
    Column("channel", Word, nullable=False),
    Column("above", Amount),
    Column("after", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("active", Flag, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint(among("event", EVENTS), name="event"),
    CheckConstraint(among("channel", CHANNELS), name="channel"),
)
"""Who hears of what; one that is ended stays, for what it has sent."""

notice: Final = Table(
    "notice",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Name, nullable=False),
    Column("event", Word, nullable=False),
    Column("order_uuid", Uuid, nullable=False),
    Column("number", Name, nullable=False),
    Column("customer", Name, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("reasons", Blob, nullable=False),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("channel", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("read_at", Moment),
    Column("failed", Sentence),  # why a mail was not sent
    UniqueConstraint("key", "user_id", "channel"),
    CheckConstraint(among("event", EVENTS), name="event"),
    CheckConstraint(among("channel", CHANNELS), name="channel"),
    Index("ix_notice_user_id_id", "user_id", "id"),
    Index("ix_notice_unread", "user_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
)
"""One notice of an event for a receiver and a channel; `key` names the event."""

notice_address: Final = Table(
    "notice_address",
    metadata,
    Column(
        "user_id",
        BigId,
        ForeignKey("user_account.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("mail", Name, nullable=False),
)
"""Where a user has mail; who has said none gets none."""
