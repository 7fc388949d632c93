"""Notes that people leave at a record; each stays as it was written, for staff or for all."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Connection, Index, Table, Text, select, true

from hub.base.clock import Clock
from hub.base.engine.columns import BigId, Code, Flag, Moment, Name, Word, metadata
from hub.base.transaction import Transactions

note: Final = Table(
    "note",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("noun", Word, nullable=False),
    Column("ref", Code, nullable=False),
    Column("text", Text, nullable=False),
    Column("who", Name, nullable=False),
    Column("at", Moment, nullable=False),
    Column("shared", Flag, nullable=False),
    Index("ix_note_noun_ref", "noun", "ref", "id"),
)
"""`ref` is the record's own id in its noun, as in its address.

Who is not staff reads only what is `shared`.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted at a record; `shared` says that the shop may read it."""

    text: str
    who: str
    at: int
    shared: bool


class Notes:
    """Keeps notes."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions: Final = transactions
        self._clock: Final = clock

    def add(self, noun: str, ref: str, *, text: str, by: str, topic: str, shared: bool) -> None:
        """Keep a note at a record, and have open pages of the topic told of it."""
        with self._transactions.open(actor=by, at_ms=self._clock.now_ms()) as t:
            t.connection.execute(
                note.insert().values(
                    noun=noun, ref=ref, text=text, who=by, at=t.at_ms, shared=shared
                )
            )
            t.changed(topic)
            t.commit()


def read_notes(connection: Connection, noun: str, ref: str, *, staff: bool) -> list[Note]:
    """Read the notes at a record that the reader may see, the newest first.

    Staff read all, others those that are marked for the shop.
    """
    query = (
        select(note)
        .where(note.c.noun == noun, note.c.ref == ref, true() if staff else note.c.shared)
        .order_by(note.c.id.desc())
    )
    return [Note(row.text, row.who, row.at, row.shared) for row in connection.execute(query)]
