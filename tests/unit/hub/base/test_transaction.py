"""The unit of work: what is locked in what order, said, and kept."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.base.changes import Broadcaster, UndeclaredTopicError
from hub.base.engine.database import open_database
from hub.base.transaction import (
    LockOrderError,
    LockRank,
    StoringError,
    Transaction,
    Transactions,
)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Something that happened."""

    order: int


@dataclass(slots=True)
class Ground:
    """Units of work over one table of notes, and the topics that were announced."""

    transactions: Transactions
    changes: Broadcaster
    heard: list[str]

    def open(self) -> AbstractContextManager[Transaction]:
        """Open a unit of work."""
        return self.transactions.open(actor="asha", at_ms=1)

    def do(self, work: Callable[[Transaction], None]) -> None:
        """Do one piece of work and keep it."""
        with self.open() as t:
            work(t)
            t.commit()

    def notes(self) -> list[str]:
        """Read what was kept."""
        with self.transactions.reading() as t:
            return [row[0] for row in t.rows("SELECT word FROM note ORDER BY word")]


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """Give units of work over an empty table."""
    database = open_database(f"sqlite:///{tmp_path / 'notes.db'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT PRIMARY KEY)"))
        connection.commit()
    changes, heard = Broadcaster("orders"), list[str]()
    changes.subscribe(heard.append)
    yield Ground(Transactions(database, changes), changes, heard)
    database.close()


def write(t: Transaction, word: str) -> None:
    """Write a note."""
    t.many("INSERT INTO note VALUES (?)", [(word,)])


def write_all(t: Transaction, *words: str) -> None:
    """Write notes one after another, and say that orders changed."""
    t.changed("orders")
    for word in words:
        write(t, word)


def test_everything_may_be_locked_from_the_source_to_the_series(ground: Ground) -> None:
    with ground.open() as t:
        for rank in LockRank:
            t.lock(rank, ["first"])
            t.lock(rank, ["second"])


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(LockRank)), ids=str)
def test_nothing_is_locked_after_what_comes_behind_it(
    ground: Ground, lower: LockRank, higher: LockRank
) -> None:
    with ground.open() as t:
        t.lock(higher, [1])

        with pytest.raises(
            LockOrderError, match=f"{lower.name} is locked before {higher.name}"
        ) as e:
            t.lock(lower, [1])

    assert (e.value.wanted, e.value.held) == (lower, higher)


def test_what_is_locked_already_may_be_named_again_and_more_of_it_may_not(ground: Ground) -> None:
    with ground.open() as t:
        t.lock(LockRank.ORDER, [1, 2])
        t.lock(LockRank.BATCH, [7])

        t.lock(LockRank.ORDER, [2])
        with pytest.raises(LockOrderError):
            t.lock(LockRank.ORDER, [2, 3])


def test_to_lock_nothing_is_no_step_back(ground: Ground) -> None:
    with ground.open() as t:
        t.lock(LockRank.SERIES, ["INV"])

        t.lock(LockRank.BATCH, [])


def test_each_unit_of_work_begins_with_nothing_locked(ground: Ground) -> None:
    with ground.open() as t:
        t.lock(LockRank.SERIES, ["INV"])
    with ground.open() as t:
        t.lock(LockRank.SOURCE, ["s/1"])


def test_without_a_commit_nothing_is_kept(ground: Ground) -> None:
    with ground.open() as t:
        write(t, "lost")
    with ground.open() as t:
        write(t, "kept")
        t.commit()

    assert ground.notes() == ["kept"]


def test_a_part_that_fails_is_undone_with_its_topics_and_the_rest_is_kept(ground: Ground) -> None:
    with ground.open() as t:
        write(t, "first")
        with pytest.raises(StoringError, match="UNIQUE"), t.part():
            write_all(t, "second", "first")
        with t.part():
            write(t, "third")
        t.commit()

    assert ground.notes() == ["first", "third"]
    assert ground.heard == []


def test_what_is_given_up_as_a_whole_keeps_nothing_and_cannot_be_kept(ground: Ground) -> None:
    with ground.open() as t:
        write(t, "first")
        with pytest.raises(StoringError, match="UNIQUE"), t.whole():
            write_all(t, "second", "first")
        with pytest.raises(AssertionError, match="given up"):
            t.commit()

    assert ground.notes() == []


def test_an_event_is_heard_at_once_in_the_transaction_by_all_who_listen(ground: Ground) -> None:
    ground.transactions.listen(Dispatched, lambda t, event: write(t, f"a{event.order}"))
    ground.transactions.listen(Dispatched, lambda t, event: write(t, f"b{event.order}"))
    ground.transactions.listen(str, lambda t, _: write(t, "other"))

    with ground.open() as t:
        t.say(Dispatched(7))
        assert t.rows("SELECT COUNT(*) FROM note") == [(2,)]
        t.commit()

    assert ground.notes() == ["a7", "b7"]


def test_a_listener_that_fails_fails_all_of_it(ground: Ground) -> None:
    def fail(_: Transaction, __: Dispatched) -> None:
        raise RuntimeError("no mail")

    def dispatch(t: Transaction) -> None:
        write(t, "dispatched")
        t.say(Dispatched(7))

    ground.transactions.listen(Dispatched, fail)

    with pytest.raises(RuntimeError, match="no mail"):
        ground.do(dispatch)

    assert ground.notes() == []


def test_a_topic_is_announced_once_and_only_after_the_work_ended_well(ground: Ground) -> None:
    with suppress(ZeroDivisionError), ground.open() as t:
        t.changed("orders")
        raise ZeroDivisionError
    assert ground.heard == []

    with ground.open() as t:
        t.changed("orders")
        t.changed("orders")
        t.commit()
        assert ground.heard == []

    assert ground.heard == ["orders"]


def test_a_topic_that_nobody_declared_is_an_error_and_keeps_nothing(ground: Ground) -> None:
    def misspell(t: Transaction) -> None:
        write(t, "lost")
        t.changed("stcok")

    with pytest.raises(UndeclaredTopicError, match="stcok"):
        ground.do(misspell)

    assert ground.notes() == []


def test_many_tells_how_many_rows_it_changed(ground: Ground) -> None:
    with ground.open() as t:
        assert t.many("INSERT INTO note VALUES (?)", [("a",), ("b",)]) == 2
        assert t.many("UPDATE note SET word = ? WHERE word = ?", [("c", "a"), ("d", "x")]) == 1
        assert t.many("DELETE FROM note WHERE word = ?", []) == 0
