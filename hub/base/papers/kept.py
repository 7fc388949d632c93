"""Issued documents kept as they were first drawn: the same file for ever."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Column, Table, select

from hub.base.clock import Clock
from hub.base.engine.columns import Blob, Code, Digest, Moment, metadata
from hub.base.papers.paper import Paper, Size
from hub.base.papers.press import Press
from hub.base.transaction import Transaction, Transactions

paper_file: Final = Table(
    "paper_file",
    metadata,
    Column("name", Code, primary_key=True),
    Column("digest", Digest, nullable=False),
    Column("content", Blob, nullable=False),
    Column("made_at", Moment, nullable=False),
)
"""A document as it was first drawn: `invoice/12/a4/hi`, with the SHA-256 of its bytes."""

_KEEP: Final = """
INSERT INTO paper_file (name, digest, content, made_at) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO NOTHING
"""


class ChangedPaperError(Exception):
    """The bytes of a kept document are not those that were drawn."""


@dataclass(frozen=True, slots=True)
class KeptPapers:
    """Draws documents once, and gives the same file ever after."""

    transactions: Transactions
    clock: Clock
    press: Press = field(default_factory=Press)

    def give(self, name: str, size: Size, make: Callable[[], Paper]) -> bytes:
        """Give the file of an issued document; `name` says which, in which state and language.

        Of two who ask first at once, both get the file of the one. Raises ChangedPaperError where
        what was kept is damaged.
        """
        name = f"{name}/{size}"
        found = self._read(name)
        if found is None:
            drawn = self.press.draw(make(), size)
            with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
                row = (name, hashlib.sha256(drawn).hexdigest(), drawn, t.at_ms)
                first = t.many(_KEEP, [row]) == 1
                t.commit()
            found = drawn if first else self._read(name)
        if found is None:
            raise ChangedPaperError(name)
        return found

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads what a document is to say."""
        return self.transactions.reading(at_ms=self.clock.now_ms())

    def _read(self, name: str) -> bytes | None:
        table = paper_file.c
        with self.reading() as t:
            row = t.connection.execute(
                select(table.digest, table.content).where(table.name == name)
            ).first()
        if row is None:
            return None
        content = bytes(row.content)
        if hashlib.sha256(content).hexdigest() != row.digest:
            raise ChangedPaperError(name)
        return content
