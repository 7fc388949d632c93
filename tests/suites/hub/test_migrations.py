"""One history of the schema for both engines."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from hub.base.engine.columns import metadata
from hub.base.engine.database import open_database
from hub.base.engine.migrate import SchemaTooNewError, alembic_config, upgrade
from hub.desk.rulepacks.store.versions import read_versions


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
    assert revision == "0011"


def test_of_packs_published_before_there_were_versions_the_active_one_serves(
    database_url: str,
) -> None:
    database = open_database(database_url)
    with database.change_schema() as connection:
        command.downgrade(alembic_config(connection), "0004")
    with database.write() as connection:
        for number, at in ((1, 20), (2, 10)):
            connection.execute(
                text("INSERT INTO snapshot VALUES (:h, 'pack', :b, 1)"),
                {"h": f"h{number}", "b": b""},
            )
            connection.execute(
                text(
                    "INSERT INTO rule_pack (name, version, hash, active, published_at, "
                    "published_by) VALUES ('shop', 1, :h, :active, :at, 'load')"
                ),
                {"h": f"h{number}", "active": number == 1, "at": at},
            )
        connection.commit()

    upgrade(database)

    with database.read() as connection:
        assert serving_hash(connection, 100) == "h1"
        assert [one.origin for one in read_versions(connection)] == ["set_up", "set_up"]
    with database.change_schema() as connection:
        command.downgrade(alembic_config(connection), "0004")
        active = connection.execute(text("SELECT hash FROM rule_pack WHERE active")).scalars()
        assert list(active) == ["h1"]
    database.close()


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
        command.downgrade(alembic_config(connection), "0004")

    upgrade(database)

    database.close()
    assert (tmp_path / "hub.db.0004").stat().st_size > 0


def test_many_starters_at_once_bring_the_schema_up_once(tmp_path: Path) -> None:
    databases = [open_database(f"sqlite:///{tmp_path / 'hub.db'}") for _ in range(3)]

    revisions = {upgrade(database) for database in databases}

    for database in databases:
        database.close()
    assert revisions == {"0011"}


def test_counters_of_before_periods_are_kept(database_url: str) -> None:
    database = open_database(database_url)
    with database.change_schema() as connection:
        command.downgrade(alembic_config(connection), "0007")
    with database.write() as connection:
        connection.execute(text("INSERT INTO scheme_counter VALUES ('R', 'total', 2, 500)"))
        connection.commit()

    upgrade(database)

    with database.read() as connection:
        kept = [tuple(row) for row in connection.execute(text("SELECT * FROM scheme_counter"))]
    database.close()
    assert kept == [("R", "total", 2, 500, 0, 0, 0, 0, 0)]
