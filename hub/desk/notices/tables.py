"""Notices to people: the rules, what was sent to whom, and where people have their mail."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Digest,
    Flag,
    Moment,
    Name,
    Sentence,
    Uuid,
    Word,
    among,
    metadata,
)
from hub.desk.notices.model import CHANNELS, EVENTS, GATHERS, PERSON_EVENTS

_UNREAD: Final = text("read_at IS NULL")
_GATHERED: Final = text("gather_at IS NOT NULL AND sent_at IS NULL AND failed IS NULL")


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
    Column("gather", Word, nullable=False, server_default=text("'at_once'")),
    Column("gather_at", Integer),  # the minute of the day of what goes once a day
    CheckConstraint(among("event", EVENTS), name="event"),
    CheckConstraint(among("channel", CHANNELS), name="channel"),
    CheckConstraint(among("gather", GATHERS), name="gather"),
    CheckConstraint("(gather = 'day') = (gather_at IS NOT NULL)", name="gather_at"),
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
    Column("user_id", BigId, ForeignKey("user_account.id")),
    Column("channel", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("read_at", Moment),
    Column("failed", Sentence),  # why a mail was not sent
    Column("customer_id", BigId, ForeignKey("party.id")),
    Column("gather_at", Moment),  # when it goes, with all else that goes to its receiver then
    Column("address", Name),  # where the mail went
    UniqueConstraint("key", "user_id", "channel"),
    UniqueConstraint("key", "customer_id", "channel"),
    CheckConstraint("(user_id IS NULL) <> (customer_id IS NULL)", name="receiver"),
    CheckConstraint(among("event", EVENTS), name="event"),
    CheckConstraint(among("channel", CHANNELS), name="channel"),
    Index("ix_notice_user_id_id", "user_id", "id"),
    Index("ix_notice_unread", "user_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    Index("ix_notice_gathered", "gather_at", sqlite_where=_GATHERED, postgresql_where=_GATHERED),
)
"""One notice of an event for a receiver and a channel; `key` names the event.

The receiver is a user, or the customer whose order it is.
"""

person_notice: Final = Table(
    "person_notice",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Name, nullable=False),
    Column("about", Name, nullable=False),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("event", Word, nullable=False),
    Column("subject", Name, nullable=False),
    Column("day", Date, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("address", Name, nullable=False),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    UniqueConstraint("key", "user_id"),
    CheckConstraint(among("event", PERSON_EVENTS), name="event"),
    Index("ix_person_notice_user_id_id", "user_id", "id"),
    Index("ix_person_notice_unread", "about", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
)
"""What one person is told of their own work; one that is over by itself counts as read.

`about` is the task or the leave, `key` what happened to it.
"""

push_key: Final = Table(
    "push_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", Blob, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("id = 1", name="id"),
)
"""The key by which push services know the hub, one for ever: devices are bound to it."""

push_device: Final = Table(
    "push_device",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, ForeignKey("user_account.id"), nullable=False, index=True),
    Column("session", Digest, nullable=False),
    Column("endpoint", Text, nullable=False, unique=True),
    Column("point", Name, nullable=False),
    Column("secret", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("status", Integer),
)
"""A device that shows its person's notices by itself, as long as the person is signed in on it."""

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
