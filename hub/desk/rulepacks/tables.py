"""Rule packs: their versions, files and history, and what drafts in shadow would have decided."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    Table,
    select,
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
    Word,
    metadata,
)
from hub.desk.rulepacks.model.versions import Version

rule_pack: Final = Table(
    "rule_pack",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Name, nullable=False),
    Column("version", BigId, nullable=False),
    Column("hash", Digest, ForeignKey("snapshot.hash"), nullable=False, unique=True),
    Column("origin", Word, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Name, nullable=False),
    Column("in_shadow", Flag, nullable=False),
    Column("shadow_after", BigId, nullable=False),
    Column("published_at", Moment),
    Column("published_by", Name, nullable=False),
    Column("starts_at", Moment),
    Column("dropped_at", Moment),
    Column("copy_of", BigId, ForeignKey("rule_pack.id")),
    Column("fault", Sentence, nullable=False),
    Column("alone", Flag, nullable=False, server_default=text("false")),
    Column("cases", Integer, nullable=False),
    Column(
        "doubts", Blob, nullable=False
    ),  # JSON rows by position: severity, code, rule, text, place
    CheckConstraint("origin IN ('set_up', 'added', 'rolled_back')", name="origin"),
    CheckConstraint("(published_at IS NULL) = (starts_at IS NULL)", name="published"),
    CheckConstraint("dropped_at IS NULL OR published_at IS NULL", name="dropped"),
    Index("ix_rule_pack_starts_at", "starts_at"),
    Index(
        "ix_rule_pack_one_in_shadow",
        "in_shadow",
        unique=True,
        sqlite_where=text("in_shadow"),
        postgresql_where=text("in_shadow"),
    ),
)
"""Every version; its bytes are the snapshot of the same hash. The one that serves is the one with
the latest start that has come and no fault: nothing is written when a scheduled one takes over."""

pack_seen: Final = Table(
    "pack_seen",
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("version", BigId, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Packs that terminals have, or orders that they gave back were decided by, and that are not here.

They served before the books were put back: their numbers are used. Rows stay when a pack comes."""

pack_file: Final = Table(
    "pack_file",
    metadata,
    Column("pack_id", BigId, ForeignKey("rule_pack.id"), primary_key=True, autoincrement=False),
    Column("path", Name, primary_key=True),
    Column("body", Blob, nullable=False),
)
"""The rule files a version was packed from, as their author wrote them."""

pack_event: Final = Table(
    "pack_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("pack_id", BigId, ForeignKey("rule_pack.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", Word, nullable=False),
    Column("actor", Name, nullable=False),
    Column("text", Sentence, nullable=False),
    Column("told", Blob),  # JSON rows by position: phrase, parameters; null: nothing is added
)
"""The history of the versions: who did what, when and why."""

shadow_decision: Final = Table(
    "shadow_decision",
    metadata,
    Column("pack_id", BigId, ForeignKey("rule_pack.id"), primary_key=True, autoincrement=False),
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("outcome_before", Word, nullable=False),
    Column("outcome", Word, nullable=False),  # the engine's, or `failed`
    Column("payable_before", Amount, nullable=False),
    Column("payable", Amount, nullable=False),
    Column("result_hash", Digest),  # null: the draft failed on this order
    Column("changed", Flag, nullable=False),
    Column("difference", Blob, nullable=False),  # JSON; empty where nothing changed
    sqlite_with_rowid=False,
)
"""What a draft in shadow makes of an order that another pack decided; nothing of it is applied."""


_COLUMNS: Final = tuple(rule_pack.c[one.name] for one in fields(Version))
SERVING: Final = (
    "SELECT hash FROM rule_pack WHERE starts_at <= ? AND fault = '' "
    "ORDER BY starts_at DESC, id DESC LIMIT 1"
)
"""Which pack decides orders at a moment, in Unix milliseconds: for a transaction's own rows."""


def serving_pack(now_ms: int) -> Select[tuple[int, int, str]]:
    """Select id, version and hash of the pack that decides orders at a moment."""
    pack = rule_pack.c
    return (
        select(pack.id, pack.version, pack.hash)
        .where(pack.starts_at <= now_ms, pack.fault == "")
        .order_by(pack.starts_at.desc(), pack.id.desc())
        .limit(1)
    )


def read_versions(connection: Connection) -> Sequence[Version]:
    """Read every version, oldest first."""
    query = select(*_COLUMNS).order_by(rule_pack.c.id)
    return [version_of(row) for row in connection.execute(query).mappings()]


def version_of(row: RowMapping) -> Version:
    """Read one row."""
    return Version(**{one.name: row[one.name] for one in fields(Version)})
