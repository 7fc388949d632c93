"""One history of the schema for both engines."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, make_url, text

import hub.run.bootstrap
from hub.base import history, numbering
from hub.base.engine.columns import metadata
from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import SchemaTooNewError, alembic_config, upgrade
from hub.desk.rulepacks.tables import read_versions, serving_pack
from tests.builders.filled import fill, start_afresh
from tests.builders.starters import start_together

pytestmark = pytest.mark.slow
NEWEST = "0142"
HELD_BEFORE = (
    """
    INSERT INTO customer (code, name, geo, status, credit_state, credit_limit)
    VALUES ('C1', 'Shop', '', 'active', 'none', 0)
    """,
    "INSERT INTO warehouse (code, name, priority) VALUES ('MAIN', 'Main', 1)",
    """
    INSERT INTO terminal (id, customer_id, warehouse_id, secret_sha256, created_at)
    VALUES ('shop-1', 1, 1, 'x', 1), ('shop-2', 1, 1, 'y', 1)
    """,
    "INSERT INTO scheme_counter (rule, scope, used, spent) VALUES ('MONEY', 'total', 0, 0)",
    """
    INSERT INTO lease (rule, scope, terminal, uses, amount, pieces, pack_hash, until_ms)
    VALUES ('MONEY', 'total', 'shop-1', 0, 2000, 0, 'p', 9),
        ('MONEY', 'total', 'shop-2', 0, 1000, 0, 'p', 9)
    """,
)
"""Two leases of one scheme, of before counters held their sum."""

EVERY_TABLE_IS_MADE_BY = (hub.run.bootstrap, history, numbering)
"""What has to be imported for the metadata to hold all there is."""


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    database = open_database(database_url)

    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)

    database.close()
    assert differences == []


def test_the_migrations_name_and_check_everything_as_the_code_does(
    database_url: str, tmp_path: Path
) -> None:
    migrated = open_database(database_url)
    made = described(migrated)
    if migrated.is_sqlite:
        migrated.close()
        migrated = open_database(f"sqlite:///{tmp_path / 'code.db'}")

    with migrated.change_schema() as connection:
        if not migrated.is_sqlite:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        metadata.create_all(connection)
    declared = described(migrated)
    migrated.close()

    assert made == declared


def described(database: Database) -> dict[tuple[str, ...], Mapping[str, object]]:
    """Describe each table's columns, keys, checks and indexes, and how SQLite keeps it."""
    found: dict[tuple[str, ...], Mapping[str, object]] = {}
    with database.read() as connection:
        inspector = inspect(connection)
        for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
            for kind, parts in (
                ("column", inspector.get_columns(table)),
                ("primary key", [inspector.get_pk_constraint(table)]),
                ("foreign key", inspector.get_foreign_keys(table)),
                ("unique", inspector.get_unique_constraints(table)),
                ("check", inspector.get_check_constraints(table)),
                ("index", inspector.get_indexes(table)),
            ):
                for part in cast("Sequence[Mapping[str, object]]", parts):
                    found[table, kind, str(part["name"])] = _spelled(part)
        if database.is_sqlite:
            query = "SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'"
            without = connection.execute(text(query)).scalars()
            found |= {(table, "without row ids"): {} for table in without}
    return found


def _spelled(part: Mapping[str, object]) -> Mapping[str, object]:
    """Spell all that a part says of itself, also where it says so in clauses."""
    return {
        name: _spelled(value) if isinstance(value, Mapping) else str(value)
        for name, value in part.items()
    }


@contextmanager
def opened_at(url: str, revision: str) -> Iterator[Database]:
    """Open an empty database at an earlier schema."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).unlink(missing_ok=True)
    database = open_database(url)
    start_afresh(database, revision)
    yield database
    database.close()


@pytest.mark.parametrize("revision", ["0001", "0006", "0011", "0013"])
def test_an_empty_database_of_any_earlier_schema_is_brought_up(
    database_url: str, revision: str
) -> None:
    with opened_at(database_url, revision) as database:
        reached = upgrade(database)

        with database.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM order_")).scalar_one() == 0
    assert reached == NEWEST


def test_going_back_behind_revisions_says_what_to_do_instead(database_url: str) -> None:
    database = open_database(database_url)

    with (
        pytest.raises(NotImplementedError, match="restore the copy that was made before"),
        database.change_schema() as connection,
    ):
        command.downgrade(alembic_config(connection), "0011")

    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM order_revision")).scalar_one() == 0
    database.close()


def test_of_packs_published_before_there_were_versions_the_active_one_serves(
    database_url: str,
) -> None:
    with opened_at(database_url, "0004") as database:
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
            assert connection.execute(serving_pack(100)).one().hash == "h1"
            assert [one.origin for one in read_versions(connection)] == ["set_up", "set_up"]


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(SchemaTooNewError, match="9999"):
        upgrade(database)

    database.close()


def test_a_sqlite_file_is_copied_beside_itself_before_it_changes(tmp_path: Path) -> None:
    with opened_at(f"sqlite:///{tmp_path / 'hub.db'}", "0004") as database:
        upgrade(database)

    assert (tmp_path / "hub.db.0004").stat().st_size > 0


def test_an_upgrade_tells_its_starter_nothing_of_the_library_s(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    fill(url, "0011", tmp_path)

    with closing(open_database(url)) as database:
        upgrade(database)

    assert [str(one.message) for one in recwarn] == []


def test_many_starters_at_once_bring_the_schema_up_once(database_url: str) -> None:
    with opened_at(database_url, f"{int(NEWEST) - 1:04}"):
        revisions = start_together(database_url, count=3)

    assert revisions == [NEWEST] * 3


def test_counters_of_before_periods_are_kept(database_url: str) -> None:
    with opened_at(database_url, "0007") as database:
        with database.write() as connection:
            connection.execute(text("INSERT INTO scheme_counter VALUES ('R', 'total', 2, 500)"))
            connection.commit()

        upgrade(database)

        with database.read() as connection:
            kept = [tuple(row) for row in connection.execute(text("SELECT * FROM scheme_counter"))]
    assert kept == [("R", "total", 2, 500, 0, 0, 0, 0, 0)]


def test_leases_of_before_counters_held_their_sum_are_added_up(database_url: str) -> None:
    with opened_at(database_url, "0010") as database:
        with database.write() as connection:
            for statement in HELD_BEFORE:
                connection.execute(text(statement))
            connection.commit()

        upgrade(database)

        with database.read() as connection:
            query = "SELECT held_uses, held_amount FROM scheme_counter"
            kept = [tuple(row) for row in connection.execute(text(query))]
    assert kept == [(0, 3_000)]
