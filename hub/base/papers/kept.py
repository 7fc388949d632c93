"""Issued documents kept as they were first drawn: the same file for ever."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Unpack

from sqlalchemy import Column, Table, select

from hub.base.clock import Clock
from hub.base.engine.columns import Blob, Code, Digest, Moment, metadata
from hub.base.papers.paper import (
    Paper,
    PaperFile,
    PaperWish,
    Size,
    file_name,
    words_of_paper,
)
from hub.base.papers.press import Press
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords

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

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is damaged: its bytes are not those that were drawn")


class Asked(NamedTuple):
    """A document's file that is asked for: by its whole name, of a size, and what it says."""

    name: str
    size: Size
    make: Callable[[], Paper]


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
        (found,) = self.give_many([Asked(f"{name}/{size}", size, make)])
        return found

    def give_file(
        self,
        parts: Sequence[str],
        make: Callable[[PageWords], Paper],
        *,
        own: str = "",
        key: str = "",
        **wish: Unpack[PaperWish],
    ) -> PaperFile:
        """Give a document as it is wished for; its file is named by the parts.

        One with a `key` is issued and the same file for ever: `invoice/12/issued`. Any other is
        drawn as it is now. `own` is the language of its customer.
        """
        words, size = words_of_paper(own, **wish), wish.get("size", "a4")
        if key:
            content = self.give(f"{key}/{words.language}", size, lambda: make(words))
        else:
            content = self.press.draw(make(words), size)
        return PaperFile(file_name(parts), content)

    def give_many(self, asked: Sequence[Asked]) -> list[bytes]:
        """Give the files of some documents, and keep those that are new in one commit.

        A commit waits for the disk: of a thousand documents, each with a commit of its own, that
        wait is longer than the drawing.
        """
        found = self.read({one.name for one in asked})
        new = {}
        for one in asked:
            if one.name not in found and one.name not in new:
                new[one.name] = self.press.draw(one.make(), one.size)
        if new:
            found |= self._keep(new)
        return [found[one.name] for one in asked]

    def _keep(self, drawn: dict[str, bytes]) -> dict[str, bytes]:
        """Keep files by their names; of one that somebody else kept meanwhile, give that."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            rows = [
                (name, hashlib.sha256(content).hexdigest(), content, t.at_ms)
                for name, content in sorted(drawn.items())
            ]
            is_first = t.many(_KEEP, rows) == len(rows)
            t.commit()
        return drawn if is_first else self.read(drawn)

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads what a document is to say."""
        return self.transactions.reading(at_ms=self.clock.now_ms())

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Read those of these files that are kept, by their names; raises ChangedPaperError."""
        table = paper_file.c
        query = select(table.name, table.digest, table.content).where(table.name.in_(sorted(names)))
        found = {}
        with self.reading() as t:
            for name, digest, kept in t.connection.execute(query):
                found[name] = bytes(kept)
                if hashlib.sha256(found[name]).hexdigest() != digest:
                    raise ChangedPaperError(name)
        return found
