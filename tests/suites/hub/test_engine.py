"""What both engines must do alike, and what a commit is worth on them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.db.engine import DatabaseUnreachableError, open_database, wal_is_safe
from tests.builders.market import Market
from tests.fixtures.databases import durable


def test_a_commit_survives_a_power_cut_and_the_engine_itself_says_so(market: Market) -> None:
    with durable(market.url):
        sentence = market.hub.database.durability()

    assert sentence.startswith(("SQLite 3.", "PostgreSQL "))
    assert sentence.endswith(": a commit survives a power cut")


def test_a_row_that_points_to_nothing_is_refused(market: Market) -> None:
    with pytest.raises(DBAPIError):
        market.change("UPDATE terminal SET customer_id = 999 WHERE id = 'shop-1'")


def test_who_only_reads_cannot_write(market: Market) -> None:
    with market.hub.database.read() as connection, pytest.raises(DBAPIError):
        connection.execute(text("DELETE FROM setting"))


def test_a_reader_sees_one_moment_while_others_write(market: Market) -> None:
    if "journal truncate" in market.hub.database.durability():
        pytest.skip("without write-ahead logging a writer waits for readers")

    with market.hub.database.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM order_")).scalar_one()
        market.place(("TEA", 1))
        after = connection.execute(text("SELECT count(*) FROM order_")).scalar_one()

    assert (before, after) == (0, 0)


def test_without_a_commit_nothing_is_kept(market: Market) -> None:
    with market.hub.database.write() as connection:
        connection.execute(text("DELETE FROM allocation"))
        connection.execute(text("UPDATE setting SET value = 'x'"))

    assert ("x",) not in market.rows("SELECT value FROM setting")


def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachableError) as caught:
        open_database("postgresql://hub:hush@127.0.0.1:1/hub")

    assert "127.0.0.1:1" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_write_ahead_logging_is_used_only_where_it_loses_nothing(
    version: tuple[int, ...],
    safe: bool,  # noqa: FBT001  # a table's column
) -> None:
    assert wal_is_safe(version) is safe
