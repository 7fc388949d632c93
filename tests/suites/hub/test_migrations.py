"""One history of the schema for both engines."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from hub.db.engine import open_database
from hub.db.migrate import SchemaTooNewError, alembic_config, upgrade
from hub.db.tables import metadata


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    database = open_database(database_url)

    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)

    database.close()
    assert differences == []


def test_going_back_to_nothing_and_forth_again_works(database_url: str) -> None:
    database = open_database(database_url)
    with database.change_schema() as connection:
        command.downgrade(alembic_config(connection), "base")

    revision = upgrade(database)

    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM order_")).scalar_one() == 0
    database.close()
    assert revision == "0004"


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(SchemaTooNewError, match="9999"):
        upgrade(database)

    database.close()


def test_a_sqlite_file_is_copied_beside_itself_before_it_changes(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'hub.db'}")
    upgrade(database)
    with database.change_schema() as connection:
        command.downgrade(alembic_config(connection), "0003")

    upgrade(database)

    database.close()
    assert (tmp_path / "hub.db.0003").stat().st_size > 0


def test_many_starters_at_once_bring_the_schema_up_once(tmp_path: Path) -> None:
    databases = [open_database(f"sqlite:///{tmp_path / 'hub.db'}") for _ in range(3)]

    revisions = {upgrade(database) for database in databases}

    for database in databases:
        database.close()
    assert revisions == {"0004"}
