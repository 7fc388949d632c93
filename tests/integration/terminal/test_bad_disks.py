"""Disks that are full or damaged: said at the counter, mended by themselves, and nothing stops."""

import asyncio
import contextlib
import resource
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from terminal.app.disk import open_store, wait_for_disk
from terminal.app.settings import PageSettings, Settings
from terminal.core.screen import banners_of
from terminal.store import Store, audit, read_records
from terminal.store.catalogue import catalogue_path
from terminal.store.database import FILE
from tests.fixtures.counter_process import CounterProcess
from tests.fixtures.counters import (
    Counter,
    FakeClock,
    FakeSignals,
    Watch,
    running,
)
from tests.fixtures.shops import COLA, PASSWORD, RICE, TERMINAL, Shop, SnapshotServer, digest

DISK = "The disk is full or cannot be written"

META = "INSERT OR REPLACE INTO meta VALUES ('{}', x'{}')"


def numbers(counter: Counter) -> str:
    """Give the last digits of the orders whose slips were printed."""
    slips = [slip.replace(" ", "") for slip in counter.printer.slips]
    return "".join(
        number for number in "123" if any(f"shop-1-0000{number}" in one for one in slips)
    )


def troubles(counter: Counter) -> list[str]:
    """Give what stands on the screen in red."""
    return [one.text for one in banners_of(counter.screen) if one.light == "red"]


def cut(path: Path) -> None:
    """Keep the first half of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip(path: Path) -> None:
    """Damage everything behind the first page, which says what the file is."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": cut,
    "rubbish": lambda path: path.write_bytes(b"ruined" * 2000),
    "damaged inside": flip,
    "gone": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_catalogue_is_said_and_fetched_again_by_itself(
    tmp_path: Path,
    reachable: Shop,
    snapshots: SnapshotServer,
    damage: Callable[[Path], object],
) -> None:
    reachable.settle(tmp_path)
    snapshots.answers.clear()  # else it may be whole again before the scan
    damage(catalogue_path(tmp_path, digest(reachable.catalogue)))

    async def run() -> None:
        async with running(tmp_path, online=False) as counter:
            await counter.scan(COLA)
            assert counter.signals.beeps[-1] == "error"
            assert troubles(counter) == ["The catalogue is damaged: it is fetched again by itself"]
            snapshots.answers.set()
            await counter.until(lambda: not troubles(counter))
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"
            counter.link.connect()
            await counter.told("catalogue_damaged")

    asyncio.run(run())


def test_a_catalogue_that_is_damaged_under_an_open_order_keeps_the_order(
    tmp_path: Path, reachable: Shop
) -> None:
    reachable.settle(tmp_path)
    path = catalogue_path(tmp_path, digest(reachable.catalogue))

    async def first() -> None:
        async with running(tmp_path) as counter:
            await counter.scan(COLA, COLA)

    async def second() -> None:
        async with running(tmp_path) as counter:
            assert [line.quantity for line in counter.screen.lines] == [2]
            await counter.until(path.exists)
            await counter.scan("OW-CANCEL", "OW-CANCEL", RICE)
            assert counter.screen.lines[0].amount == "342.00"

    asyncio.run(first())
    flip(path)
    asyncio.run(second())


def test_a_stored_pack_that_is_lost_is_said_and_fetched_again(
    tmp_path: Path, reachable: Shop
) -> None:
    reachable.settle(tmp_path)
    change(tmp_path, "UPDATE packs SET body = x'00'")

    async def run() -> None:
        async with running(tmp_path) as counter:
            assert troubles(counter) == ["The rule pack is damaged: it is fetched again by itself"]
            await counter.until(lambda: not troubles(counter))
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"

    asyncio.run(run())


def change(folder: Path, statement: str) -> None:
    """Damage a row of the records."""
    db = sqlite3.connect(folder / FILE)
    with db:
        assert db.execute(statement).rowcount == 1
    db.close()


def damage_table(folder: Path, table: str) -> None:
    """Overwrite the page that all of a table hangs on."""
    db = sqlite3.connect(folder / FILE)
    ((root,),) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    ((size,),) = db.execute("PRAGMA page_size")
    db.close()
    with (folder / FILE).open("r+b") as records:
        records.seek((root - 1) * size)
        records.write(b"\xff" * size)


def test_an_order_that_cannot_be_read_is_put_aside_and_the_others_go_on(
    tmp_path: Path, shop: Shop
) -> None:
    shop.settle(tmp_path)

    async def first() -> None:
        async with running(tmp_path, online=False) as counter:
            await counter.scan(RICE, "OW-SUBMIT", COLA, "OW-SUBMIT")

    async def second() -> None:
        async with running(tmp_path) as counter:
            assert troubles(counter)[0].startswith("Order shop-1-00001 cannot be read")
            await counter.until(counter.link.orders)
            assert [order.seq for order in counter.link.orders()] == [2]
            counter.link.answer(counter.link.orders()[0])
            third = await counter.order(RICE)
            assert third.seq == 3
            await counter.told("order_unreadable")

    asyncio.run(first())
    change(tmp_path, "UPDATE orders SET payload = x'7b00' WHERE seq = 1")
    asyncio.run(second())

    assert [record.state for record in read_records(tmp_path)] == ["parked", "answered", "queued"]
    assert any("shop-1-00001" in fault for fault in audit(tmp_path).faults)


def test_an_open_order_that_cannot_be_read_is_put_aside_until_the_next_is_stored(
    tmp_path: Path, shop: Shop
) -> None:
    shop.settle(tmp_path)

    async def first() -> None:
        async with running(tmp_path) as counter:
            await counter.scan(RICE)

    async def second() -> None:
        async with running(tmp_path) as counter:
            assert troubles(counter)[0].startswith("The order that was open cannot be read")
            await counter.order(COLA)
            assert troubles(counter) == []

    asyncio.run(first())
    change(tmp_path, "UPDATE open_order SET body = x'7b00'")
    asyncio.run(second())

    assert [path.read_bytes() for path in tmp_path.glob("damaged-open-order-*")] == [b"{\0"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET names = x'7b00'",
        "UPDATE slips SET body = x'7b00', state = 'queued'",
        *(
            META.format(key, value)
            for value in ("fb00", "7b00", "")
            for key in (
                *("boot", "card", "numbered_to", "catalogue", "config", "hub_time"),
                *("enrolled", "card_tries", "columns", "volume"),
            )
        ),
    ],
)
def test_any_other_row_that_cannot_be_read_stops_nothing(
    tmp_path: Path, shop: Shop, statement: str
) -> None:
    shop.settle(tmp_path)

    async def first() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(shop.config)
            await counter.scan(RICE, "OW-SUBMIT")
            counter.link.cut()
            await counter.until(lambda: counter.printer.slips and not counter.screen.slips_waiting)

    async def second() -> list[str]:
        async with running(tmp_path, queued_after_s=0.01) as counter:
            counter.link.configure(shop.config)
            await counter.until(counter.link.orders)
            counter.link.answer(counter.link.orders()[0])
            second = await counter.order(COLA)
            counter.link.answer(second)
            await counter.until(lambda: "2" in numbers(counter))
            return [one.data.number for one in counter.link.orders()]

    asyncio.run(first())
    change(tmp_path, statement)
    assert len(set(asyncio.run(second()))) == 2


@pytest.mark.parametrize("damaged", [b"99", b"0", b"-48", b"48.0", b"\xfb"])
def test_columns_that_no_printer_has_are_as_good_as_none(tmp_path: Path, damaged: bytes) -> None:
    with contextlib.closing(Store(tmp_path, "a")) as store:
        store.keep_columns(42)
        measured = store.columns()
    change(tmp_path, META.format("columns", damaged.hex()))

    with contextlib.closing(Store(tmp_path, "a")) as store:
        assert (measured, store.columns()) == (42, None)


def test_records_that_were_emptied_are_said_and_put_aside(tmp_path: Path, shop: Shop) -> None:
    shop.settle(tmp_path)
    (tmp_path / FILE).write_bytes(b"")

    async def run() -> None:
        async with running(tmp_path) as counter:
            assert troubles(counter)[0].startswith("The records were damaged and put aside")
            await counter.told("records_damaged")

    asyncio.run(run())


def test_orders_that_wait_in_damaged_records_are_sent_all_the_same(
    tmp_path: Path, shop: Shop
) -> None:
    shop.settle(tmp_path)

    async def first() -> None:
        async with running(tmp_path, online=False) as counter:
            await counter.scan(RICE, "OW-SUBMIT", COLA, "OW-SUBMIT")

    async def second() -> list[str]:
        async with running(tmp_path) as counter:
            await counter.until(lambda: len(counter.link.orders()) == 2)
            sent = counter.link.orders()
            counter.link.answer(sent[0])
            await counter.told("records_damaged")
            return [one.data.order for one in sent]

    asyncio.run(first())
    submitted = [record.order for record in read_records(tmp_path)]
    damage_table(tmp_path, "slips")
    sent = asyncio.run(second())

    assert sent == submitted
    assert [record.state for record in read_records(tmp_path)] == ["answered", "queued"]
    assert audit(tmp_path).faults == ()


def test_a_full_disk_while_running_stands_on_the_screen_until_it_is_cleared(
    counter_process: CounterProcess,
) -> None:
    counter_process.start()
    before = resource.prlimit(counter_process.pid, resource.RLIMIT_FSIZE, (100, -1))

    counter_process.scan(RICE)
    counter_process.until("the refusal", tone="error", lines=0)
    assert any(text.startswith(DISK) for text in counter_process.state()["troubles"])
    resource.prlimit(counter_process.pid, resource.RLIMIT_FSIZE, before)
    counter_process.until("the trouble is over", troubles=[])
    counter_process.scan(RICE, "SUBMIT")
    counter_process.until("the order is stored", queued=1, lines=0)

    assert counter_process.stop() == 0
    assert audit(counter_process.data).faults == ()


def test_a_disk_that_is_full_at_the_start_is_said_and_waited_for(
    counter_process: CounterProcess,
) -> None:
    counter_process.launch("prlimit", "--fsize=0:")
    counter_process.until_shown()
    assert counter_process.state()["said"].startswith(DISK)
    assert counter_process.state()["light"] == "red"

    resource.prlimit(counter_process.pid, resource.RLIMIT_FSIZE, (-1, -1))
    counter_process.until_ready()
    counter_process.scan(RICE, "SUBMIT")
    counter_process.until("the order is stored", queued=1, lines=0)

    assert counter_process.stop() == 0
    assert audit(counter_process.data).faults == ()


def test_why_the_records_are_shut_is_logged_once_however_often_it_is_tried(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(id=TERMINAL, password=PASSWORD, data=tmp_path, page=PageSettings(port=0))
    full = [OSError(28, "No space left on device") for _ in range(2)]

    def opening() -> Store:
        if full:
            raise full.pop()
        return open_store(settings, FakeClock(1_764_000_000_000))

    store = asyncio.run(wait_for_disk(settings, opening, FakeSignals(Watch())))
    store.close()

    assert [one.getMessage() for one in caplog.records] == [
        "the records cannot be opened: [Errno 28] No space left on device",
        "the records are open again",
    ]


@pytest.mark.needs("namespaces")
def test_a_disk_that_cannot_be_written_at_the_start_is_said_and_waited_for(
    counter_process: CounterProcess,
) -> None:
    folder = counter_process.data
    counter_process.launch(
        *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
        f'mount --bind "{folder}" "{folder}" && mount -o remount,bind,ro "{folder}" && exec "$@"',
        "sh",
    )
    counter_process.until_shown()
    assert counter_process.state()["said"].startswith(DISK)

    inside = ("nsenter", "--target", str(counter_process.pid), "--user", "--mount")
    subprocess.run([*inside, "mount", "-o", "remount,bind,rw", str(folder)], check=True)
    counter_process.until_ready()
    counter_process.scan(RICE, "SUBMIT")
    counter_process.until("the order is stored", queued=1, lines=0)

    assert counter_process.stop() == 0


def test_a_catalogue_that_finds_no_room_is_said_until_it_does(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    """The room is taken by a folder under the name that the download needs."""
    reachable.settle(tmp_path)
    newer = reachable.catalogue.replace(b"Assam tea", b"Assam best")
    snapshots.add(newer)
    changed = Shop(reachable.pack, newer, reachable.http)
    in_the_way = tmp_path / f"catalogue-{digest(newer)}.draft"
    in_the_way.mkdir()

    async def run() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(changed.config)
            await counter.until(lambda: any("cannot be stored" in one for one in troubles(counter)))
            await counter.scan(COLA, "OW-UNDO")
            in_the_way.rmdir()
            await counter.in_use(changed)
            assert troubles(counter) == []

    asyncio.run(run())
