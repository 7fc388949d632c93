"""Updates of the firmware: signed, taken between two orders, and left again where they fail."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from firmware.build import build
from firmware.flash.records import RecordFile
from firmware.release import offer_of, pack
from tests.fixtures.firmware import FirmwareCounter, served
from tests.fixtures.hub_process import HubProcess
from tests.fixtures.printers import eventually

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("mosquitto")]

ROOT = Path(__file__).parents[3]


@dataclass
class Depot:
    """Where updates are made, signed by the hub's key, and fetched from."""

    folder: Path
    mpy_cross: Path
    key: bytes
    url: str
    made: list[Path] = field(default_factory=list)

    def release(self, *, main: str | None = None, target: str = "host") -> dict[str, object]:
        """Make an update whose `main` is changed, where it is told; gives its offer."""
        name = f"update{len(self.made)}"
        built, package = self.folder / name, self.folder / f"{name}.ow"
        build("host", built, self.mpy_cross)
        if main is not None:
            source = self.folder / "main.py"
            source.write_text(main)
            line = [str(self.mpy_cross), "-o", str(built / "firmware" / "main.mpy"), str(source)]
            subprocess.run(line, check=True)
        pack(built, package, target)
        self.made.append(package)
        return offer_of(package, f"{self.url}/{package.name}", self.key)


@pytest.fixture
def depot(tmp_path: Path, mpy_cross: Path, hub_process: HubProcess) -> Iterator[Depot]:
    """Serve a folder of updates, signed by the hub's own key."""
    folder = tmp_path / "depot"
    folder.mkdir()
    key = (hub_process.folder / "files" / "signing" / "private.pem").read_bytes()
    with served(folder) as url:
        yield Depot(folder, mpy_cross, key, url)


@pytest.fixture
def counter(firmware_counter: FirmwareCounter, hub_process: HubProcess) -> FirmwareCounter:
    """Give a board whose records are in a folder, enrolled and ready."""
    firmware_counter.keeps_folder = True
    firmware_counter.start()
    claim = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    firmware_counter.enrol(claim, port=hub_process.port)
    firmware_counter.wait_for("catalogue catalogue")
    firmware_counter.wait_for("catalogue pack")
    return firmware_counter


def offered(counter: FirmwareCounter, offer: dict[str, object]) -> None:
    counter.scan(json.dumps(offer))


def place(counter: FirmwareCounter) -> str:
    """Tell which copy is chosen."""
    path = counter.folder / "slots"
    return str(json.loads(path.read_text())["now"]) if path.exists() else ""


def confirmed(counter: FirmwareCounter, number: str) -> bool:
    """Tell whether a slip says so, printed before the update or after it."""
    texts = [slip.text for slip in counter.printer.slips()]
    return any(number in text and "CONFIRMED" in text for text in texts)


def test_a_signed_update_starts_between_two_orders_and_stays_once_the_broker_heard_it(
    counter: FirmwareCounter, depot: Depot
) -> None:
    counter.scan("TEA")
    offered(counter, depot.release())
    counter.wait_for("update it is started when no order is open")
    assert counter.is_on
    number = counter.order("RICE")
    counter.wait_for_end()
    (slip,) = counter.printer.wait_for_slips(1)
    assert number in slip.text

    counter.start()
    counter.wait_for("link online")
    eventually(lambda: confirmed(counter, number), "the answer's slip")
    counter.wait(lambda: "trial" not in json.loads((counter.folder / "slots").read_text()), "trust")
    again = counter.order("TEA")
    counter.wait_for(f"answer {again} confirmed")

    assert place(counter) == "/a"
    assert again.endswith("00002")
    second = depot.release(main=(ROOT / "firmware" / "main.py").read_text() + "\nNEWER = True\n")
    offered(counter, second)
    counter.wait_for_end()
    assert place(counter) == "/b"


@pytest.mark.parametrize("main", ["raise ValueError('no good')", "def main():\n    1 // 0\n"])
def test_an_update_that_fails_is_left_after_three_starts_and_not_taken_again(
    main: str, counter: FirmwareCounter, depot: Depot
) -> None:
    number = counter.order("TEA")
    counter.wait_for(f"answer {number} confirmed")
    offer = depot.release(main=main)
    offered(counter, offer)
    counter.wait_for_end()
    for _ in range(3):
        counter.start()
        counter.wait_for_end()

    counter.start()
    counter.wait_for("warning the update failed: back to the first copy")
    counter.wait_for("link online")
    again = counter.order("TEA")
    counter.wait_for(f"answer {again} confirmed")
    offered(counter, offer)

    counter.wait_for(
        "warning update_failed: the update was not taken: it was tried here, and failed"
    )
    assert place(counter) == ""


def test_what_is_not_signed_by_the_distributor_is_not_even_fetched(
    counter: FirmwareCounter, depot: Depot
) -> None:
    strange = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    offer = depot.release()
    forged = offer_of(depot.made[0], str(offer["update"]), strange)

    offered(counter, forged)
    counter.wait_for("error this is not taken: the distributor has not signed this update")
    offered(counter, {**offer, "hash": "0" * 64})
    offered(counter, {**offer, "signature": "AAAA"})
    offered(counter, {"update": 1})

    counter.wait(lambda: len(counter.heard("error this is not taken")) == 4, "four refusals")
    assert counter.is_on
    assert place(counter) == ""


def test_a_package_that_was_changed_cut_or_is_for_another_board_changes_nothing(
    counter: FirmwareCounter, depot: Depot
) -> None:
    cut, changed, other = depot.release(), depot.release(), depot.release(target="armv6m")
    empty = depot.folder / "update9.ow"
    empty.write_bytes(b"")
    RecordFile(str(empty)).append("V", b'{"target": "host"}')
    nothing = offer_of(empty, f"{depot.url}/{empty.name}", depot.key)
    content = depot.made[0].read_bytes()
    depot.made[0].write_bytes(content[:-100])
    depot.made[1].write_bytes(content[:-1] + b"!")

    for offer, why in (
        (cut, "it came otherwise than its hash says"),
        (changed, "it came otherwise than its hash says"),
        (other, "it is for another kind of board"),
        (nothing, "it is no package of the firmware"),
        ({**nothing, "update": f"{depot.url}/none"}, "the server answered 404"),
    ):
        counter.forget()
        offered(counter, offer)
        counter.wait_for(f"warning update_failed: the update was not taken: {why}")

    assert place(counter) == ""
    assert not list(counter.folder.glob("update*"))
