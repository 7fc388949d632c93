"""Catalogues and rule packs as files: fetched, checked, swapped between two orders."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from terminal.store.catalogue import Catalogue, CatalogueError, build_catalogue
from tests.fixtures.counters import running
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


def test_a_new_terminal_says_it_has_no_catalogue_then_fetches_all_and_sells(
    tmp_path: Path, reachable: Shop
) -> None:
    async def run() -> None:
        async with running(tmp_path) as counter:
            assert "No catalogue yet" in counter.screen.said
            await counter.scan(COLA)
            assert counter.signals.beeps[-1] == "error"
            counter.link.configure(reachable.config)
            await counter.in_use(reachable)
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
            await counter.in_use(reachable)

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
            counter.watches(snapshots)
            counter.link.configure(replace(reachable, pack=pack).config)
            await counter.until(lambda: len(snapshots.asked) == 1)
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "76.20"
            await counter.scan("OW-SUBMIT")
            await counter.in_use(replace(reachable, pack=pack))
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "40.00"

    asyncio.run(run())


def test_a_snapshot_with_other_bytes_than_its_hash_is_not_used(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    wanted = replace(reachable, catalogue=catalogue_of(product("NEW", "New thing", RICE)))
    snapshots.contents[digest(wanted.catalogue)] = catalogue_of(product("EVIL", "Evil", RICE))
    reachable.settle(tmp_path)

    async def run() -> None:
        async with running(tmp_path) as counter:
            counter.watches(snapshots)
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
            await counter.in_use(reachable)

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
        assert found.product.sku == "SKU-02999"
        assert found.unit == ""
    assert catalogue.get("SKU-99999") is None
    assert next(iter(catalogue)) == "SKU-00000"
    catalogue.close()
