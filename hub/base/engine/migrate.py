"""Bring a database to this program's schema, once, whoever starts first.

One of an earlier version is migrated step by step; an empty one is made at once as the code has it,
in a twentieth of the time, and marked with the name of the newest revision. Alembic is imported
only where a database is migrated, which few starts of many do: with the migrations themselves it
would take a sixteenth of a command's time.
"""

import re
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SAWarning

from hub.base.engine.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER: Final = Path(__file__).parents[1] / "migrations"
_NAMES: Final = re.compile(r'^(down_)?revision(?:: [^=]*)? = "(\w+)"$', re.MULTILINE)
_VERSION: Final = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""Where Alembic keeps the name of a database's revision, in its own words."""
_UNREAD_INDEX: Final = "Skipped unsupported reflection of expression-based index"

MakeSchema = Callable[[Connection], None]
"""Makes every table, with its first rows, in a database that holds nothing."""


class FirstRows(Protocol):
    """Writes what a noun's tables hold before anybody has used the hub."""

    def __call__(self, connection: Connection, *, now_ms: int) -> None:
        """Write it into tables without a row, as the migrations do that first made them."""


class SchemaTooNewError(Exception):
    """The database was written by a newer version of this program."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database has schema {revision}, which this version does not know: "
            "start the newer version again, or restore the copy made before it"
        )
        self.revision = revision


class SchemaTooOldError(Exception):
    """The database has an earlier version's schema, or none, and is not to be changed now."""

    def __init__(self, where: str, found: str | None) -> None:
        told = (
            f"{where} holds no hub yet: `load` a distributor first"
            if found is None
            else f"{where} has schema {found} of an earlier version, and was left as it is: take a "
            "`backup`, and have `run` of this version bring it up, which copies it aside before"
        )
        super().__init__(told)


def require_current(database: Database) -> None:
    """Refuse a database of another version, and change nothing.

    Only who starts a hub or makes one brings it up: a command that was meant to look, or one of a
    newer version beside a hub that still runs, must not. Raises SchemaTooOldError,
    SchemaTooNewError.
    """
    newest, known = _read_history()
    with database.read() as connection:
        found = _revision(connection)
    _refuse_unknown(found, known)
    if found != newest:
        raise SchemaTooOldError(database.where, found)


def upgrade(database: Database, *, make: MakeSchema | None = None) -> str:
    """Bring the schema to the newest revision and give its name; one starter at a time does it.

    An empty database gets what `make` makes, and all migrations where none is given. A SQLite file
    that has to change is copied beside itself first. Raises SchemaTooNewError.
    """
    newest, known = _read_history()
    with database.read() as connection:
        found = _revision(connection)
    if found == newest:
        return newest
    _refuse_unknown(found, known)
    with database.change_schema() as connection:
        found = _revision(connection)
        _refuse_unknown(found, known)
        if found is None and make is not None:
            make(connection)
            connection.exec_driver_sql(_VERSION)
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:newest)"),
                {"newest": newest},
            )
        elif found != newest:
            if found is not None:
                database.copy_aside(found)  # in its turn: of several starters one copies
            _migrate(connection)
    return newest


def _migrate(connection: Connection) -> None:
    """Run every migration that the database has not had yet."""
    from alembic import command  # noqa: PLC0415  # see above

    with warnings.catch_warnings():
        # A table that is written anew is read with all tables that it points to. Its own indexes
        # are made again; those of expressions of the others are not for people's eyes.
        warnings.filterwarnings("ignore", _UNREAD_INDEX, SAWarning)
        command.upgrade(alembic_config(connection), "head")


@cache
def _read_history() -> tuple[str, frozenset[str]]:
    """Read the name of the newest revision, which none follows, and the names of all."""
    named = [
        (bool(before), name)
        for file in (FOLDER / "versions").glob("[0-9]*.py")
        for before, name in _NAMES.findall(file.read_text())
    ]
    known = frozenset(name for before, name in named if not before)
    (newest,) = known - {name for before, name in named if before}
    return newest, known


def is_current(database: Database) -> bool:
    """Tell whether a database has this version's schema, and change nothing."""
    with database.read() as connection:
        return _revision(connection) == _read_history()[0]


def alembic_config(connection: Connection) -> "Config":
    """Point Alembic at our migrations and at an open connection."""
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """Read which revision the database has; None where it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _refuse_unknown(found: str | None, known: frozenset[str]) -> None:
    """Stop at a revision that is not in our history."""
    if found is not None and found not in known:
        raise SchemaTooNewError(found)
