"""Changes between processes: who commits is heard by all who have the database open."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.base.changes import UndeclaredTopicError
from hub.base.history import record
from tests.builders.ground import Ground, open_ground

ROOT = Path(__file__).parents[3]
DEADLINE_S = 30


class Ear:
    """Waits for topics."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._changed = threading.Condition()

    def hear(self, topic: str) -> None:
        with self._changed:
            self._heard.append(topic)
            self._changed.notify_all()

    def take(self, *topics: str) -> list[str]:
        """Wait until all of these were heard, and give what was heard since the last time."""
        with self._changed:
            whole = self._changed.wait_for(lambda: set(topics) <= set(self._heard), DEADLINE_S)
            assert whole, self._heard
            heard, self._heard = self._heard, []
        return heard


@pytest.fixture
def other(ground: Ground) -> Iterator[tuple[Ground, Ear]]:
    """Open the database as another process does, and hear it."""
    ear = Ear()
    with open_ground(ground.url, "orders", "stock") as opened:
        opened.changes.subscribe(ear.hear)
        opened.changes.start()
        if not opened.database.is_sqlite:
            ear.take("orders", "stock", "jobs")  # once it listens: what was before is not known
        yield opened, ear
        opened.changes.stop()


def change_both(ground: Ground) -> None:
    with ground.work() as t:
        t.changed("stock")
        t.changed("orders")


def test_another_process_hears_what_a_commit_changed(
    ground: Ground, other: tuple[Ground, Ear]
) -> None:
    change_both(ground)

    assert set(other[1].take("orders", "stock")) == {"orders", "stock"}
    assert ground.heard == ["orders", "stock"]


def test_a_change_made_by_a_child_process_is_heard(other: tuple[Ground, Ear]) -> None:
    own, ear = other
    command = [sys.executable, "-m", "tests.builders.other_process", "announce", own.url]

    subprocess.run(command, cwd=ROOT, check=True, timeout=DEADLINE_S)

    assert ear.take("orders") == ["orders"]


def test_nobody_hears_of_what_was_rolled_back(ground: Ground, other: tuple[Ground, Ear]) -> None:
    with ground.transactions.open(actor="asha", at_ms=0) as t:
        t.changed("orders")
        ground.changes.note(t)
    with ground.work() as t:
        t.changed("stock")

    assert other[1].take("stock") == ["stock"]


def test_a_process_does_not_hear_its_own_changes_twice(
    ground: Ground, other: tuple[Ground, Ear]
) -> None:
    own, ear = other
    with own.work() as t:
        t.changed("orders")
    with ground.work() as t:
        t.changed("stock")

    assert ear.take("stock", "orders") == ["orders", "stock"]


def test_many_orders_in_one_commit_cost_one_statement(ground: Ground) -> None:
    noted = SpyingNote("orders", "stock")
    with ground.work() as t:
        for _ in range(50):
            t.changed("orders")
            t.changed("stock")

    assert sorted(t.topics) == ["orders", "stock"]
    ground.changes.note(noted)
    assert len(noted.statements) == 1


class SpyingNote:
    """Stands for a transaction that changed topics; counts the statements run in it."""

    def __init__(self, *topics: str) -> None:
        self.topics = topics
        self.statements: list[str] = []

    def rows(self, statement: str, values: Any = (), /) -> list[Any]:
        self.statements.append(statement)
        return [(topic, 1) for topic in values]


def test_a_commit_that_changed_nothing_to_look_at_writes_nothing(ground: Ground) -> None:
    with ground.work():
        pass

    assert ground.rows("SELECT * FROM change") == []


def test_an_undeclared_topic_fails_before_anything_is_kept(ground: Ground) -> None:
    def announce() -> None:
        with ground.work() as t:
            record(t, "mark", "a", before={}, after={"by": "asha"})
            t.changed("shelves")

    with pytest.raises(UndeclaredTopicError, match="shelves"):
        announce()

    assert ground.marks("a") == []


def test_a_topic_of_a_newer_program_is_passed_over(
    ground: Ground, other: tuple[Ground, Ear]
) -> None:
    ground.changes.declare("waves")
    with ground.work() as t:
        t.changed("waves")
        t.changed("orders")

    assert other[1].take("orders") == ["orders"]


@pytest.mark.needs("postgresql")
def test_after_the_connection_broke_everything_may_have_changed(
    postgresql_url: str,
) -> None:
    ear = Ear()
    with open_ground(postgresql_url, "orders") as hearing, open_ground(postgresql_url) as ground:
        hearing.changes.subscribe(ear.hear)
        hearing.changes.start()
        ear.take("orders", "jobs")

        ground.change(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND (query = 'SELECT 1' OR query LIKE 'LISTEN%')"
        )

        assert set(ear.take("orders", "jobs")) == {"orders", "jobs"}
        hearing.changes.stop()
