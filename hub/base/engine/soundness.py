"""Whether a SQLite file is sound: asked before anything is decided by what it holds.

SQLite opens a file with changed bytes and answers from it until it meets them; and a log (`-wal`)
it reads to the first frame that is not whole, and silently forgets the commits behind it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from hub.base.engine.promises import Finding, Promise

_MAGIC: Final = b"SQLite format 3\x00"
_HEAD_BYTES: Final = 100
_LOG_HEAD_BYTES: Final = 32
_FRAME_HEAD_BYTES: Final = 24
_WAL_MAGIC: Final = 0x377F0682
"""Its lowest bit, when set, says that checksums are over big-endian words."""
_LOOKS: Final = 3
"""A break that is gone at a second look was a writer at work."""
_MOST_UNSURE: Final = 1
"""One commit behind a broken frame may be the one that the power cut: nobody was told of it."""
_STORED: Final = Promise(
    "stored_whole", "the database's file is sound, and no row points to nothing"
)


class DatabaseDamagedError(Exception):
    """The database cannot be trusted; the text says what is wrong and what to do."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(
            f"{file} is damaged: {what}. Nothing is decided by it: `hub restore FILE --yes` puts a "
            "backup in its place, and sets aside what is there"
        )
        self.file = file
        self.what = what


def check_head(path: Path) -> None:
    """Look at the head of a database file before it is opened; raises DatabaseDamagedError."""
    if not path.exists():
        return
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise DatabaseDamagedError(str(path), "it is empty")
    if not head.startswith(_MAGIC):
        raise DatabaseDamagedError(str(path), "it does not begin as a SQLite file does")


def check_log(path: Path) -> None:
    """Look at a database's log before anybody opens it; raises DatabaseDamagedError.

    Nobody may write meanwhile: half a frame of a writer would count as broken.
    """
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() or not log.exists():
        return
    with path.open("rb") as file:
        page_bytes = int.from_bytes(file.read(_HEAD_BYTES)[16:18], "big")
    if page_bytes == 1:
        page_bytes = 65_536
    lost = min(lost_commits(log, page_bytes=page_bytes) for _ in range(_LOOKS))
    if lost > _MOST_UNSURE:
        what = f"its log (-wal) is broken, and {lost} commits behind the break cannot be read"
        raise DatabaseDamagedError(str(path), what)


def check_pages(connection: Connection, where: str) -> None:
    """Have SQLite look at every page of a database; raises DatabaseDamagedError."""
    try:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalars().all()
    except (DatabaseError, UnicodeDecodeError) as error:
        raise DatabaseDamagedError(where, str(getattr(error, "orig", error))) from error
    if found != ["ok"]:
        raise DatabaseDamagedError(where, " ".join(str(found[0]).split()))


def check_storage(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check, for the audit, all that SQLite can tell of its file; a server checks its own."""
    if connection.dialect.name != "sqlite":
        yield Finding(_STORED, 1, [])
        return
    faults = [
        f"the file: {found}"
        for found in connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        if found != "ok"
    ]
    faults += [
        f"{table}: row {row} points to a row of {parent} that is not there"
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    yield Finding(_STORED, pages, faults)


@dataclass(frozen=True, slots=True)
class _Log:
    """What the head of a log says; every frame of its current life bears its salts."""

    page_bytes: int
    salts: bytes
    sums: tuple[int, int]
    order: str


def lost_commits(log: Path, *, page_bytes: int) -> int:
    """Count the commits behind the first broken frame of a log, which SQLite would forget.

    `page_bytes` is the size of the database's pages, which counts where the log's head is broken.
    """
    with log.open("rb") as file:
        head = _read_head(file.read(_LOG_HEAD_BYTES))
        if head is None:
            return sum(_is_commit(frame) for frame in _frames(file, page_bytes))
        sums, is_broken, lost = head.sums, False, 0
        for frame in _frames(file, head.page_bytes):
            is_ours = frame[8:16] == head.salts
            if not is_broken:
                sums = _sums(_sums(sums, frame[:8], head.order), frame[24:], head.order)
                is_broken = not is_ours or sums != struct.unpack(">II", frame[16:24])
            # Frames with other salts are of an earlier life of the log, and held elsewhere.
            if is_broken and is_ours and _is_commit(frame):
                lost += 1
    return lost


def _frames(file: BinaryIO, page_bytes: int) -> Iterator[bytes]:
    """Read the whole frames of a log, one after another."""
    size = _FRAME_HEAD_BYTES + page_bytes
    while len(frame := file.read(size)) == size:
        yield frame


def _is_commit(frame: bytes) -> bool:
    return frame[4:8] != b"\x00\x00\x00\x00"


def _read_head(head: bytes) -> _Log | None:
    """Read a log's head; None where it is not whole: then SQLite takes none of the log."""
    if len(head) < _LOG_HEAD_BYTES:
        return None
    magic, _, page_bytes = struct.unpack(">III", head[:12])
    if magic & ~1 != _WAL_MAGIC:
        return None
    order = ">" if magic & 1 else "<"
    sums = _sums((0, 0), head[:24], order)
    if sums != struct.unpack(">II", head[24:32]):
        return None
    return _Log(page_bytes, head[16:24], sums, order)


def _sums(before: tuple[int, int], content: bytes, order: str) -> tuple[int, int]:
    """Carry SQLite's two running sums over some bytes (file format, section 4.2)."""
    first, second = before
    for one, other in _pairs(content, order):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _pairs(content: bytes, order: str) -> Iterator[tuple[int, int]]:
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    return zip(words[::2], words[1::2], strict=True)
