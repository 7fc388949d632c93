"""The folders of files that rows name by their hash: checked, and cleared of what no row names.

Bytes are written before their row, and go days after it: a crash between the two leaves bytes that
no row names, and never a row without its bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from hub.base.engine.promises import Finding, Promise
from hub.base.jobs.rows import Job, enqueue
from hub.base.kept import photos
from hub.base.kept.hashed import HashedFiles
from hub.base.transaction import Transaction

RECORD_FILES: Final = "files"
"""The folder of files at records, below the hub's own."""
CLEAR: Final = "files.clear"
STAYS_MS: Final = 7 * 24 * 3_600_000
"""How long bytes stay after their row: longer than a backup takes, whose books still name them."""
_NAMED: Final[Mapping[str, Mapping[str, str]]] = {
    RECORD_FILES: {"record_file": "ended_at IS NULL"},
    photos.FOLDER: {"field_photo": "1 = 1", "delivery_photo": "1 = 1"},
}
"""By folder the tables that name its files by `digest`, each with which of its rows do so."""
_KEPT: Final = Promise(
    "kept_files", "Each file and photo that a row names is on the disk as it was sent"
)


class KeptFolders:
    """The folders of one hub, by their names."""

    def __init__(self, home: Path) -> None:
        self.of: Final[Mapping[str, HashedFiles]] = {
            RECORD_FILES: HashedFiles(home / RECORD_FILES),
            photos.FOLDER: HashedFiles(home / photos.FOLDER, photos.SUFFIX),
        }

    def check(self, connection: Connection, _now_ms: int) -> Iterator[Finding]:
        """Check that all bytes are there which a row names; each of them is read."""
        checked, faults = 0, []
        for folder, files in self.of.items():
            for digest in _named_in(connection, folder):
                checked += 1
                content = files.read(digest)
                if content is None:
                    faults.append(f"{folder}: {digest} is gone")
                elif hashlib.sha256(content).hexdigest() != digest:
                    faults.append(f"{folder}: {digest} has other bytes")
        yield Finding(_KEPT, checked, faults)

    def clear(self, t: Transaction, job: Job) -> None:
        """Take bytes away, unless a row names them again by now."""
        folder, digest = job.payload["folder"], job.payload["digest"]
        hold_bytes(t, digest)
        if not any(
            t.rows(f"SELECT 1 FROM {table} WHERE digest = ? AND {named} LIMIT 1", (digest,))  # noqa: S608
            for table, named in _NAMED[folder].items()
        ):
            self.of[folder].remove(digest)


def hold_bytes(t: Transaction, digest: str) -> None:
    """Have nobody keep or clear the same bytes until this transaction ends.

    On SQLite nobody can: one writes at a time.
    """
    if not t.database.is_sqlite:
        t.rows("SELECT pg_advisory_xact_lock(hashtext(?))", (digest,))


def keep_whole(t: Transaction, files: HashedFiles, *, digest: str, content: bytes) -> None:
    """Have bytes stay with the row that this transaction writes: written again if just cleared."""
    hold_bytes(t, digest)
    files.write(digest, content)


def clear_later(t: Transaction, folder: str, digest: str) -> None:
    """Have bytes taken away some days after a row of theirs, unless a row names them then."""
    key = f"{folder} {digest} {t.at_ms}"
    payload = {"folder": folder, "digest": digest}
    enqueue(t, CLEAR, key, payload=payload, due_at_ms=t.at_ms + STAYS_MS)


def clear_all_later(t: Transaction) -> None:
    """Have the bytes of all rows that name some taken away, days after this transaction."""
    for folder, tables in _NAMED.items():
        for table in tables:
            for (digest,) in t.rows(f"SELECT DISTINCT digest FROM {table}"):  # noqa: S608
                clear_later(t, folder, digest)


def _named_in(connection: Connection, folder: str) -> Iterator[str]:
    """Give the digests that rows name in a folder, each once a table."""
    for table, named in _NAMED[folder].items():
        query = f"SELECT DISTINCT digest FROM {table} WHERE {named} ORDER BY digest"  # noqa: S608
        yield from connection.execute(text(query)).scalars()
