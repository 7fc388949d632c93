"""Bring a database to this program's schema, once, whoever starts first."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from hub.base.engine.database import Database

FOLDER: Final = Path(__file__).parents[1] / "migrations"


class SchemaTooNewError(Exception):
    """The database was written by a newer version of this program."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database has schema {revision}, which this version does not know: "
            "start the newer version again, or restore the copy made before it"
        )
        self.revision = revision


def upgrade(database: Database) -> str:
    """Bring the schema to the newest revision and give its name; one starter at a time does it.

    A SQLite file that has to change is copied beside itself first. Raises SchemaTooNewError.
    """
    scripts = ScriptDirectory(str(FOLDER))
    newest = str(scripts.get_current_head())
    with database.read() as connection:
        found = _revision(connection)
    if found == newest:
        return newest
    _refuse_unknown(found, scripts)
    if found is not None:
        database.copy_aside(found)
    with database.change_schema() as connection:
        _refuse_unknown(_revision(connection), scripts)
        command.upgrade(alembic_config(connection), "head")
    return newest


def is_current(database: Database) -> bool:
    """Tell whether a database has this version's schema, and change nothing."""
    with database.read() as connection:
        return _revision(connection) == str(ScriptDirectory(str(FOLDER)).get_current_head())


def alembic_config(connection: Connection) -> Config:
    """Point Alembic at our migrations and at an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """Read which revision the database has; None where it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_unknown(found: str | None, scripts: ScriptDirectory) -> None:
    """Stop at a revision that is not in our history."""
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise SchemaTooNewError(found)
