"""A hub's books and keys as one file, and back: taken while it runs, checked before it is trusted.

The file is a tar archive: `manifest.json` first, then what the hub's folder holds. The manifest has
the SHA-256 of every other file.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from hub.base.changes import ChangeFeed
from hub.base.clock import Clock
from hub.base.engine.database import Database, DatabaseUnreachableError, open_database
from hub.base.engine.migrate import upgrade
from hub.base.engine.soundness import DatabaseDamagedError
from hub.base.history import history
from hub.base.transaction import Transactions
from hub.desk.accounts.tables import posting
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.model import Incarnation
from hub.desk.parties.reads import read_distributor
from hub.desk.partners.store import end_links
from hub.desk.people.store.rows import end_all_sessions
from hub.desk.stock.tables import stock_movement
from hub.desk.terminals.acts.begin_again import begin_again
from hub.desk.terminals.tables import Terminal
from hub.run.config import Settings
from hub.run.signing import AnswerKey

FORMAT: Final = 1
DATABASE: Final = "hub.db"
RESTORING: Final = "restoring"
"""A file of this name stands in the hub's folder while a backup is moved into place."""
ANSWER_KEY: Final = "signing/answers.key"
_MANIFEST: Final = "manifest.json"
_KEPT: Final = ("hub.toml", "signing", "terminals", "broker/passwd", "https", "photos", "files")
"""What of the hub's folder goes along, where it is there: settings, keys, who connects, photos,
files of records."""
_LARGEST_MANIFEST: Final = 10_000_000
_CHUNK: Final = 1 << 20


class BackupError(Exception):
    """A backup cannot be made, or a file holds none that can be put back; the text says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `taken_at` in Unix ms, `files` their SHA-256 by name."""

    format: int
    distributor: str
    taken_at: int
    orders: int
    newest_order: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, whom the hub has to hear of, and where what was there before is kept."""

    manifest: Manifest
    incarnation: Incarnation
    terminals: tuple[str, ...]
    set_aside: Path | None


class Newer(NamedTuple):
    """What books hold that a backup has not: orders, and rows of after the backup's moment.

    Rows are revisions of orders, postings of money, movements of stock, and history.
    """

    orders: int
    rows: int


def take_backup(
    database: Database, folder: Path, target: Path, *, clock: Clock, named: Collection[Path] = ()
) -> Manifest:
    """Write the hub's books and keys into one file, which its owner alone may read.

    `named` are files that the settings name; those in the hub's folder go along.

    The books are copied as of one moment while others go on writing; the copy is checked, and the
    file is read again before it gets its name. Raises BackupError.
    """
    if not database.is_sqlite:
        raise BackupError(
            f"{database.where} is kept by a server: copy it with pg_dump, and of {folder} what is "
            f"there of {', '.join(_KEPT)}, with the files that hub.toml names"
        )
    if target.exists():
        raise BackupError(f"{target} is there already: name a file that is not")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as aside:
            books = Path(aside) / DATABASE
            database.copy_to(books)
            AnswerKey(folder / "signing")()  # its first use makes it, which may come later
            files = {DATABASE: books, **_kept(folder), **_inside(folder, named)}
            manifest = _describe(books, files, taken_at=clock.now_ms())
            draft = Path(aside) / target.name
            _pack(draft, manifest, files)
            read_manifest(draft)
            _sync(draft)
            draft.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror}") from error
    return manifest


@contextmanager
def open_books(settings: Settings) -> Iterator[Database]:
    """Open a hub's books as they are, also those of an earlier version: they are to be copied.

    Raises BackupError where there are none.
    """
    refuse_half_restored(settings.folder)
    file = settings.database_file
    if file is not None and not file.exists():
        raise BackupError(f"{file}: no hub is here; name its folder with --data, or load one")
    database = open_database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def _inside(folder: Path, named: Collection[Path]) -> dict[str, Path]:
    """Find the named files that are in the hub's folder, by their name in the archive."""
    home = folder.resolve()
    places = {path.resolve() for path in named if path.is_file()}
    return {
        one.relative_to(home).as_posix(): one for one in sorted(places) if one.is_relative_to(home)
    }


def refuse_half_restored(folder: Path) -> None:
    """Raise BackupError for a folder in which a restore was cut short: it holds no whole books."""
    if (folder / RESTORING).exists():
        raise BackupError(
            f"{folder}: putting a backup back was cut short here: run the restore again"
        )


def read_manifest(source: Path) -> Manifest:
    """Read a whole backup: what it says of itself, and whether each file still hashes so.

    Raises BackupError.
    """
    try:
        with tarfile.open(source, "r:") as archive:
            manifest = _manifest_of(archive)
            found = dict(_digests(archive))
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} is no whole backup of a hub: {error}") from error
    except OSError as error:
        raise BackupError(f"{source}: {error.strerror}") from error
    if found != manifest.files:
        names = sorted({name for name, _ in found.items() ^ manifest.files.items()})
        raise BackupError(f"{source} is damaged: not as it was taken: {', '.join(names)}")
    return manifest


def restore_backup(source: Path, folder: Path, *, clock: Clock) -> Restored:
    """Put a backup back as a new life of the books; what was in the folder is set aside, not lost.

    The caller holds the folder. Everything is prepared aside and moved into place at the end; cut
    short there, no hub starts until it is run again. Raises BackupError, SchemaTooNewError.
    """
    manifest = read_manifest(source)
    now_ms = clock.now_ms()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
            aside = Path(name)
            with tarfile.open(source, "r:") as archive:
                archive.extractall(aside, filter="data")
            (aside / _MANIFEST).unlink()
            _keep_answer_key(folder, aside)
            begun, terminals = _begin_anew(aside / DATABASE, manifest, now_ms=now_ms)
            (folder / RESTORING).touch()
            _sync(folder)
            kept = _set_aside(folder, manifest.files, now_ms=now_ms)
            _move(aside, folder)
            (folder / RESTORING).unlink()
            _sync(folder)
    except OSError as error:
        raise BackupError(f"{folder}: {error.strerror}") from error
    return Restored(manifest, begun, terminals, kept)


def _keep_answer_key(folder: Path, aside: Path) -> None:
    """Keep the key of the answers that is here, where a backup was taken before there was one.

    By another key the hub would know none of its answers when terminals give them back.
    """
    here, there = folder / ANSWER_KEY, aside / ANSWER_KEY
    if here.exists() and not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(here, there)


def _begin_anew(
    books: Path, manifest: Manifest, *, now_ms: int
) -> tuple[Incarnation, tuple[str, ...]]:
    """Begin a new life of these books; gives it with the terminals that have to be heard."""
    with _opened(books) as database:
        upgrade(database)
        return begin_life(database, backup_at=manifest.taken_at, now_ms=now_ms)


def begin_life(
    database: Database, *, backup_at: int, now_ms: int
) -> tuple[Incarnation, tuple[str, ...]]:
    """Begin a new life of books that were put back; gives it with the terminals to be heard."""
    transactions = Transactions(database, ChangeFeed(database))
    endings = (end_all_sessions, end_links)
    begun = begin_again(transactions, backup_at=backup_at, now_ms=now_ms, endings=endings)
    with database.read() as connection:
        return begun, _terminals(connection)


def find_newer(books: Path, manifest: Manifest) -> Newer | None:
    """Count what books hold that a backup has not; None where they cannot be read.

    Books that were put back before, and went on from there, may have fewer orders than the backup
    and yet others: whatever is of after the backup's moment counts. Raises BackupError where the
    books are another distributor's.
    """
    try:
        with _opened(books) as database, database.read() as connection:
            distributor = read_distributor(connection).name
            newer = _newer(connection, manifest)
    except (BackupError, SQLAlchemyError):
        return None
    if distributor != manifest.distributor and not _has_its_key(books.parent, manifest):
        raise BackupError(
            f"the backup is of {manifest.distributor}, and {books} of {distributor}: "
            "name another folder with --data"
        )
    return newer


def _has_its_key(folder: Path, manifest: Manifest) -> bool:
    """Tell whether a folder has the key of answers that a backup has: then both are of one hub."""
    key = folder / ANSWER_KEY
    return key.is_file() and _digest_of(key) == manifest.files.get(ANSWER_KEY)


def _newer(connection: Connection, manifest: Manifest) -> Newer:
    def count(table: Table, moment: ColumnElement[int] | None = None) -> int:
        query = select(func.count()).select_from(table)
        query = query if moment is None else query.where(moment > manifest.taken_at)
        return int(connection.execute(query).scalar_one())

    orders = max(count(order_) - manifest.orders, count(order_, order_.c.placed_at))
    moments = (
        (order_revision, order_revision.c.made_at),
        (posting, posting.c.at),
        (stock_movement, stock_movement.c.at),
        (history, history.c.at),
    )
    return Newer(orders, sum(count(table, moment) for table, moment in moments))


def _kept(folder: Path) -> dict[str, Path]:
    """Find what goes along beside the books, by its name in the archive."""
    found: dict[str, Path] = {}
    depth = len(folder.parts)
    for name in _KEPT:
        path = folder / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found |= {
            one.relative_to(folder).as_posix(): one
            for one in inside
            if one.is_file() and not any(part.startswith(".") for part in one.parts[depth:])
        }
    return found


def _describe(books: Path, files: Mapping[str, Path], *, taken_at: int) -> Manifest:
    with _opened(books) as database, database.read() as connection:
        newest = connection.execute(
            select(order_.c.number).order_by(order_.c.id.desc()).limit(1)
        ).scalar()
        return Manifest(
            format=FORMAT,
            distributor=read_distributor(connection).name,
            taken_at=taken_at,
            orders=connection.execute(select(func.count()).select_from(order_)).scalar_one(),
            newest_order=newest or "",
            files={name: _digest_of(path) for name, path in files.items()},
        )


def _pack(draft: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    text = json.dumps(asdict(manifest), indent=1).encode()
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        head = tarfile.TarInfo(_MANIFEST)
        head.size, head.mode = len(text), 0o600
        archive.addfile(head, io.BytesIO(text))
        for name, path in files.items():
            archive.add(path, arcname=name, recursive=False)


def _manifest_of(archive: tarfile.TarFile) -> Manifest:
    head = archive.next()
    stream = archive.extractfile(head) if head is not None and head.name == _MANIFEST else None
    if head is None or stream is None or head.size > _LARGEST_MANIFEST:
        raise tarfile.TarError(f"it does not begin with {_MANIFEST}")
    try:
        manifest = Manifest(**json.loads(stream.read()))
    except (ValueError, TypeError) as error:
        raise tarfile.TarError(f"{_MANIFEST} cannot be read") from error
    if manifest.format != FORMAT or DATABASE not in manifest.files:
        raise tarfile.TarError(f"its format {manifest.format} is not known to this version")
    return manifest


def _digests(archive: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    """Hash every file of an archive but the manifest; raises TarError at what is not a file."""
    for member in archive:
        if member.name == _MANIFEST:
            continue
        parts = PurePosixPath(member.name)
        stream = archive.extractfile(member) if member.isfile() else None
        if stream is None or parts.is_absolute() or ".." in parts.parts:
            raise tarfile.TarError(f"{member.name} does not belong into it")
        digest = hashlib.sha256()
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
        yield member.name, digest.hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _opened(books: Path) -> Iterator[Database]:
    """Open books that no hub runs on; raises BackupError where they are damaged."""
    try:
        database = open_database(f"sqlite:///{books}")
    except (DatabaseDamagedError, DatabaseUnreachableError) as error:
        raise BackupError(str(error)) from error
    try:
        yield database
    finally:
        database.close()


def _terminals(connection: Connection) -> tuple[str, ...]:
    query = select(Terminal.id).where(Terminal.revoked_at.is_(None)).order_by(Terminal.id)  # type: ignore[union-attr, call-overload]
    return tuple(connection.execute(query).scalars())


def _set_aside(folder: Path, files: Collection[str], *, now_ms: int) -> Path | None:
    """Move what a backup replaces into a folder of its own; None where nothing was there."""
    books = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
    there = [folder / name for name in dict.fromkeys((*books, *_KEPT, *files))]
    if not any(path.exists() for path in there):
        return None
    target = folder / f"before-restore-{now_ms}"
    for path in there:
        if path.exists():
            place = target / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(place)
    return target


def _move(aside: Path, folder: Path) -> None:
    """Move what was unpacked into place, each file durable before it gets its name."""
    for path in sorted(one for one in aside.rglob("*") if one.is_file()):
        place = folder / path.relative_to(aside)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o600)
        _sync(path)
        shutil.move(path, place)
    _sync(folder)


def _sync(path: Path) -> None:
    """Have the system write a file or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)
