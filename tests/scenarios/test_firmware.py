"""Two hundred orders on the firmware, with its power and its line cut again and again."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.link import BrokerAddress
from tests.fixtures.brokers import Cable
from tests.fixtures.firmware import FirmwareCounter
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.printers import eventually

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]

ORDERS = 200
MOST_WRITES = 800
SEED = 16
HEAP = "192k"
"""Of 64-bit words, with the code in ROM; of a board's words the same takes 80 kB."""


@pytest.fixture
def small_counter(
    micropython: Path, firmware_twin: Path, tmp_path: Path
) -> Iterator[FirmwareCounter]:
    """Give a new board with a small heap, not yet switched on."""
    counter = FirmwareCounter(micropython, firmware_twin, tmp_path, heap=HEAP, in_rom=True)
    yield counter
    counter.close()


def hub_orders(hub: HubProcess) -> list[str]:
    """Give the numbers of all the hub's orders."""
    listed = hub.command("orders", "--json").stdout.splitlines()
    return [str(json.loads(line)["number"]) for line in listed]


def wait_until_all_are_there(counter: FirmwareCounter, hub: HubProcess, told: list[str]) -> None:
    """Wait as long as orders keep coming to the hub."""
    missing = set(told) - set(hub_orders(hub))
    while missing:
        before = missing

        def came_some(before: set[str] = before) -> bool:
            if not counter.is_on:  # whose heap is full, a board resets itself and goes on
                counter.kill()
                counter.start()
            return not before <= set(told) - set(hub_orders(hub))

        what = f"more orders at the hub, which lacks {sorted(before)[:5]}"
        eventually(came_some, what, within_s=90, every_s=1)
        missing = set(told) - set(hub_orders(hub))


@pytest.mark.timeout(600)
def test_of_two_hundred_orders_none_is_lost_and_none_is_there_twice(
    small_counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    chance = random.Random(SEED)
    counter, cuts, told = small_counter, 0, list[str]()
    cable = Cable(BrokerAddress("127.0.0.1", hub_process.port))
    counter.start()
    claim = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    counter.enrol(claim, port=cable.address.port)
    counter.wait_for("catalogue pack")
    counter.kill()

    while len(told) < ORDERS:
        if not counter.is_on:
            counter.kill()
            cuts += 1
            assert cuts < 2 * ORDERS, "\n".join(counter.said)
            counter.start(tear_after=chance.randrange(MOST_WRITES))
        if chance.random() < 0.1:
            cable.cut()
        if chance.random() < 0.3:
            cable.restore()
        number = counter.try_order(chance.choice(["TEA", "RICE", "SOAP"]))
        told += [number] if number else []
    cable.restore()
    counter.kill()
    counter.start()

    wait_until_all_are_there(counter, hub_process, told)
    there = hub_orders(hub_process)
    cable.close()

    print(f"seed {SEED}: {len(told)} orders told stored, {cuts} power cuts, {len(there)} there")
    assert cuts > 20
    assert len(set(told)) == len(told)
    assert [n for n, count in Counter(there).items() if count > 1] == []
    assert sorted(there) == [f"shop-2-{seq:05d}" for seq in range(1, len(there) + 1)]
    assert len(there) - len(told) <= cuts
    audit = hub_process.command("audit")
    assert audit.returncode == 0, audit.stdout
    printed = [
        match[0]
        for slip in counter.printer.slips()
        if "CONFIRMED" in slip.text
        and "QUEUED - NOT CONFIRMED" not in slip.text
        and "COPY" not in slip.text
        for match in [re.search(r"shop-2-\d{5}", slip.text)]
        if match
    ]
    assert [n for n, count in Counter(printed).items() if count > 1] == []
