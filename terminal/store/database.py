"""The records' SQLite file: opened, checked, moved aside when damaged, changed all or nothing."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = "terminal.db"
_BUSY_S: Final = 5.0
_SCHEMA_VERSION: Final = 5

# Lines of SQLite with the WAL-reset fix (3.51.3; also put back into 3.44.6 and 3.50.7): before it,
# a checkpoint that met another connection could lose commits.
_FIXED_SINCE: Final = (3, 51, 3)
_FIXED_LINES: Final = {(3, 44): 6, (3, 50): 7}

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY: Final = 0xFF
"""The part of SQLite's codes that names the kind of error."""

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE packs (
    place TEXT PRIMARY KEY CHECK (place IN ('current', 'previous')),
    hash TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE open_order (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL) STRICT;
CREATE TABLE orders (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1), id TEXT NOT NULL UNIQUE, number TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL, names BLOB NOT NULL, submitted_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'answered', 'parked')),
    seal TEXT NOT NULL) STRICT;
CREATE INDEX orders_waiting ON orders (seq) WHERE state = 'queued';
CREATE TABLE answers (
    order_id TEXT NOT NULL, revision INTEGER NOT NULL CHECK (revision >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('answer', 'notice', 'refused')), status TEXT NOT NULL,
    payload BLOB NOT NULL, taken_at INTEGER NOT NULL, seal TEXT NOT NULL,
    PRIMARY KEY (order_id, kind, revision)) STRICT;
CREATE TABLE slips (
    id INTEGER PRIMARY KEY, order_id TEXT, kind TEXT NOT NULL
        CHECK (kind IN ('queued', 'answer', 'notice', 'refused', 'status')),
    revision INTEGER NOT NULL, copy INTEGER NOT NULL CHECK (copy >= 0), body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'printed', 'unknown')),
    made_at INTEGER NOT NULL, seal TEXT NOT NULL,
    UNIQUE (order_id, kind, revision, copy)) STRICT;
CREATE INDEX slips_open ON slips (id) WHERE state IN ('queued', 'sent');
"""
_SINCE_2: Final = """
CREATE TABLE order_changes (seq INTEGER PRIMARY KEY, changes BLOB NOT NULL) STRICT;
"""
_SINCE_3: Final = """
ALTER TABLE slips RENAME TO slips_before;
DROP INDEX slips_open;
CREATE TABLE slips (
    id INTEGER PRIMARY KEY, order_id TEXT, kind TEXT NOT NULL
        CHECK (kind IN ('queued', 'answer', 'notice', 'refused', 'status')),
    revision INTEGER NOT NULL, copy INTEGER NOT NULL CHECK (copy >= 0), body BLOB NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'sent', 'printed', 'handed', 'unknown', 'dropped')),
    made_at INTEGER NOT NULL, seal TEXT NOT NULL,
    UNIQUE (order_id, kind, revision, copy)) STRICT;
INSERT INTO slips SELECT * FROM slips_before;
DROP TABLE slips_before;
CREATE INDEX slips_open ON slips (id) WHERE state IN ('queued', 'sent');
"""
_SINCE_4: Final = """
CREATE INDEX orders_answered ON orders (seq) WHERE state = 'answered';
"""
_SINCE_5: Final = """
CREATE TABLE unused (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
"""
_STEPS: Final = (_SCHEMA, _SINCE_2, _SINCE_3, _SINCE_4, _SINCE_5)
"""What brings a file from each version to the next."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file, and where a damaged one was put."""

    connection: sqlite3.Connection
    durability: str
    moved_to: Path | None
    fresh: bool


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether this SQLite is free of the WAL-reset bug."""
    if version >= _FIXED_SINCE:
        return True
    return version[2] >= _FIXED_LINES.get(version[:2], version[2] + 1)


def open_database(folder: Path, stamp: str) -> Opened:
    """Open the records, or start new ones where there are none or the old ones are damaged.

    A damaged file is kept under a name with `stamp`: somebody may still read orders out of it, and
    the counter must go on selling.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE
    moved_to = None
    if path.exists() and not _is_sound(path):
        moved_to = folder / f"damaged-{stamp}-{FILE}"
        for suffix in ("", "-journal", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(moved_to.with_name(moved_to.name + suffix))
    fresh = not path.exists()
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        durability = _prepared(connection, folder)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, durability, moved_to, fresh)


def _prepared(connection: sqlite3.Connection, folder: Path) -> str:
    """Make an open file durable and of this version; gives the durability in words."""
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "TRUNCATE"
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA cache_size=-256")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found < _SCHEMA_VERSION:
        missing = "".join(_STEPS[found:])
        version = f"PRAGMA user_version={_SCHEMA_VERSION};"
        connection.executescript(f"BEGIN IMMEDIATE;{missing}{version}COMMIT;")
        sync_folder(folder)
    return f"{journal}+FULL"


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, all or nothing, on disk when it ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # On a full disk SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Open the records beside a running terminal, without the right to change them.

    The file itself is opened for writing: after a power cut SQLite must first roll back what was
    not committed.
    """
    uri = f"{(folder / FILE).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection


def sync_folder(folder: Path) -> None:
    """Make names created or renamed in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_sound(path: Path) -> bool:
    """Tell whether a file holds records that can be read; raises where the disk keeps it from us.

    One of later software is taken as it is: steps only add, and an update may be rolled back.
    A file of no bytes is what a full disk leaves of one that was written anew.
    """
    if not path.stat().st_size:
        return False
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            version = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _DAMAGED:
            return False
        raise
    return found == ("ok",) and int(version[0]) >= 0
