"""Databases that earlier versions filled by themselves, unpacked on either engine."""

import gzip
from pathlib import Path
from typing import Final

from alembic import command
from sqlalchemy import Connection, MetaData, insert, make_url, select, text

from hub.db.engine import Database, open_database
from hub.db.migrate import alembic_config

FOLDER: Final = Path(__file__).parent.parent / "golden" / "databases"
LAST_MOMENTS: Final = {"0011": 1_763_643_510_000}
"""Unix milliseconds just after the last thing that happened in each, by schema."""


def fill(url: str, revision: str, folder: Path) -> None:
    """Replace all that a database holds by what the hub of that schema wrote; `folder` is scratch.

    The database is left at that schema, so that what opens it next has to bring it up to date.
    """
    packed = (FOLDER / f"{revision}.db.gz").read_bytes()
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).write_bytes(gzip.decompress(packed))
        return
    file = folder / f"{revision}.db"
    file.write_bytes(gzip.decompress(packed))
    source, target = open_database(f"sqlite:///{file}"), open_database(url)
    _start_afresh(target, revision)
    with source.read() as reading, target.write() as writing:
        _copy(reading, writing)
        writing.commit()
    for database in (source, target):
        database.close()


def _start_afresh(database: Database, revision: str) -> None:
    """Leave nothing in a PostgreSQL database but the empty tables of a schema."""
    with database.change_schema() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        command.upgrade(alembic_config(connection), revision)


def _copy(source: Connection, target: Connection) -> None:
    """Copy every row, those that others point to first, and number on from there."""
    written, tables = MetaData(), MetaData()
    written.reflect(source)
    tables.reflect(target)
    tables.remove(tables.tables["alembic_version"])
    for table in tables.sorted_tables:
        rows = source.execute(select(written.tables[table.name])).mappings().all()
        if rows:
            target.execute(insert(table), [dict(row) for row in rows])
        if "id" in table.c and table.c.id.server_default is not None:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            newest = f"(SELECT max(id) FROM {table.name})"  # noqa: S608  # a table of our own
            target.execute(text(f"SELECT setval({sequence}, coalesce({newest}, 1))"))
