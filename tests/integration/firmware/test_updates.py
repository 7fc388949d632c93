"""Updates of the firmware: signed, taken between two orders, and left again where they fail."""

import hashlib
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
from firmware.release import manifest_of, offer_of, pack
from tests.builders.software_desk import SoftwareDesk, desk_of
from tests.builders.updates import KEY, TRUSTED
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
        _, package = self._packed(main, target)
        return offer_of(package, f"{self.url}/{package.name}", self.key)

    def update(
        self, number: int, *, main: str | None = None, target: str = "host", key: bytes = KEY
    ) -> Path:
        """Make an update that a hub can offer; gives its manifest."""
        built, package = self._packed(main, target)
        manifest = package.with_suffix(".json")
        told = manifest_of(built, package, key, number=number, version=f"{number}.0")
        manifest.write_text(json.dumps(told))
        return manifest

    def _packed(self, main: str | None, target: str) -> tuple[Path, Path]:
        name = f"update{len(self.made)}"
        built, package = self.folder / name, self.folder / f"{name}.ow"
        build(target, built, self.mpy_cross)
        if main is not None:
            source = self.folder / "main.py"
            source.write_text(main)
            line = [str(self.mpy_cross), "-o", str(built / "firmware" / "main.mpy"), str(source)]
            subprocess.run(line, check=True)
        pack(built, package)
        self.made.append(package)
        return built, package


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


class Offering:
    """A board that is switched off, and a hub that offers it updates."""

    def __init__(self, counter: FirmwareCounter, depot: Depot, desk: SoftwareDesk) -> None:
        self.counter = counter
        self.depot = depot
        self.desk = desk

    def offer(self, number: int, *, main: str | None = None) -> str:
        """Have the hub offer an update while the board is off; gives its name."""
        self.counter.kill()
        name = str(self.desk.software("add", str(self.depot.update(number, main=main)))["said"])
        self.desk.software("offer", name)
        return name

    def tried(self, name: str) -> dict[str, object]:
        """Tell how far the board is, as the hub knows it."""
        (found,) = self.desk.software("show", name)["terminals"]
        return {"state": found["state"], "code": found["code"]}


@pytest.fixture
def offering(firmware_counter: FirmwareCounter, depot: Depot, hub_process: HubProcess) -> Offering:
    """Give a board that the hub knows, with an order open."""
    desk = desk_of(hub_process)
    firmware_counter.keeps_folder = True
    firmware_counter.start()
    claim = hub_process.folder / "files" / "terminals" / "shop-2.toml"
    firmware_counter.enrol(claim, port=hub_process.port, software_key=TRUSTED)
    firmware_counter.wait_for("catalogue catalogue")
    firmware_counter.wait_for("catalogue pack")
    return Offering(firmware_counter, depot, desk)


@pytest.mark.timeout(600)  # six starts of a board, and a dozen commands of the hub
def test_what_the_hub_offers_comes_at_rest_is_tried_and_left_where_it_does_not_serve(
    offering: Offering,
) -> None:
    counter = offering.counter
    counter.scan("TEA")
    counter.wait_for("ok ")
    good = offering.offer(7)
    package = offering.depot.made[-1].read_bytes()
    digest = hashlib.sha256(package).hexdigest()
    part = counter.folder / f"update-{digest[:16]}"
    part.write_bytes(b"!" * 1000)  # what the flash made of what had come
    counter.start()
    eventually(lambda: offering.tried(good)["state"] == "fetching", "the board is told of it")
    assert part.read_bytes() == b"!" * 1000  # an order is open: nothing is fetched
    number = counter.order()
    counter.wait_for(f"answer {number} confirmed")
    eventually(
        lambda: offering.tried(good)["code"] == "software_not_fetched",
        "what had come was gone on with, and proven",
    )
    counter.wait_for("update it is started when no order is open")
    counter.wait_for_end()
    trying = offering.tried(good)["state"]
    counter.start()
    counter.wait_for("link online")
    eventually(lambda: offering.tried(good)["state"] == "taken", "it runs")
    assert (trying, place(counter)) == ("trying", "/a")

    bad = offering.offer(8, main="raise ValueError('no good')")
    counter.start()
    for _ in range(4):  # the one that fetches it, and three on trial
        counter.wait_for_end()
        counter.start()
    counter.wait_for("warning the update failed: back to /a")
    counter.wait_for("link online")
    eventually(lambda: offering.tried(bad)["state"] == "failed", "the hub hears of it")

    assert offering.tried(bad)["code"] == "software_failed_here"
    assert offering.desk.software("show", bad)["stage"] == "stopped"
    again = counter.order("TEA")
    counter.wait_for(f"answer {again} confirmed")
    assert not list(counter.folder.glob("update*"))
