"""Rule packs at a terminal: proven before they are in force, taken up whole between two orders."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from broker.contract.messages import SignedSnapshot
from rules import load_pack
from rules.tools.build.packing import bound
from rules.tools.build.signing import key_line, new_private_key, public_key, sign
from terminal.store import Store
from tests.fixtures.counters import Counter, running
from tests.fixtures.shops import (
    COLA,
    NOW_MS,
    PACK_KEY,
    RULES,
    Shop,
    SnapshotServer,
    digest,
    pack_of,
)

ROOT = Path(__file__).parents[3]
DAY_MS = 86_400_000
TODAY = date(2026, 9, 21)
"""The day of NOW_MS where the shop is."""
OTHER_KEY = new_private_key()
TICK_S = 0.02
"""A heartbeat that does not keep a test waiting."""

WRONG_CASE = """
tests:
  - name: a price that is not so
    on: 2026-09-21
    prices: {COLA: 40.00}
    lines: [{sku: COLA, qty: 1}]
    expect: {payable: 1.00}
case_products:
  COLA: {name: Cola 600 ml, category: grocery, tax_class: gst5}
"""


def changed(packed: bytes, **values: object) -> bytes:
    """Write a pack with some of it changed."""
    return json.dumps({**json.loads(packed), **values}).encode()


def dearer(shop: Shop, price: int = 400_000, version: int = 4, **values: object) -> Shop:
    """Give the shop with cola at another price, 40.00 unless told, in a pack of its own version."""
    prices = json.loads(shop.pack)["prices"]
    prices[0]["rates"]["COLA-600"] = price
    return replace(shop, pack=changed(shop.pack, prices=prices, version=version, **values))


@pytest.fixture
def settled(reachable: Shop, tmp_path: Path) -> Shop:
    """Give the shop, and in `tmp_path` a terminal of it that has met its hub before."""
    reachable.settle(tmp_path)
    return reachable


def stored(folder: Path) -> list[str]:
    """Name the packs on a terminal's disk, the one in force first."""
    store = Store(folder, "after")
    names = [name for name, _ in store.packs()]
    store.close()
    return names


async def price_of_cola(counter: Counter) -> str:
    """Scan one, look, and throw the order away."""
    await counter.scan(COLA)
    amount = counter.screen.lines[0].amount
    await counter.scan("OW-CANCEL", "OW-CANCEL")
    return amount


async def reported(counter: Counter, reason: str | None) -> None:
    """Wait until the terminal gives this reason against the pack it should have."""
    await counter.until(lambda: counter.status.get("pack_reason", "") == reason)


def unusable(shop: Shop, tmp_path: Path) -> dict[str, Shop]:
    """Make what no terminal may put in force, by the reason it must give."""
    pack, newer = shop.pack, changed(shop.pack, version=4)
    newer_rules = RULES.replace("version: 3", "version: 4")
    wrong = pack_of(tmp_path / "wrong", newer_rules + WRONG_CASE)
    return {
        "pack_unreadable": replace(shop, pack=pack[: len(pack) // 2]),
        "pack_too_new": replace(shop, pack=changed(newer, engine=99)),
        "pack_cases_failed": replace(shop, pack=wrong),
        "pack_version_older": dearer(shop, version=2),
        "pack_signature_bad": replace(shop, pack=newer, signature=sign(digest(newer), OTHER_KEY)),
    }


@pytest.mark.parametrize(
    "reason",
    [
        "pack_unreadable",
        "pack_too_new",
        "pack_cases_failed",
        "pack_version_older",
        "pack_signature_bad",
    ],
)
def test_what_may_not_be_in_force_leaves_the_old_pack_and_is_told_everywhere(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer, reason: str
) -> None:
    bad = unusable(reachable, tmp_path)[reason]
    snapshots.add(bad.pack)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data", heartbeat_s=TICK_S) as counter:
            counter.link.configure(bad.config)
            await reported(counter, reason)
            assert (await counter.told(reason))["level"] == "alarm"
            assert counter.screen.pack_hold
            assert await price_of_cola(counter) == "38.10"

    asyncio.run(run())

    assert stored(tmp_path / "data") == [digest(reachable.pack)]


def test_a_refused_pack_is_an_alarm_once_however_often_the_hub_names_it(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    bad = unusable(reachable, tmp_path)["pack_cases_failed"]
    good = dearer(reachable, version=5)
    snapshots.add(bad.pack)
    snapshots.add(good.pack)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data") as counter:
            counter.watches(snapshots)
            for _ in range(3):
                counter.link.configure(bad.config)
                alarm = await counter.told("pack_cases_failed")
            counter.link.configure(good.config)
            await counter.in_use(good)
            told = [log["data"]["code"] for log in counter.link.of_kind("log")]
            assert told == ["pack_cases_failed"]
            assert alarm["level"] == "alarm"
            assert "1 of its 1 cases fail, first: a price that is not so" in alarm["text"]
            assert counter.screen.pack_hold == ""

    asyncio.run(run())

    assert len(snapshots.asked) == 2


def test_a_refused_pack_that_the_hub_names_again_after_another_is_refused_again(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    bad = unusable(reachable, tmp_path)["pack_cases_failed"]
    snapshots.add(bad.pack)
    reachable.settle(tmp_path / "data")

    async def run() -> None:
        async with running(tmp_path / "data", heartbeat_s=TICK_S) as counter:
            for shop, reason in ((bad, "pack_cases_failed"), (reachable, None)) * 2:
                counter.link.configure(shop.config)
                await reported(counter, reason)

    asyncio.run(run())

    assert len(snapshots.asked) == 1


def test_a_pack_without_a_signature_or_at_a_terminal_without_a_key_is_not_taken(
    tmp_path: Path, reachable: Shop, snapshots: SnapshotServer
) -> None:
    wanted = dearer(reachable)
    snapshots.add(wanted.pack)
    unsigned = msgspec.structs.replace(
        wanted.config, pack=SignedSnapshot(hash=digest(wanted.pack), size=len(wanted.pack))
    )

    async def run(keys: str, reason: str) -> None:
        folder = tmp_path / reason
        reachable.settle(folder)
        async with running(folder, pack_keys=keys) as counter:
            counter.link.configure(unsigned if keys else wanted.config)
            await counter.told(reason)
            assert await price_of_cola(counter) == "38.10"

    asyncio.run(run(PACK_KEY, "pack_unsigned"))
    asyncio.run(run("", "pack_key_missing"))


def test_a_second_key_is_trusted_as_well_so_that_the_hub_can_change_over(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    wanted = dearer(settled)
    wanted = replace(wanted, signature=sign(digest(wanted.pack), OTHER_KEY))
    snapshots.add(wanted.pack)
    both = f"{PACK_KEY} {key_line(public_key(OTHER_KEY).decode())}"

    async def run() -> None:
        async with running(tmp_path, pack_keys=both) as counter:
            counter.link.configure(wanted.config)
            await counter.in_use(wanted)
            assert await price_of_cola(counter) == "40.00"

    asyncio.run(run())


def test_a_roll_back_is_a_new_version_with_the_old_prices_and_the_last_two_are_kept(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    dear, back = dearer(settled), dearer(settled, 381_000, version=5)

    async def run() -> None:
        async with running(tmp_path) as counter:
            for shop, price in ((dear, "40.00"), (back, "38.10")):
                snapshots.add(shop.pack)
                counter.link.configure(shop.config)
                await counter.in_use(shop)
                assert await price_of_cola(counter) == price

    asyncio.run(run())

    assert stored(tmp_path) == [digest(back.pack), digest(dear.pack)]


def test_an_open_order_keeps_its_pack_also_over_a_restart(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    dear = dearer(settled)
    snapshots.add(dear.pack)

    async def first() -> None:
        async with running(tmp_path) as counter:
            await counter.scan(COLA)
            counter.link.configure(dear.config)
            await counter.until(lambda: counter.terminal.store.config() == dear.config)

    async def second() -> None:
        async with running(tmp_path) as counter:
            counter.watches(snapshots)
            await counter.until(lambda: snapshots.asked)
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "76.20"
            order = await counter.order()
            assert order.data.quote is not None
            assert order.data.quote.pack == digest(settled.pack)
            await counter.in_use(dear)
            assert await price_of_cola(counter) == "40.00"

    asyncio.run(first())
    asyncio.run(second())


def test_a_pack_for_tomorrow_waits_and_is_in_force_when_the_hub_s_day_has_come(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    dear = dearer(settled, not_before=tomorrow.isoformat())
    snapshots.add(dear.pack)

    async def run() -> None:
        async with running(tmp_path, heartbeat_s=TICK_S) as counter:
            counter.link.configure(dear.config)
            await counter.until(lambda: counter.screen.pack_hold)
            assert "2026-09-22" in counter.screen.pack_hold
            await reported(counter, "pack_not_yet")
            assert counter.status["pack"] == digest(settled.pack)
            assert await price_of_cola(counter) == "38.10"
            counter.link.message_at = NOW_MS + DAY_MS
            counter.link.hub_status("online")
            counter.link.configure(dear.config)
            await counter.in_use(dear)
            assert await price_of_cola(counter) == "40.00"
            assert counter.screen.pack_hold == ""

    asyncio.run(run())

    assert len(snapshots.asked) == 1
    assert list(tmp_path.glob("snapshot-*")) == []


def test_a_wrong_clock_brings_no_pack_forward_but_the_hub_s_time_does(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    dear = dearer(settled, not_before="2020-01-01")
    snapshots.add(dear.pack)
    store = Store(tmp_path, "before")
    store.keep_config(dear.config)
    store.close()

    async def run() -> None:
        async with running(tmp_path, heartbeat_s=TICK_S, online=False) as counter:
            await counter.until(lambda: "hub's time is not known" in counter.screen.pack_hold)
            assert await price_of_cola(counter) == "38.10"
            counter.link.connect()
            counter.link.configure(dear.config)
            await counter.in_use(dear)
            assert await price_of_cola(counter) == "40.00"

    asyncio.run(run())


def test_a_pack_that_the_hub_takes_back_before_its_day_never_comes_in_force(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    dear = dearer(settled, not_before=TODAY.isoformat())
    snapshots.add(dear.pack)

    async def run() -> None:
        async with running(tmp_path) as counter:
            counter.watches(snapshots)
            counter.link.message_at = NOW_MS - 2 * DAY_MS
            counter.link.configure(dear.config)
            await counter.until(lambda: counter.screen.pack_hold)
            counter.link.configure(settled.config)
            await counter.until(lambda: not counter.screen.pack_hold)
            counter.link.message_at = NOW_MS
            counter.link.configure(settled.config)
            assert await price_of_cola(counter) == "38.10"

    asyncio.run(run())

    assert stored(tmp_path) == [digest(settled.pack)]


def test_a_pack_that_the_hub_takes_back_while_it_is_proven_never_comes_in_force(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    dear = dearer(settled, 401_000)
    snapshots.add(dear.pack)

    async def run() -> None:
        async with running(tmp_path, heartbeat_s=TICK_S) as counter:
            counter.watches(snapshots)
            counter.link.configure(dear.config)
            await counter.until(lambda: snapshots.asked)
            counter.link.configure(settled.config)
            left = len(counter.link.of_kind("status"))
            await counter.until(lambda: not list(tmp_path.glob("snapshot-*")))
            await counter.until(lambda: len(counter.link.of_kind("status")) > left + 2)
            assert await price_of_cola(counter) == "38.10"

    asyncio.run(run())

    assert stored(tmp_path) == [digest(settled.pack)]


def test_a_pack_that_waits_is_not_fetched_again_after_a_restart(
    tmp_path: Path, settled: Shop, snapshots: SnapshotServer
) -> None:
    packed = bound(dearer(settled).pack, previous=settled.pack, not_before=date(2026, 9, 30))
    dear = replace(settled, pack=packed)
    snapshots.add(dear.pack)

    async def run() -> None:
        async with running(tmp_path) as counter:
            counter.link.configure(dear.config)
            await counter.until(lambda: counter.screen.pack_hold)

    asyncio.run(run())
    asyncio.run(run())

    assert len(snapshots.asked) == 1


SWAP = """
import hashlib, sys
from pathlib import Path
from terminal.store import Store
store = Store(Path(sys.argv[1]), "swapping")
packs = [path.read_bytes() for path in map(Path, sys.argv[2:])]
print("swapping", flush=True)
while True:
    for body in packs:
        store.swap_pack(hashlib.sha256(body).hexdigest(), body)
"""


def test_a_power_cut_at_any_moment_leaves_a_whole_pack_in_force(tmp_path: Path, shop: Shop) -> None:
    shops = [dearer(shop, price, version) for version, price in enumerate((1, 2, 3), 4)]
    files = [tmp_path / f"{digest(one.pack)}.json" for one in shops]
    for file, one in zip(files, shops, strict=True):
        file.write_bytes(one.pack)
    shop.settle(tmp_path / "data")
    known = {digest(one.pack) for one in (shop, *shops)}
    seeded = random.Random(20261122)

    for _ in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", SWAP, str(tmp_path / "data"), *map(str, files)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"swapping\n"
        timer = threading.Timer(seeded.uniform(0.001, 0.05), os.kill, (child.pid, signal.SIGKILL))
        timer.start()
        child.wait()
        child.stdout.close()

        store = Store(tmp_path / "data", "after")
        packs = list(store.packs())
        store.close()
        assert len(packs) >= 1
        assert {name for name, _ in packs} <= known
        assert [load_pack(body).hash for _, body in packs] == [name for name, _ in packs]
