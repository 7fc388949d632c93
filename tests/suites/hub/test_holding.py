"""Several processes share the terminals, each shard being one's at a time; the killed let go."""

import threading
from collections.abc import Iterator

import pytest

from broker.contract.topics import SHARDS, any_up
from hub.base.engine.database import Database, open_database
from hub.base.engine.holding import Holding
from hub.run.operating.sharing import SharedShards
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.needs("postgresql")


class Ear:
    """A link that only remembers what it listens to."""

    def __init__(self) -> None:
        self.topics: set[str] = set()
        self._lock = threading.Lock()

    def listen(self, topic: str) -> None:
        """Hear a filter."""
        with self._lock:
            self.topics.add(topic)

    def ignore(self, topic: str) -> None:
        """Hear it no more."""
        with self._lock:
            self.topics.discard(topic)


@pytest.fixture
def databases(postgresql_url: str) -> Iterator[list[Database]]:
    """Open the same database three times, as three processes do."""
    opened = [open_database(postgresql_url) for _ in range(3)]
    yield opened
    for one in opened:
        one.close()


def test_a_number_is_one_process_s_until_it_lets_go_or_dies(databases: list[Database]) -> None:
    first, second = Holding(databases[0]), Holding(databases[1])

    assert first.take(3)
    assert not second.take(3)
    assert first.count_holders() == 2
    first.give(3)
    assert second.take(3)
    second.close()
    eventually(lambda: first.count_holders() == 1, "the dead one is gone")
    assert first.take(3)
    first.close()


def test_three_processes_share_all_shards_and_two_take_over_the_third_s(
    databases: list[Database],
) -> None:
    ears = [Ear() for _ in databases]
    parts = [SharedShards(one, ear) for one, ear in zip(databases, ears, strict=True)]
    parts[0].share()
    assert (
        len(parts[0].held) == len(ears[0].topics) == SHARDS
    )  # at once: it may be all that there is
    for part in parts:
        part.start()

    def shared(among: int) -> bool:
        held = [part.held for part in parts[:among]]
        return sum(map(len, held)) == SHARDS and max(map(len, held)) <= -(-SHARDS // among)

    eventually(lambda: shared(3), "each has its part")
    assert frozenset.union(*(part.held for part in parts)) == frozenset(range(SHARDS))
    parts[2].stop()
    eventually(lambda: shared(2), "two have all of it")
    assert ears[0].topics | ears[1].topics == {any_up(shard) for shard in range(SHARDS)}
    assert ears[0].topics & ears[1].topics == ears[2].topics == set()
    for part in parts[:2]:
        part.stop()
