"""What came from terminals and what goes to them: inbox, outbox, presence, refused messages."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Code,
    Digest,
    Moment,
    Name,
    Sentence,
    TerminalId,
    Uuid,
    Word,
    metadata,
)

UNACKED: Final = "state <> 'acked'"

inbox: Final = Table(
    "inbox",
    metadata,
    Column("terminal", TerminalId, primary_key=True),
    Column("seq", BigId, primary_key=True, autoincrement=False),
    Column("order_uuid", Uuid, nullable=False, unique=True),
    Column("payload_sha256", LargeBinary(32), nullable=False),
    Column("received_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""Every order message taken, by terminal and sequence; kept for ever, so that keys never expire."""

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("terminal", TerminalId, nullable=False),
    Column("kind", Word, nullable=False),  # the last level of the topic: answer or notice
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("payload", Blob, nullable=False),
    Column("state", Word, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("state IN ('pending', 'sent', 'acked')", name="state"),
    Index("uq_outbox_order_id_revision", "order_id", "revision", unique=True),
    Index(
        "ix_outbox_unacked",
        "terminal",
        "id",
        sqlite_where=text(UNACKED),
        postgresql_where=text(UNACKED),
    ),
)
"""Every answer and notice, byte for byte, from the commit that made it until it is acknowledged."""

terminal_presence: Final = Table(
    "terminal_presence",
    metadata,
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("state", Word, nullable=False),
    Column("boot", BigId, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("queued", BigId, nullable=False),
    Column("oldest_ms", BigId, nullable=False),
    Column("printer", Word, nullable=False),
    Column("slips_waiting", BigId, nullable=False),
    Column("software", Name, nullable=False),
    Column("catalogue", Digest),
    Column("pack", Digest),
    Column("facts", Digest),
    Column("pack_reason", Code),  # why the pack it should have is not in force; null: nothing says
    CheckConstraint("state IN ('online', 'offline')", name="state"),
)
"""What each terminal last said of itself. One that is online but silent too long is lost."""

lease: Final = Table(
    "lease",
    metadata,
    Column("rule", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("uses", BigId, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("pieces", BigId, nullable=False),
    Column("of_uses", BigId),  # the limits it is a slice of; null: there is none
    Column("of_amount", Amount),
    Column("of_pieces", BigId),
    Column("pack_hash", Digest, nullable=False),
    Column("until_ms", Moment, nullable=False),
    CheckConstraint("uses >= 0 AND amount >= 0 AND pieces >= 0", name="not_negative"),
    Index("ix_lease_terminal", "terminal"),
    Index("ix_lease_until_ms", "until_ms"),
    sqlite_with_rowid=False,
)
"""What terminals may give of a scheme with a total limit before the hub has answered.

It is locked by the counter of the same rule and scope, which is there wherever a lease is and holds
the sum of all its leases: whoever changes a row here changes the sum in the same transaction.
"""

terminal_log: Final = Table(
    "terminal_log",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("terminal", TerminalId, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("level", Word, nullable=False),
    Column("code", Code, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("order_uuid", Uuid),
)
"""Remarks and alarms of terminals; the newest 10,000."""

refused_message: Final = Table(
    "refused_message",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("terminal", TerminalId, nullable=False),  # empty: the topic is no terminal's
    Column("topic", Name, nullable=False),
    Column("code", Code, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("order_uuid", Code),
    Column("payload", Blob, nullable=False),  # its first 2 KiB
)
"""Messages that were not taken, with the reason; the newest 1,000."""

refused_count: Final = Table(
    "refused_count",
    metadata,
    Column("code", Code, primary_key=True),
    Column("count", BigId, nullable=False),
)
"""How many messages were ever refused for each reason."""

snapshot: Final = Table(
    "snapshot",
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("body", Blob, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("kind IN ('catalogue', 'pack')", name="kind"),
)
"""Files that terminals fetch, named by the SHA-256 of their bytes."""
