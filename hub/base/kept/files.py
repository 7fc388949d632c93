"""Files that people keep at a record: papers as PDF, and pictures; each stays as it was sent."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    Table,
    select,
    text,
)

from hub.base.clock import Clock
from hub.base.engine.columns import BigId, Code, Digest, Moment, Name, Sentence, Word, metadata
from hub.base.fields import Refused, refused
from hub.base.kept.folders import RECORD_FILES, clear_later, keep_whole
from hub.base.kept.hashed import HashedFiles
from hub.base.kept.kinds import Kind, look_at
from hub.base.transaction import Transaction, Transactions

MOST: Final = 50
"""Files of one record at most."""
LONGEST_TITLE: Final = 120
_LONGEST_NAME: Final = 120

record_file: Final = Table(
    "record_file",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("noun", Word, nullable=False),
    Column("ref", Code, nullable=False),
    Column("title", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("kind", Word, nullable=False),
    Column("digest", Digest, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("kept_by", Name, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("ended_by", Name),
    Column("ended_at", Moment),
    Column("ended_why", Sentence),
    CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name="kind"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    Index("ix_record_file_noun_ref", "noun", "ref", "id"),
    Index(
        "ix_record_file_in_force",
        "noun",
        "ref",
        "digest",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
"""A file at a record; `ref` is the record's own id in its noun, as in its address.

Its bytes are found by `digest`, their SHA-256. One that was taken away stays as a row, opens no
more, and its bytes go.
"""
_ROW: Final = (
    *(record_file.c.id, record_file.c.title, record_file.c.name, record_file.c.kind),
    *(record_file.c.digest, record_file.c.bytes, record_file.c.kept_by, record_file.c.kept_at),
    *(record_file.c.ended_by, record_file.c.ended_at, record_file.c.ended_why),
)
"""The columns of a `KeptFile`, in its order."""
_COUNT: Final = "SELECT count(*) FROM record_file WHERE noun = ? AND ref = ? AND ended_at IS NULL"
_KEEP: Final = """
INSERT INTO record_file (noun, ref, title, name, kind, digest, bytes, kept_by, kept_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (noun, ref, digest) WHERE ended_at IS NULL DO NOTHING RETURNING id
"""
"""Two that send the same bytes at once keep one file."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file at a record: what it is called, what it is of, and who kept it, or took it away."""

    id: int
    title: str
    name: str
    kind: Kind
    digest: str
    bytes: int
    kept_by: str
    kept_at: int
    ended_by: str | None
    ended_at: int | None
    ended_why: str | None

    @property
    def is_picture(self) -> bool:
        """Say whether pages can draw the file."""
        return self.kind != "pdf"

    @property
    def in_force(self) -> bool:
        """Say whether nobody has taken the file away."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as somebody sent it: its bytes, how it was called there, and what it is."""

    content: bytes
    name: str
    title: str = ""


class Files:
    """Keeps files at records, and takes them away."""

    def __init__(self, transactions: Transactions, clock: Clock, hashed: HashedFiles) -> None:
        self._transactions: Final = transactions
        self._clock: Final = clock
        self.hashed: Final = hashed

    def add(
        self, noun: str, ref: str, sent: SentFile, *, by: str, topic: str
    ) -> KeptFile | Refused:
        """Keep a file at a record; the same bytes sent twice are kept once.

        What it is, is said by its bytes and not by its name. Refused as file_large, file_wrong,
        file_pixels or file_many.
        """
        kind = look_at(sent.content)
        if isinstance(kind, Refused):
            return kind
        digest = hashlib.sha256(sent.content).hexdigest()
        with self._transactions.reading() as t:
            if _is_full(t, noun, ref, digest=digest):  # no file stays that no row would find
                return refused("file_many", most=MOST)
        # Outside of the transaction: a disk that takes its time keeps no counter waiting.
        self.hashed.write(digest, sent.content)
        with self._transactions.open(actor=by, at_ms=self._clock.now_ms()) as t:
            kept = _write(t, sent, noun=noun, ref=ref, kind=kind, digest=digest)
            if isinstance(kept, KeptFile):
                keep_whole(t, self.hashed, digest=digest, content=sent.content)
                t.changed(topic)
                t.commit()
        return kept

    def end(
        self, noun: str, ref: str, number: int, *, by: str, topic: str, why: str = ""
    ) -> KeptFile | Refused:
        """Take a file away from a record; taken away twice, it is taken away once.

        Its bytes go a week later, where no other record has them then.
        """
        with self._transactions.open(actor=by, at_ms=self._clock.now_ms()) as t:
            found = find_file(t.connection, noun, ref, number=number, ended=True)
            if found is None:
                return refused("file_unknown", number=number)
            if found.in_force:
                own = (record_file.c.id == number) & record_file.c.ended_at.is_(None)
                values = {"ended_by": t.actor, "ended_at": t.at_ms, "ended_why": why.strip()}
                t.connection.execute(record_file.update().where(own).values(values))
                clear_later(t, RECORD_FILES, found.digest)
                t.changed(topic)
                t.commit()
        return found


def _write(
    t: Transaction, sent: SentFile, *, noun: str, ref: str, kind: Kind, digest: str
) -> KeptFile | Refused:
    """Write the row of a file, once for the same bytes."""
    name = plain_text(sent.name.replace("\\", "/").rpartition("/")[2], _LONGEST_NAME) or "-"
    title = plain_text(sent.title, LONGEST_TITLE) or name
    if _is_full(t, noun, ref, digest=digest):
        return refused("file_many", most=MOST)
    if _find_same(t, noun, ref, digest=digest) is None:
        sized = (kind, digest, len(sent.content))
        t.rows(_KEEP, (noun, ref, title, name, *sized, t.actor, t.at_ms))
    kept = _find_same(t, noun, ref, digest=digest)
    assert kept is not None  # noqa: S101  # it was there, or has just been written
    return kept


def _is_full(t: Transaction, noun: str, ref: str, *, digest: str) -> bool:
    """Say whether a record has as many files as it may, and other bytes are none of them."""
    is_new = _find_same(t, noun, ref, digest=digest) is None
    return is_new and t.rows(_COUNT, (noun, ref))[0][0] >= MOST


def _find_same(t: Transaction, noun: str, ref: str, *, digest: str) -> KeptFile | None:
    """Find the file of the same bytes that a record has in force."""
    own = record_file.c
    query = select(*_ROW).where(own.noun == noun, own.ref == ref, own.digest == digest)
    row = t.connection.execute(query.where(own.ended_at.is_(None))).first()
    return None if row is None else KeptFile(*row)


def plain_text(given: str, most: int) -> str:
    """Write a text of somebody else's in one line, without what no line has."""
    line = " ".join(given.split())
    return "".join(one for one in line if unicodedata.category(one) != "Cc")[:most].strip()


def read_files(connection: Connection, noun: str, ref: str) -> list[KeptFile]:
    """Read the files at a record, the newest first; also those that were taken away."""
    own = record_file.c
    query = select(*_ROW).where(own.noun == noun, own.ref == ref).order_by(own.id.desc())
    return [KeptFile(*row) for row in connection.execute(query)]


def find_file(
    connection: Connection, noun: str, ref: str, *, number: int, ended: bool = False
) -> KeptFile | None:
    """Read one file of a record; with `ended` also one that was taken away."""
    own = record_file.c
    query = select(*_ROW).where(own.noun == noun, own.ref == ref, own.id == number)
    row = connection.execute(query).first()
    found = None if row is None else KeptFile(*row)
    return found if found is not None and (ended or found.in_force) else None
