"""A hub that begins with an empty database has what all migrations would have made there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, inspect, select, table, text

from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import upgrade
from hub.run.bootstrap import make_schema
from tests.builders.ground import NOON
from tests.builders.starters import start_together
from tests.suites.hub.test_migrations import NEWEST

pytestmark = pytest.mark.slow
Described = Mapping[object, object]

POSTGRESQL: Final = {
    "columns": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, o.collname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "kinds": """
        SELECT relname, relkind, relpersistence, reloptions FROM pg_class
        WHERE relnamespace = 'public'::regnamespace""",
    "sequences": """
        SELECT sequencename, data_type, start_value, increment_by, max_value, cycle, last_value
        FROM pg_sequences WHERE schemaname = 'public'""",
}
"""What PostgreSQL says of all that a schema holds: a name, then what is of that name."""


@pytest.fixture
def new_database_url(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Callable[[], str]:
    """Give what makes a database of either kind that holds nothing, and gives its URL."""
    if database_kind == "sqlite":
        names = (f"sqlite:///{tmp_path / f'new-{number}.db'}" for number in range(9))
        return partial(next, names)
    made: Callable[[], str] = request.getfixturevalue("empty_postgresql")
    return made


def test_a_new_database_holds_what_all_migrations_make(
    database_url: str, new_database_url: Callable[[], str]
) -> None:
    with (
        closing(open_database(database_url)) as migrated,
        closing(open_database(new_database_url())) as new,
    ):
        upgrade(new, make=partial(make_schema, now_ms=NOON))

        assert described(new) == described(migrated)
        assert rows_of(new) == rows_of(migrated)


def test_an_empty_database_that_a_command_begins_is_whole(
    database_url: str, new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database_url()
    asked = [sys.executable, "-m", "hub", "sample", "add", "--data", str(tmp_path / "files")]

    done = subprocess.run(
        asked,
        env=os.environ | {"ORDERWIRE_HUB_DATABASE": url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    with closing(open_database(database_url)) as migrated, closing(open_database(url)) as begun:
        assert structure(begun) == structure(migrated)


def test_many_starters_of_a_new_hub_at_once_make_its_schema_once(
    new_database_url: Callable[[], str],
) -> None:
    made: list[str] = []

    def make(connection: Connection) -> None:
        made.append("made")
        make_schema(connection, now_ms=NOON)

    revisions = start_together(new_database_url(), count=3, make=make)

    assert made == ["made"]
    assert revisions == [NEWEST] * 3


def test_a_new_file_need_not_be_changed_by_who_opens_it_first(tmp_path: Path) -> None:
    """Who changes how a file is kept has it alone, and refuses others that open it."""
    url, file = f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new.db"
    open_database(url).close()
    begun = file.read_bytes()

    with closing(open_database(url)) as database, database.write():
        pass

    assert file.read_bytes() == begun


def test_a_schema_that_is_cut_short_leaves_the_database_empty(
    new_database_url: Callable[[], str],
) -> None:
    def fail(connection: Connection) -> None:
        make_schema(connection, now_ms=NOON)
        raise InterruptedError

    with closing(open_database(new_database_url())) as database:
        with pytest.raises(InterruptedError):
            upgrade(database, make=fail)

        with database.read() as connection:
            assert inspect(connection).get_table_names() == []


def described(database: Database) -> Described:
    """Describe all that a database holds but its rows, without the order of a table's columns."""
    with database.read() as connection:
        return dict(_of_sqlite(connection) if database.is_sqlite else _of_postgresql(connection))


def structure(database: Database) -> Described:
    """Describe it without how far its numbers have come."""
    return {
        name: said
        for name, said in described(database).items()
        if not (isinstance(name, tuple) and name[0] == "sequences")
    }


def _of_postgresql(connection: Connection) -> Iterator[tuple[object, object]]:
    for kind, query in POSTGRESQL.items():
        for name, *said in connection.execute(text(query)):
            yield (kind, name), said


def _of_sqlite(connection: Connection) -> Iterator[tuple[object, object]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    for kind, name, of, sql in connection.execute(text(query)):
        plain = re.sub(r"\s+", " ", sql or "").replace('"', "").strip()
        plain = plain.replace("DEFAULT ('')", "DEFAULT ''").replace("!=", "<>")
        if kind == "table":
            head, _, rest = plain.partition("(")
            body, _, tail = rest.rpartition(")")
            yield (kind, name), (head.strip(), sorted(_clauses(body)), tail.strip())
        elif not name.startswith("sqlite_autoindex"):
            yield (kind, name, of), plain


def _clauses(body: str) -> Sequence[str]:
    """Divide what stands in a table's parentheses at the commas between its columns and checks."""
    depth, clauses = 0, [""]
    for sign in body:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            clauses.append("")
        else:
            clauses[-1] += sign
    return [one.strip() for one in clauses]


def rows_of(database: Database) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Read every row there is, without the moment at which it was written."""
    with database.read() as connection:
        found = {
            name: [
                {column: value for column, value in row.items() if column != "made_at"}
                for row in connection.execute(select(text("*")).select_from(table(name))).mappings()
            ]
            for name in inspect(connection).get_table_names()
        }
    return {name: rows for name, rows in found.items() if rows}
