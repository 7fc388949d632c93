"""What both engines must do alike, and what a commit is worth on them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.base.engine.database import DatabaseUnreachableError, open_database, wal_is_safe
from hub.base.transaction import StoringError
from hub.desk.products.tables import snapshot
from tests.builders.market import Market
from tests.fixtures.databases import durable


def test_a_commit_survives_a_power_cut_and_the_engine_itself_says_so(market: Market) -> None:
    with durable(market.url):
        sentence = market.database.durability()

    assert sentence.startswith(("SQLite 3.", "PostgreSQL "))
    assert sentence.endswith(": a commit survives a power cut")


def test_a_row_that_points_to_nothing_is_refused(market: Market) -> None:
    with pytest.raises(DBAPIError):
        market.change("UPDATE terminal SET customer_id = 999 WHERE id = 'shop-1'")


def test_who_only_reads_cannot_write(market: Market) -> None:
    with market.database.read() as connection, pytest.raises(DBAPIError):
        connection.execute(text("DELETE FROM setting"))


def test_a_reader_sees_one_moment_while_others_write(market: Market) -> None:
    if "journal truncate" in market.database.durability():
        pytest.skip("without write-ahead logging a writer waits for readers")

    with market.database.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM order_")).scalar_one()
        market.place(("TEA", 1))
        after = connection.execute(text("SELECT count(*) FROM order_")).scalar_one()

    assert (before, after) == (0, 0)


@pytest.mark.parametrize("count", [1, 40])
def test_any_value_is_read_as_it_was_written_however_many_rows_there_are(
    market: Market, count: int
) -> None:
    odd = "चाय\t\n\\.\\N\"',\x01\x7f"
    rows = [(f"{odd}{n}", "pack", bytes(range(256)), n - 2**62) for n in range(count)]

    with market.hub.transactions.open(actor="asha", at_ms=1) as t:
        t.insert(snapshot, ("hash", "kind", "body", "created_at"), rows)
        t.commit()

    query = "SELECT hash, kind, body, created_at FROM snapshot WHERE created_at < -9"
    read = [(name, kind, bytes(body), at) for name, kind, body, at in market.rows(query)]
    assert sorted(read) == sorted(rows)
    with market.hub.transactions.reading() as t:
        wanted = [row[0] for row in rows]
        assert len(t.rows_in("SELECT 1 FROM snapshot WHERE hash IN ", wanted)) == count


def test_a_row_that_is_refused_is_no_outage_whatever_the_other_rows_are(market: Market) -> None:
    names = [f"n{n}" for n in range(20)]
    rows = [(name, "pack", b"", -9) for name in (*names, names[0])]

    with market.hub.transactions.open(actor="asha", at_ms=1) as t:
        with pytest.raises(StoringError), t.part():
            t.insert(snapshot, ("hash", "kind", "body", "created_at"), rows)
        t.insert(snapshot, ("hash", "kind", "body", "created_at"), rows[:-1])
        t.commit()
    if not market.database.is_sqlite:
        holds_nul = [(f"\0{name}", "pack", b"", -9) for name in names]
        with market.hub.transactions.open(actor="asha", at_ms=1) as t:
            with pytest.raises(StoringError), t.part():
                t.insert(snapshot, ("hash", "kind", "body", "created_at"), holds_nul)
            t.commit()

    assert market.rows("SELECT count(*) FROM snapshot WHERE created_at = -9") == [(20,)]


def test_a_sum_is_a_whole_number_of_the_same_type_on_both_engines(market: Market) -> None:
    (found,) = market.rows("SELECT sum(on_hand), sum(on_hand) * 2 FROM batch")

    assert [type(one) for one in found] == [int, int]


def test_without_a_commit_nothing_is_kept(market: Market) -> None:
    with market.database.write() as connection:
        connection.execute(text("DELETE FROM allocation"))
        connection.execute(text("UPDATE setting SET value = 'x'"))

    assert ("x",) not in market.rows("SELECT value FROM setting")


def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachableError) as caught:
        open_database("postgresql://hub:hush@127.0.0.1:1/hub")

    assert "127.0.0.1:1" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["garbage", "mysql://hub:hush@db/hub", "postgresql://hub:hush@db:port/hub"]
)
def test_an_address_of_no_database_that_is_spoken_to_is_told_without_its_password(
    address: str,
) -> None:
    with pytest.raises(DatabaseUnreachableError, match="address names neither") as caught:
        open_database(address)

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
