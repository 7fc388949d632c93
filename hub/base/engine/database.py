"""One database, and every difference between SQLite and PostgreSQL.

SQLite: one process writes, one connection at a time, each transaction is taken with BEGIN
IMMEDIATE, so that what was read is still true when it is written. PostgreSQL: READ COMMITTED;
writers lock the rows they read FOR UPDATE, in the order of their ids.
"""

import errno
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.pool import QueuePool

from hub.base.engine.soundness import DatabaseDamagedError, check_head, check_log, check_pages
from hub.base.engine.turns import Turns

if TYPE_CHECKING:
    import psycopg

try:
    from pysqlite3 import dbapi2 as sqlite_module
except ImportError:  # no wheel for this machine: the interpreter's own, however old
    sqlite_module = sqlite3

# Without these the driver looks at each such value for a way to adapt itself, in vain and at the
# price of two exceptions: a sixth of what an order costs.
sqlite_module.register_adapter(type(None), {}.get)
sqlite_module.register_adapter(bool, int)
sqlite_module.register_adapter(bytes, bytes)
sqlite_module.register_adapter(date, date.isoformat)

_BUSY_MS: Final = 15_000
_SERVING_KIB: Final = 65_536
"""So much of its file a hub that serves keeps in memory: the upper levels of years' indexes."""
_COMMAND_KIB: Final = 8_192
"""So much of the file one command keeps in memory: it reads most pages once."""
_COPIED: Final = 4
"""From how many rows on they go to PostgreSQL as one stream, which takes two messages to begin."""
# Padding a list to one of few lengths keeps the number of prepared statements small.
_LENGTHS: Final = (1, 4, 16, 64, 256, 1024, 4096, 16384)
_INSERTS: Final = 512
"""How many different INSERTs are remembered: some for each table."""
# The WAL-reset race (SQLite 3.7.0 to 3.51.2) loses commits; these carry the repair.
_REPAIRED: Final = ((3, 44, 6), (3, 50, 7))
_REPAIRED_SINCE: Final = (3, 51, 3)

_KINDS: Final = frozenset({"sqlite", "postgresql", "postgres"})

Lock = Literal["", " FOR UPDATE"]
Value = TypeVar("Value")


class NotCopiedError(OSError):
    """A SQLite file cannot be copied, as where the disk is full; the file itself is as it was."""

    def __init__(self, target: Path, why: str) -> None:
        super().__init__(errno.EIO, why, str(target))

    def __str__(self) -> str:
        return f"{self.filename} cannot be written: {self.strerror}; what was there is as it was"


class DatabaseUnreachableError(Exception):
    """The database cannot be opened as configured; the text says which and why."""


class BrokenReferencesError(Exception):
    """A migration would have left rows that point to nothing; it was rolled back."""


class Database:
    """Opens transactions; `read()` sees one consistent moment, `write()` ends with a commit."""

    def __init__(self, url: str, *, serving: bool = False) -> None:
        parsed = make_url(url)
        self.is_sqlite: Final = parsed.get_backend_name() == "sqlite"
        self.where: Final = (
            str(parsed.database) if self.is_sqlite else parsed.render_as_string(hide_password=True)
        )
        if self.is_sqlite:
            self._writer, self._reader = _open_sqlite(parsed, serving=serving)
        else:
            self._writer = self._reader = _open_postgresql(parsed)
        self._turns: Final = Turns()
        self.lock: Final[Lock] = "" if self.is_sqlite else " FOR UPDATE"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; without `commit()` at its end nothing is kept."""
        turn = self._turns.turn(_BUSY_MS / 1000) if self.is_sqlite else nullcontext()
        with turn, self._writer.connect() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and sees everything as of one moment."""
        with self._reader.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(  # noqa: PLW2901  # the same connection
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @contextmanager
    def change_schema(self) -> Iterator[Connection]:
        """Open the transaction of a migration, alone; it commits if it ends well.

        SQLite changes a table by copying it, and dropping the old one would take the rows that
        hang on it along: foreign keys are off meanwhile, and checked before the commit.
        """
        with self._writer.connect() as connection:
            if self.is_sqlite:
                driver = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
                try:
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise BrokenReferencesError(broken)
                    connection.commit()
                finally:
                    connection.rollback()
                    driver.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7420653211)")
                yield connection
                connection.commit()

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], list[str]]]:
        """Hear what is notified on a channel of PostgreSQL, over a connection of its own.

        Gives a function that waits at most so many seconds for messages; it raises the driver's
        OperationalError once the connection is broken.
        """
        pooled = self._reader.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()
        try:
            driver.autocommit = True
            driver.execute(f"LISTEN {channel}")

            def wait(most_s: float) -> list[str]:
                heard = [one.payload for one in driver.notifies(timeout=most_s, stop_after=1)]
                if not heard:
                    driver.execute("SELECT 1")  # a connection that is silent may be a broken one
                return heard

            yield wait
        finally:
            pooled.close()

    def copy_aside(self, suffix: str) -> None:
        """Keep a copy of a SQLite file beside it; elsewhere the server's backups are the copy."""
        if not self.is_sqlite:
            return
        target = Path(f"{self.where}.{suffix}")
        target.unlink(missing_ok=True)
        self.copy_to(target)

    def copy_to(self, target: Path) -> None:
        """Copy a SQLite database as of one moment into a new file, while others go on writing.

        Raises NotCopiedError, and leaves no half of a copy.
        """
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with (
                self._reader.connect() as connection,
                closing(sqlite_module.connect(target)) as copy,
            ):
                source = connection.connection.driver_connection
                source.backup(copy)  # type: ignore[union-attr]
        except sqlite_module.OperationalError as error:
            for part in (target, Path(f"{target}-journal")):
                part.unlink(missing_ok=True)
            raise NotCopiedError(target, str(error)) from error

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    def keep_open(self) -> Connection:
        """Open a connection outside the pool's turns, that commits each statement by itself."""
        return self._reader.connect().execution_options(isolation_level="AUTOCOMMIT")

    def answers(self) -> bool:
        """Tell whether the database answers at all."""
        try:
            with self._reader.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            return False
        return True

    def durability(self) -> str:
        """Say in one sentence what a commit survives, as asked of the engine itself."""
        with self._writer.connect() as connection:
            if not self.is_sqlite:
                settings = {
                    name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
                    for name in ("server_version", "fsync", "synchronous_commit")
                }
                return _sentence(
                    f"PostgreSQL {settings['server_version']}, fsync {settings['fsync']}, "
                    f"synchronous_commit {settings['synchronous_commit']}",
                    safe=settings["fsync"] == "on" and settings["synchronous_commit"] != "off",
                )
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        return _sentence(
            f"SQLite {sqlite_module.sqlite_version}, journal {mode}, synchronous {level}",
            safe=int(level) >= 2,  # noqa: PLR2004  # 2 is FULL
        )

    # --- the order path speaks SQL through the driver's own cursor -----------------------------

    def sql(self, text: str) -> str:
        """Write the place holders of `text`, given as `?`, the way the driver wants them."""
        return text if self.is_sqlite else text.replace("?", "%s")

    def cursor(self, connection: Connection) -> DBAPICursor:
        """Give the driver's cursor of a transaction: an eighth of the cost of a Core statement."""
        if not connection.in_transaction():
            connection.begin()
        return connection.connection.cursor()

    def insert(self, table: Table, *columns: str) -> str:
        """Write the INSERT of these columns for the driver's cursor."""
        return self.sql(_insert(table, columns))

    def write_rows(
        self, cursor: DBAPICursor, table: Table, *columns: str, rows: Sequence[Sequence[object]]
    ) -> None:
        """Write rows, each with a value for each of these columns.

        PostgreSQL takes many by COPY, at half of what it costs there to run a statement for each.
        """
        if self.is_sqlite or len(rows) < _COPIED:
            cursor.executemany(self.insert(table, *columns), rows)
            return
        names = ", ".join(table.c[column].name for column in columns)
        driver = cast("psycopg.Cursor[Any]", cursor)
        with driver.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def among(self, values: Sequence[object]) -> tuple[str, Sequence[object]]:
        """Write the condition that a column has one of these values, and what fills it.

        On PostgreSQL they are one array: the driver prepares no statement of more than 50 values,
        and takes a longer one apart each time.
        """
        if self.is_sqlite:
            return f"IN ({holders(len(values))})", padded(values)
        return "= ANY(?)", [list(values)]

    def next_ids(self, cursor: DBAPICursor, table: Table, count: int) -> Sequence[int]:
        """Take `count` rising ids of a table; those that are not used are gone."""
        if self.is_sqlite:  # one writer at a time: nobody else can be between the two
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table.name}")  # noqa: S608
            last = int(cursor.fetchall()[0][0])
            return range(last + 1, last + count + 1)
        cursor.execute(
            "SELECT nextval(%s) FROM generate_series(1, %s)", (f"{table.name}_id_seq", count)
        )
        return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=_INSERTS)
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    """Write an INSERT with `?` for each value, once: an order has twelve, the same each time."""
    names = ", ".join(table.c[column].name for column in columns)
    values = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({values})"  # noqa: S608  # names of ours


def open_database(url: str, *, alone: bool = False, serving: bool = False) -> Database:
    """Open a database by its SQLAlchemy URL, once its file is known to be sound.

    `alone` says that no other process has it open: then its log is looked at too. `serving` says
    that orders come in for months: more of the file stays in memory than one command has use for.
    Raises DatabaseUnreachableError, DatabaseDamagedError.
    """
    _check_address(url)
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _begin(path)
        check_head(path)
        if alone:
            check_log(path)
    database = Database(url, serving=serving)
    try:
        with database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
            if database.is_sqlite:
                check_pages(connection, database.where)
    except DBAPIError as error:
        if database.is_sqlite and not isinstance(error, OperationalError):
            raise DatabaseDamagedError(database.where, str(error.orig)) from error
        raise DatabaseUnreachableError(f"{database.where}: {error.orig}") from error
    return database


def _check_address(url: str) -> None:
    """See that an address names a database of a kind we speak to; it may hold a password."""
    try:
        kind = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        kind = ""
    if kind not in _KINDS:
        raise DatabaseUnreachableError(
            "the database's address names neither a file, as sqlite:///hub.db does, nor a server, "
            "as postgresql://hub@db.house/hub does"
        )


def _begin(path: Path) -> None:
    """Give a new SQLite file its name only with a head in it: an empty one is a damaged one.

    Several may begin at once. What cannot be written here is said when the database is opened.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    with suppress(OSError, sqlite_module.Error):
        connection = sqlite_module.connect(draft)
        connection.execute("VACUUM")
        # Who opens a file that is not kept so yet changes it, and refuses all others meanwhile.
        connection.execute(f"PRAGMA journal_mode = {_journal()}").fetchall()
        connection.close()
        with suppress(FileExistsError):
            os.link(draft, path)
    draft.unlink(missing_ok=True)


def holders(count: int) -> str:
    """Write the place holders of a list of `count` values, padded by `padded`."""
    length = next((length for length in _LENGTHS if length >= count), count)
    return ", ".join("?" for _ in range(length))


def padded(values: Sequence[Value]) -> Sequence[Value]:
    """Repeat the last value until the list is as long as `holders` made room for."""
    length = next((length for length in _LENGTHS if length >= len(values)), len(values))
    return [*values, *[values[-1]] * (length - len(values))]


def is_outage(error: DBAPIError | Exception) -> bool:
    """Say whether an error speaks of the database itself, and not of the rows it was given."""
    # SQLAlchemy imports psycopg where it opens a PostgreSQL: most hubs start without it.
    drivers = (sqlite_module, sys.modules.get("psycopg"))
    return isinstance(error, OperationalError | InterfaceError) or any(
        isinstance(error, (driver.OperationalError, driver.InterfaceError))
        for driver in drivers
        if driver is not None
    )


def _open_sqlite(url: URL, *, serving: bool) -> tuple[Engine, Engine]:
    """Open the writing and the reading engine of one file."""
    path = url.set(drivername="sqlite+pysqlite")
    arguments = {"check_same_thread": False, "timeout": _BUSY_MS / 1000}
    # One connection that writes: the pool makes writers wait for each other.
    writer = create_engine(
        path,
        module=sqlite_module,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_BUSY_MS / 1000,
        connect_args=arguments,
    )
    reader = create_engine(
        path, module=sqlite_module, poolclass=QueuePool, pool_size=8, connect_args=arguments
    )
    common = ("PRAGMA foreign_keys = ON", f"PRAGMA busy_timeout = {_BUSY_MS}")
    _on_connect(
        writer,
        *common,
        f"PRAGMA journal_mode = {_journal()}",
        "PRAGMA synchronous = FULL",
        f"PRAGMA cache_size = -{_SERVING_KIB if serving else _COMMAND_KIB}",
        "PRAGMA wal_autocheckpoint = 8000",  # 32 MiB: a page that many orders change is moved once
    )
    _on_connect(reader, *common, "PRAGMA query_only = ON")
    event.listen(writer, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    return writer, reader


def _open_postgresql(url: URL) -> Engine:
    """Open the engine of a server; a sum is an `int` as on SQLite, though there it is `numeric`.

    No column of ours has decimals: 3 + 4 is 7, and a number with some raises ValueError.
    """
    engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)

    def read_sums(connection: Any, _record: object) -> None:  # noqa: ANN401  # DB-API is untyped
        from psycopg.types.numeric import IntLoader  # noqa: PLC0415  # most hubs start without it

        connection.adapters.register_loader("numeric", IntLoader)

    event.listen(engine, "connect", read_sums)
    return engine


def _on_connect(engine: Engine, *pragmas: str) -> None:
    """Run these on each new connection, and let us, not the driver, open transactions."""

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # DB-API is untyped
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).fetchall()

    event.listen(engine, "connect", prepare)


def _journal() -> str:
    """Name how a SQLite file keeps what a transaction changes until it is committed."""
    return "WAL" if wal_is_safe(sqlite_module.sqlite_version_info) else "TRUNCATE"


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether a SQLite of this version is free of the WAL-reset race."""
    return version >= _REPAIRED_SINCE or any(
        version[:2] == repaired[:2] and version >= repaired for repaired in _REPAIRED
    )


def _sentence(engine: str, *, safe: bool) -> str:
    """Put what a commit is worth behind the engine's own words."""
    worth = "survives a power cut" if safe else "MAY BE LOST in a power cut"
    return f"{engine}: a commit {worth}"
