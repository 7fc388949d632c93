"""The drill: books go back by six orders, and after the terminals were heard nothing is gone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.base.engine.database import open_database
from hub.base.engine.soundness import DatabaseDamagedError
from hub.desk.rulepacks.model.steps import PackStepError
from hub.run.backup import restore_backup, take_backup
from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.builders.market import Market, open_market, packed
from tests.fixtures.databases import begin_folder
from tests.suites.hub.test_taking_back import LOOK, Counter, recalls
from tests.suites.hub.test_wire_beside_orders import status

PRINTED = (
    *LOOK,
    """SELECT o.uuid, a.free, a.line, b.code, sum(a.quantity) FROM allocation a
    JOIN order_ o ON o.id = a.order_id JOIN batch b ON b.id = a.batch_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
    """SELECT o.uuid, x.revision, x.payload FROM outbox x JOIN order_ o ON o.id = x.order_id
    ORDER BY 1, 2""",
)


class Drill:
    """Three shops with fourteen confirmed orders, six of them after the backup."""

    def __init__(self, market: Market, folder: Path) -> None:
        self.market, self.folder = market, folder
        self.backup = folder.parent / "monday.tar"
        self.busy, self.other, self.idle = (
            Counter(market, name) for name in ("shop-1", "shop-2", "shop-4")
        )
        self.counters = (self.busy, self.other, self.idle)
        for counter in self.counters:
            market.hears(status(terminal=counter.name))
        self.sell(8)
        for counter in self.counters:
            counter.birth()
        take_backup(market.database, folder, self.backup, clock=market.clock)
        market.publish(packed(version=2, soap="12.00"))
        self.sell(6)

    def sell(self, orders: int) -> None:
        """Have the shops order in turn."""
        goods = (("TEA", 2), ("SOAP", 10), ("RICE", 20))
        for number in range(orders):
            counter = self.counters[number % 3]
            counter.buys(goods[number % 3], ("SOAP", number + 1), payment="cash")

    def look(self, market: Market) -> list[list[tuple[object, ...]]]:
        """Read all that was printed and all that the books hold."""
        return [market.rows(statement) for statement in PRINTED]


@pytest.fixture
def drill(tmp_path: Path, sqlite_template: Path) -> Iterator[Drill]:
    folder = begin_folder(tmp_path / "hub", sqlite_template)
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        yield Drill(market, folder)


@pytest.fixture
def restored(drill: Drill) -> Iterator[Market]:
    """Put the backup back in another folder, and open it."""
    folder = drill.folder.parent / "restored"
    drill.market.clock.ms += 60_000
    restore_backup(drill.backup, folder, clock=drill.market.clock)
    url = f"sqlite:///{folder / 'hub.db'}"
    settings = Settings(folder=folder, database=url, hosts="hub.test")
    hub = build_hub(settings, clock=drill.market.clock)
    market = Market(hub, build_wire(hub, http="http://hub"), drill.market.clock, url)
    for counter in drill.counters:
        counter.market = market
    yield market
    hub.close()


def faults(market: Market) -> dict[str, tuple[str, ...]]:
    return {one.promise.name: one.faults for one in market.audit().kept if one.faults}


def test_the_same_orders_totals_and_batches_stand_once_every_terminal_was_heard(
    drill: Drill, restored: Market
) -> None:
    printed = drill.look(drill.market)
    left = restored.rows("SELECT count(*) FROM order_")
    before = faults(restored)

    restored.clock.ms += 1_000
    for counter in drill.counters:
        assert recalls(counter.birth())
        assert counter.gives().refusals == []
        counter.birth()
    restored.hears(status(terminal="shop-3"))

    assert (left, len(printed[0])) == ([(8,)], 14)
    assert [one.split()[1] for one in before["heard_again"]] == [
        "shop-1",
        "shop-2",
        "shop-3",
        "shop-4",
    ]
    assert faults(restored) == {}
    assert drill.look(restored) == printed


def test_an_idle_terminal_alone_keeps_the_audit_from_being_clean(
    drill: Drill, restored: Market
) -> None:
    restored.clock.ms += 1_000
    for counter in (drill.busy, drill.other):
        counter.birth()
        counter.gives()
        counter.birth()
    restored.hears(status(terminal="shop-3"))
    silent = faults(restored)

    drill.idle.birth()
    heard = faults(restored)

    assert list(silent) == ["heard_again"]
    assert "shop-4" in silent["heard_again"][0]
    assert list(heard) == ["nothing_forgotten"]
    assert "shop-4 is ahead" in heard["nothing_forgotten"][0]


def test_a_log_that_is_damaged_is_no_ground_to_decide_on(drill: Drill) -> None:
    killed = drill.folder.parent / "killed"
    shutil.copytree(drill.folder, killed)  # as kill -9 leaves it: the log is not taken in
    log = killed / "hub.db-wal"
    if not log.exists():
        pytest.skip("this SQLite keeps no log")
    content = bytearray(log.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(byte ^ 0xFF for byte in content[middle : middle + 200])
    log.write_bytes(content)

    with pytest.raises(DatabaseDamagedError, match="its log"):
        open_database(f"sqlite:///{killed / 'hub.db'}", alone=True)


def test_a_number_that_a_terminal_has_never_gets_a_second_content(
    drill: Drill, restored: Market
) -> None:
    forgotten = drill.market.rows("SELECT hash FROM rule_pack WHERE version = 2")[0][0]
    restored.hears(status(terminal="shop-4", pack=forgotten, pack_version=2))

    with pytest.raises(PackStepError) as refused:
        restored.packs.add(packed(version=2, soap="11.00"), by="asha")
    published = restored.publish(packed(version=3, soap="11.00"))

    assert (refused.value.code, refused.value.params["free"]) == ("number_taken", "3")
    assert published.version == 3
    (note,) = [one for one in restored.audit().notes if "rule pack" in one and "shop-4" in one]
    assert "version 2, which is not here" in note


def test_the_forgotten_content_itself_may_come_back_under_its_number(
    drill: Drill, restored: Market
) -> None:
    forgotten = drill.market.rows("SELECT hash FROM rule_pack WHERE version = 2")[0][0]
    restored.hears(status(terminal="shop-4", pack=forgotten, pack_version=2))

    published = restored.publish(packed(version=2, soap="12.00"))

    assert published.hash == forgotten
    assert not [one for one in restored.audit().notes if "which is not here" in one]


def test_a_draft_of_before_is_not_published_under_a_number_that_was_used(
    drill: Drill, restored: Market
) -> None:
    restored.packs.add(packed(version=2, soap="11.00"), by="asha")
    drill.other.birth()
    drill.other.gives()  # its orders were decided by the version 2 that is forgotten

    with pytest.raises(PackStepError) as refused:
        restored.packs.publish(2, by="vikram")

    assert refused.value.code == "number_taken"


def test_no_terminal_can_use_up_the_numbers_of_packs(restored: Market) -> None:
    restored.hears(status(terminal="shop-4", pack="ab" * 32, pack_version=2**53 - 1))

    assert restored.publish(packed(version=2, soap="11.00")).version == 2
