"""Boards with a new, an older or a copied flash at a real hub: none is locked out or doubled."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.link import BrokerAddress
from tests.fixtures.brokers import Cable
from tests.fixtures.firmware import FirmwareCounter
from tests.fixtures.hub_process import HubProcess

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]


@pytest.fixture
def cable(hub_process: HubProcess) -> Iterator[Cable]:
    """Put a cable that can be cut before the hub's broker."""
    laid = Cable(BrokerAddress("127.0.0.1", hub_process.port))
    yield laid
    laid.close()


@pytest.fixture
def twin_counter(
    micropython: Path, firmware_twin: Path, tmp_path: Path
) -> Iterator[FirmwareCounter]:
    """Give a second board, for a copy of the first one's flash."""
    folder = tmp_path / "second"
    folder.mkdir()
    counter = FirmwareCounter(micropython, firmware_twin, folder)
    yield counter
    counter.close()


def enrol(counter: FirmwareCounter, hub: HubProcess, cable: Cable) -> None:
    """Switch a new board on, enrol it, and wait until it can sell."""
    counter.start()
    counter.enrol(hub.folder / "files" / "terminals" / "shop-2.toml", port=cable.address.port)
    counter.wait_for("catalogue pack")


def hub_numbers(hub: HubProcess) -> list[str]:
    """Give the numbers of the hub's orders, the smallest first."""
    listed = hub.command("orders", "--json").stdout.splitlines()
    return sorted(str(json.loads(line)["number"]) for line in listed)


def test_an_emptied_flash_goes_on_above_the_numbers_that_the_hub_has(
    firmware_counter: FirmwareCounter, hub_process: HubProcess, cable: Cable
) -> None:
    counter = firmware_counter
    enrol(counter, hub_process, cable)
    first = counter.order("TEA")
    counter.wait_for(f"answer {first}")
    counter.kill()
    counter.flash.unlink()

    enrol(counter, hub_process, cable)
    second = counter.order("RICE")
    counter.wait_for(f"answer {second} confirmed")

    assert (first, second) == ("shop-2-00001", "shop-2-00002")
    counter.kill()
    assert counter.audit()["faults"] == []


def test_a_number_of_an_older_image_is_replaced_and_its_order_confirmed(
    firmware_counter: FirmwareCounter, hub_process: HubProcess, cable: Cable
) -> None:
    counter = firmware_counter
    enrol(counter, hub_process, cable)
    counter.kill()
    older = counter.flash.with_name("older.bin")
    shutil.copyfile(counter.flash, older)
    counter.start()
    counter.wait_for("link online")
    number = counter.order("TEA")
    counter.wait_for(f"answer {number}")
    counter.kill()
    shutil.copyfile(older, counter.flash)
    cable.cut()

    counter.start()
    again = counter.order("RICE", "OW-QTY-5")
    cable.restore()
    counter.wait_for("answer shop-2-00002 confirmed")

    assert again == number == "shop-2-00001"
    assert hub_numbers(hub_process) == ["shop-2-00001", "shop-2-00002"]
    counter.wait(lambda: "shop-2-00002" in counter.printer.slips()[-1].text, "its slip")
    assert "5 x Rice" in counter.printer.slips()[-1].text
    counter.kill()
    assert counter.audit()["faults"] == []


def test_an_older_image_of_an_order_that_was_numbered_anew_gets_its_answer(
    firmware_counter: FirmwareCounter, hub_process: HubProcess, cable: Cable
) -> None:
    counter = firmware_counter
    enrol(counter, hub_process, cable)
    counter.kill()
    empty, waiting = counter.flash.with_name("empty.bin"), counter.flash.with_name("waiting.bin")
    shutil.copyfile(counter.flash, empty)
    counter.start()
    counter.wait_for("link online")
    counter.wait_for(f"answer {counter.order('TEA')}")
    counter.kill()
    shutil.copyfile(empty, counter.flash)
    cable.cut()
    counter.start()
    counter.order("RICE")
    counter.kill()
    shutil.copyfile(counter.flash, waiting)
    cable.restore()
    counter.start()
    counter.wait_for("answer shop-2-00002 confirmed")
    counter.kill()

    shutil.copyfile(waiting, counter.flash)
    counter.start()
    counter.wait_for("answer shop-2-00002 confirmed")

    assert hub_numbers(hub_process) == ["shop-2-00001", "shop-2-00002"]
    third = counter.order("SOAP")
    counter.wait_for(f"answer {third} confirmed")
    assert third == "shop-2-00003"
    counter.kill()
    assert counter.audit()["faults"] == []


def test_the_later_of_two_boards_stops_and_sells_again_under_a_password_of_its_own(
    firmware_counter: FirmwareCounter,
    twin_counter: FirmwareCounter,
    hub_process: HubProcess,
    cable: Cable,
) -> None:
    first, second = firmware_counter, twin_counter
    enrol(first, hub_process, cable)
    first.kill()
    shutil.copyfile(first.flash, second.flash)
    first.start()
    first.wait_for("link online")

    second.start()
    second.wait_for("error another machine runs as this terminal")
    first.wait_for("warning another machine ran as this terminal")
    second.forget()
    second.scan("TEA", "OW-SUBMIT")
    second.wait(lambda: len(second.heard("error another machine")) == 2, "both to be refused")
    number = first.order("TEA")
    first.wait_for(f"answer {number} confirmed")

    first.kill()
    added = hub_process.command(
        "terminal", "add", "shop-2", "--customer", "C2", "--warehouse", "MAIN"
    )
    assert added.returncode == 0, added.stderr
    file = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    claim = {**json.loads(second.claim(file)), "port": cable.address.port}
    second.scan(json.dumps(claim))
    second.wait_for("done enrolled")
    assert second.order("SOAP") == "shop-2-00001"
    second.wait_for("answer shop-2-00002 confirmed")
