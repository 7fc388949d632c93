"""Endpoints of other programs, what happened, and each message to each of them."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from hub.base.engine.columns import (
    BigId,
    Code,
    Flag,
    Moment,
    Name,
    Sentence,
    Uuid,
    Word,
    among,
    metadata,
)
from hub.desk.webhooks.model import STATES

webhook: Final = Table(
    "webhook",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Name, nullable=False),
    Column("url", Sentence, nullable=False),
    Column("kinds", Sentence, nullable=False),
    Column("owner_id", BigId, ForeignKey("user_account.id"), nullable=False, index=True),
    Column("active", Flag, nullable=False),
    Column("secret", Name, nullable=False),
    Column("old_secret", Name),
    Column("old_until", Moment),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("held_until", Moment, nullable=False),
    Column("stopped_at", Moment),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("(old_secret IS NULL) = (old_until IS NULL)", name="old_secret"),
    CheckConstraint("stopped_at IS NULL OR NOT active", name="stopped"),
)
"""An address of another program, with the kinds of events that it wants, commas between.

It is told what its owner may see at that moment. After failures it is left alone until
`held_until`; `stopped_at` says when the hub gave it up.
"""

webhook_event: Final = Table(
    "webhook_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uuid", Uuid, nullable=False, unique=True),
    Column("key", Name, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("ref", Code, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_webhook_event_at", "at"),
)
"""Something that happened and that an endpoint wanted; `facts` is JSON, what it was then."""

webhook_delivery: Final = Table(
    "webhook_delivery",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("webhook_id", BigId, ForeignKey("webhook.id"), nullable=False),
    Column("event_id", BigId, ForeignKey("webhook_event.id"), nullable=False),
    Column("state", Word, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", Moment),
    Column("status", Integer),
    Column("took_ms", Integer),
    Column("error", Sentence),
    UniqueConstraint("webhook_id", "event_id"),
    CheckConstraint(among("state", STATES), name="state"),
    Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
    Index("ix_webhook_delivery_event_id", "event_id"),
)
"""One event for one endpoint; `turn` counts what was scheduled: an older job does nothing."""
