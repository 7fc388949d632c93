"""Catalogues and rule packs: fetched, checked, swapped between two orders, refused when bad."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from terminal.store import Store
from terminal.store.catalogue import Catalogue, CatalogueError, build_catalogue
from tests.fixtures.counters import Counter, running
from tests.fixtures.shops import (
    COLA,
    PRODUCTS,
    RICE,
    Shop,
    SnapshotServer,
    catalogue_of,
    digest,
    pack_of,
    product,
)


@pytest.fixture
def reachable(shop: Shop, snapshots: SnapshotServer) -> Shop:
    """Give the shop with its snapshots on a server."""
    snapshots.add(shop.pack)
    snapshots.add(shop.catalogue)
    return replace(shop, http=snapshots.url)


async def told(counter: Counter, code: str) -> dict[str, object]:
    """Wait for a remark to the hub and give it."""

    def remarks() -> list[dict[str, object]]:
        return [log["data"] for log in counter.link.of_kind("log") if log["data"]["code"] == code]

    await counter.until(remarks)
    return remarks()[0]


async def in_use(counter: Counter, shop: Shop) -> None:
    """Wait until the terminal reports the shop's catalogue and pack."""

    def reported() -> bool:
        newest = counter.link.of_kind("status")[-1:]
        return any(
            (status["data"]["catalogue"], status["data"]["pack"])
            == (digest(shop.catalogue), digest(shop.pack))
            for status in newest
        )

    await counter.until(reported)


def test_a_new_terminal_says_it_has_no_catalogue_then_fetches_all_and_sells(
    tmp_path: Path, reachable: Shop
) -> None:
    async def run() -> None:
        async with running(tmp_path) as counter:
            assert "No catalogue yet" in counter.screen.said
            await counter.scan(COLA)
            assert counter.signals.beeps[-1] == "error"
            counter.link.configure(reachable.config)
            await in_use(counter, reachable)
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"
            assert counter.screen.customer == "Gupta Kirana"

    asyncio.run(run())


def test_what_was_fetched_is_there_after_a_restart_without_asking_again(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    async def first() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(reachable.config)
            await in_use(counter, reachable)

    async def second() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(reachable.config)
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"

    asyncio.run(first())
    asyncio.run(second())

    assert len(snapshots.asked) == 2
    assert list(tmp_path.glob("*.part")) == []


def test_a_new_price_waits_until_the_open_order_is_gone(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    pack = pack_of(tmp_path / "pack", prices="sku,price\nCOLA-600,40.00\n")
    snapshots.add(pack)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data") as counter:
            await counter.scan(COLA)
            watched(snapshots, counter)
            counter.link.configure(replace(reachable, pack=pack).config)
            await counter.until(lambda: len(snapshots.asked) == 1)
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "76.20"
            await counter.scan("OW-SUBMIT")
            await in_use(counter, replace(reachable, pack=pack))
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "40.00"

    asyncio.run(run())


def watched(snapshots: SnapshotServer, counter: Counter) -> None:
    """Let the counter's test wait for what the server, in its own thread, is asked for."""
    loop = asyncio.get_running_loop()
    snapshots.on_asked = lambda: loop.call_soon_threadsafe(counter.watch.saw)


def bad_packs(good: bytes) -> dict[str, bytes]:
    """Make packs that no terminal may use."""
    return {
        "no pack at all": b"[]",
        "another format": good.replace(b'"format":1', b'"format":99'),
        "cut off": good[: len(good) // 2],
    }


@pytest.mark.parametrize("kind", ["no pack at all", "another format", "cut off"])
def test_a_pack_that_does_not_load_keeps_the_old_one_and_alarms_the_hub(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer, kind: str
) -> None:
    bad = bad_packs(reachable.pack)[kind]
    snapshots.add(bad)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data") as counter:
            counter.link.configure(replace(reachable, pack=bad).config)
            alarm = await told(counter, "pack_refused")
            assert alarm["level"] == "alarm"
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"

    asyncio.run(run())
    store = Store(tmp_path / "data", "after")

    assert [name for name, _ in store.packs()] == [digest(reachable.pack)]
    store.close()


def test_a_pack_whose_own_cases_fail_never_goes_live(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    bad = pack_of(tmp_path / "pack", text=PACK_WITH_A_WRONG_CASE)
    snapshots.add(bad)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data") as counter:
            counter.link.configure(replace(reachable, pack=bad).config)
            alarm = await told(counter, "pack_refused")
            assert "cases" in str(alarm["text"])

    asyncio.run(run())


PACK_WITH_A_WRONG_CASE = """
pack: {name: shop, version: 4, currency: INR, scale: 2, timezone: Asia/Kolkata, tax: exclusive}
prices:
  - {id: PL, level: default, csv: base.csv}
taxes:
  - {id: GST-5, when: {tax_class: gst5}, heads: {GST: 5}}
tests:
  - name: a price that is not so
    on: 2026-09-21
    prices: {COLA: 40.00}
    lines: [{sku: COLA, qty: 1}]
    expect: {payable: 1.00}
case_products:
  COLA: {name: Cola 600 ml, category: grocery, tax_class: gst5}
"""


def test_a_snapshot_with_other_bytes_than_its_hash_is_not_used(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    wanted = replace(reachable, catalogue=catalogue_of(product("NEW", "New thing", RICE)))
    snapshots.contents[digest(wanted.catalogue)] = catalogue_of(product("EVIL", "Evil", RICE))
    reachable.settle(tmp_path)

    async def run() -> None:
        async with running(tmp_path) as counter:
            watched(snapshots, counter)
            counter.link.configure(wanted.config)
            await counter.until(lambda: len(snapshots.asked) == 2)
            await counter.scan(RICE)
            assert counter.screen.lines[0].name == "Basmati rice 5 kg"

    asyncio.run(run())

    assert [path.name for path in tmp_path.glob("catalogue-*.db")] == [
        f"catalogue-{digest(reachable.catalogue)}.db"
    ]


def test_a_broken_off_download_goes_on_where_it_stopped(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    part = tmp_path / f"snapshot-{digest(reachable.catalogue)}.part"
    part.write_bytes(reachable.catalogue[:100])

    async def run() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(reachable.config)
            await in_use(counter, reachable)

    asyncio.run(run())

    assert snapshots.ranges == ["bytes=100-", None]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format":2,"products":[]}',
        b'{"format":1,"products":[{"sku":"A"}]}',
        b'{"format":1,"products":["A"]}',
        catalogue_of(*PRODUCTS)[:-40],
        b"\xff\xfe",
    ],
)
def test_what_is_no_catalogue_is_refused_and_leaves_no_file(tmp_path: Path, content: bytes) -> None:
    snapshot = tmp_path / "snapshot"
    snapshot.write_bytes(content)

    with pytest.raises(CatalogueError):
        build_catalogue(snapshot, tmp_path / "catalogue.db")

    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]


def test_a_catalogue_is_read_wherever_its_pieces_end(tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    for padding in range(300):
        products = [product("A" * (65_000 + padding), "long"), product("B", "b"), product("C", "c")]
        snapshot.write_bytes(catalogue_of(*products))

        assert build_catalogue(snapshot, tmp_path / "catalogue.db") == 3


def test_a_large_catalogue_is_read_in_pieces_and_found_by_every_gtin(tmp_path: Path) -> None:
    products = [
        product(f"SKU-{at:05d}", f"नाम {at}" * 5, f"{at:013d}", f"1{at:013d}") for at in range(3000)
    ]
    snapshot = tmp_path / "snapshot"
    snapshot.write_bytes(catalogue_of(*products))

    count = build_catalogue(snapshot, tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")

    assert count == len(catalogue) == 3000
    for gtin in ("00000000002999", "10000000002999"):
        found = catalogue.by_gtin(gtin)
        assert found is not None
        assert found.sku == "SKU-02999"
    assert catalogue.get("SKU-99999") is None
    assert next(iter(catalogue)) == "SKU-00000"
    catalogue.close()
