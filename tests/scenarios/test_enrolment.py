"""A device out of its box, with a scanner and a printer alone, comes to sell by a slip.

The devices come to one hub, each as another terminal; a hub that ends meanwhile is a test's own.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broker.contract.enrolment import claim_name, hash_password, read_claim
from simulators.devices import SimulatedPrinter, SimulatedScanner
from terminal.core.words import Voice
from tests.builders.updates import TRUSTED
from tests.fixtures.hub_process import HubProcess, running_hub
from tests.fixtures.new_device import NewDevice
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.xdist_group("enrolment")
TEA = "TEA"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[HubProcess]:
    """Run a hub for all devices, which says whose updates of their software they take."""
    folder = tmp_path_factory.mktemp("hub")
    with running_hub(folder, sqlite_template, f'software_keys = "{TRUSTED}"\n') as process:
        yield process


def claim(hub: HubProcess, terminal: str, *more: str) -> str:
    """Have the hub make a slip; gives what stands on it."""
    new = () if terminal == "shop-2" else ("--customer", "C2", "--warehouse", "MAIN")
    done = hub.command("terminal", "claim", terminal, "--hub", hub.ready["http"], *new, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def shown(hub: HubProcess, terminal: str) -> dict[str, object]:
    done = hub.command("terminal", "show", terminal)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def order_tea(device: NewDevice, number: str) -> None:
    """Order at a counter, and wait for the slip that confirms it under this number."""
    device.scanner.scan(TEA)
    device.scanner.scan("OW-SUBMIT")
    device.until_printed("CONFIRMED", "Tea", number)


@pytest.fixture
def other_device(tmp_path: Path) -> Iterator[NewDevice]:
    """Give a second device, with a scanner and a printer of its own."""
    with SimulatedScanner() as scanner, SimulatedPrinter.on_tcp() as printer:
        device = NewDevice(tmp_path / "other", scanner, printer, language="hi")
        yield device
        device.stop()


def test_a_new_device_comes_from_its_slip_to_its_first_confirmed_order(
    hub: HubProcess, new_device: NewDevice
) -> None:
    slip = claim(hub, "shop-9")
    new_device.start()
    new_device.until_asking()

    new_device.scanner.scan(slip)
    said = new_device.until_printed("enrolled as shop-9")
    terminal = new_device.until_ready()
    new_device.until_selling()
    doctor = new_device.run("doctor")
    new_device.scanner.scan(TEA)
    new_device.scanner.scan("OW-SUBMIT")
    confirmed = new_device.until_printed("CONFIRMED", "Tea")

    assert "ENROLMENT" in said
    assert doctor.returncode == 0, doctor.stdout
    assert "ok      catalogue" in doctor.stdout
    assert terminal == "shop-9"
    assert "Second Shop" in confirmed
    assert shown(hub, "shop-9")["claim"] == "used"
    assert new_device.enrolled.stat().st_mode & 0o077 == 0
    assert hub.command("audit").returncode == 0
    assert new_device.run("audit").returncode == 0


def test_the_hub_asks_a_device_how_it_is_and_for_another_password(
    hub: HubProcess, new_device: NewDevice
) -> None:
    who = ("--by", "asha", "--password-stdin")
    word = "quiet-river-stone"
    hub.command("user", "add", "asha", "--role", "admin", "--password-stdin", typed=f"{word}\n")
    slip = claim(hub, "shop-10")
    new_device.start(ORDERWIRE_TERMINAL_HEARTBEAT_S="1")
    new_device.until_asking()
    new_device.scanner.scan(slip)
    new_device.until_selling()
    new_device.scanner.scan(TEA)
    new_device.scanner.scan("OW-SUBMIT")
    new_device.until_printed("CONFIRMED", "Tea")

    asked = hub.command("terminal", "diagnose", "shop-10", *who, typed=f"{word}\n")
    assert asked.returncode == 0, asked.stderr

    def come() -> dict[str, Any]:
        done = hub.command("terminal", "diagnose", "shop-10", "--show", *who, typed=f"{word}\n")
        return json.loads(done.stdout) if done.returncode == 0 else {}

    eventually(lambda: bool(come()), "the device tells of itself", within_s=60, every_s=1)
    told = come()["told"]
    settings, findings = dict(told["settings"]), {one[0]: one[1] for one in told["findings"]}
    secret = tomllib.loads(new_device.enrolled.read_text())["password"]
    assert settings["password"] == "(set)"
    assert secret not in json.dumps(told)
    assert (settings["id"], settings["printer.kind"]) == ("shop-10", "tcp")
    assert (findings["broker"], findings["hub"], findings["printer"]) == ("ok", "ok", "ok")
    assert dict(told["facts"])["line"] == "online"
    assert any("answer stored" in one[2] for one in told["log"])

    rotate = ("terminal", "rotate", "shop-10", *who)
    asked = hub.command(*rotate, typed=f"{word}\n")
    assert asked.returncode == 0, asked.stderr

    def changed() -> bool:
        done = hub.command(*rotate, "--show", typed=f"{word}\n")
        return bool(json.loads(done.stdout)["state"] == "used")

    eventually(changed, "the new password was used", within_s=60, every_s=1)
    order_tea(new_device, "shop-10-00002")
    new_device.stop()
    new_device.lines.clear()
    new_device.start()
    new_device.until_ready()
    order_tea(new_device, "shop-10-00003")
    assert '"hub", "state": "ok"' in new_device.run("doctor", "--json").stdout
    # Its own password of the slip is good no more, at the hub and at the broker.
    new_device.stop()
    new_device.enrolled.with_suffix(".passwords").unlink()
    assert '"hub", "state": "fault"' in new_device.run("doctor", "--json").stdout


def test_a_device_is_told_whose_updates_of_its_own_software_it_takes(
    hub: HubProcess, new_device: NewDevice
) -> None:
    slip = claim(hub, "shop-11")
    new_device.start()
    new_device.until_asking()

    new_device.scanner.scan(slip)
    new_device.until_ready()

    told = tomllib.loads(new_device.enrolled.read_text())
    assert told["software_keys"] == TRUSTED
    assert f"software_keys = {TRUSTED}" in " ".join(new_device.run("config").stdout.split())


def test_slips_that_do_not_work_are_refused_in_words_and_a_good_one_works_after_them(
    hub: HubProcess, new_device: NewDevice, other_device: NewDevice
) -> None:
    slip = claim(hub, "shop-12")
    withdrawn = claim(hub, "shop-2")
    claim(hub, "shop-2")
    foreign = f"OW-ENROL-0000-1111-2222-3333@{hub.ready['http']}"
    for device in (new_device, other_device):
        device.start()
    new_device.until_asking()

    new_device.scanner.scan("OW-ENROL-0000-1111")
    new_device.until_printed("no enrolment slip")
    new_device.scanner.scan(foreign)
    new_device.until_printed("did not make this slip")
    new_device.scanner.scan(foreign)
    eventually(
        lambda: sum("did not make" in slip.text for slip in new_device.printer.slips()) > 1,
        "the same slip, scanned again, is answered again",
    )
    new_device.scanner.scan(withdrawn)
    new_device.until_printed("was withdrawn")
    new_device.scanner.scan(slip)
    new_device.until_printed("enrolled as shop-12")
    other_device.scanner.scan(slip)
    eventually(
        lambda: any("claim_used" in line or "used already" in line for line in other_device.lines),
        "the second device is told that the slip was used",
    )

    assert not other_device.enrolled.exists()
    assert new_device.until_ready() == "shop-12"


def test_a_device_waits_for_a_person_and_both_ends_show_one_number(
    hub: HubProcess, new_device: NewDevice
) -> None:
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(claim(hub, "shop-13", "--approve"))
    said = new_device.until_printed("has to approve this machine")
    waiting = shown(hub, "shop-13")
    number = str(waiting["number"])

    new_device.scanner.scan(TEA)
    new_device.until_printed("no enrolment slip")
    wrong = hub.command("terminal", "approve", "shop-13", "--number", "99999")
    right = hub.command("terminal", "approve", "shop-13", "--number", number)

    assert waiting["claim"] == "waiting"
    assert number in said
    assert wrong.returncode != 0
    assert "No machine with this number waits" in wrong.stderr
    assert right.returncode == 0, right.stderr
    assert new_device.until_ready() == "shop-13"


def test_a_hub_that_is_not_there_is_asked_again_until_it_is(
    hub_process: HubProcess, new_device: NewDevice
) -> None:
    slip = claim(hub_process, "shop-9")
    hub_process.kill()
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(slip)
    new_device.until_printed("does not answer")

    # Its address stays, as a hub's does in a shop.
    hub_process.start(http_port=int(hub_process.ready["http"].rpartition(":")[2]))

    assert new_device.until_ready() == "shop-9"


def test_a_replaced_device_is_shut_out_and_comes_back_by_a_slip_of_its_own(
    hub: HubProcess, new_device: NewDevice, other_device: NewDevice
) -> None:
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(claim(hub, "shop-14"))
    new_device.until_ready()

    other_device.start()
    other_device.until_asking()
    other_device.scanner.scan(claim(hub, "shop-14"))
    other_device.until_ready()
    old = new_device.run("doctor", "--json")
    new_device.scanner.scan(claim(hub, "shop-2"))
    new_device.until_printed("another terminal")
    new_device.scanner.scan(claim(hub, "shop-14"))
    new_device.until_ready(times=3)

    found = {one["what"]: one for one in map(json.loads, old.stdout.splitlines())}
    assert old.returncode == 1
    assert found["hub"]["state"] == "fault"
    assert "does not let shop-14 in" in found["hub"]["told"]
    assert "new enrolment slip" in found["hub"]["fix"]
    assert '"hub", "state": "ok"' in new_device.run("doctor", "--json").stdout
    assert '"hub", "state": "fault"' in other_device.run("doctor", "--json").stdout


def test_a_device_whose_answer_was_lost_asks_again_with_the_password_it_kept(
    hub: HubProcess, new_device: NewDevice
) -> None:
    slip = claim(hub, "shop-15")
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(slip)
    new_device.until_ready()
    new_device.stop()
    # As if the power had gone between the hub's answer and the device's disk.
    password = tomllib.loads(new_device.enrolled.read_text())["password"]
    begun = {
        "claim": claim_name(read_claim(slip).code),
        "password": password,
        "line": hash_password(password),
    }
    new_device.enrolled.with_suffix(".draft").write_text(json.dumps(begun))
    new_device.enrolled.unlink()

    new_device.lines.clear()
    new_device.start()
    new_device.until_asking()
    new_device.scanner.scan(slip)

    assert new_device.until_ready() == "shop-15"
    assert tomllib.loads(new_device.enrolled.read_text())["password"] == password


def test_setup_finds_the_hub_where_it_may_and_prints_a_test_slip_and_what_is_missing(
    hub_process: HubProcess, new_device: NewDevice, other_device: NewDevice
) -> None:
    slip = claim(hub_process, "shop-9")
    code = slip.partition("@")[0]

    lost = new_device.run("setup", "--claim", code)
    hub_process.stop()
    (hub_process.folder / "files" / "hub.toml").write_text('discovery = "yes"\n')
    hub_process.start()
    done = new_device.run("setup", "--claim", code.lower())
    new_device.until_printed("TEST SLIP", "shop-9")
    again = new_device.run("setup")
    late = other_device.run("setup", "--claim", code)

    assert (late.returncode, lost.returncode) == (1, 1)
    assert Voice("hi").text("enrol.claim_used") in late.stdout
    assert "say where the hub is" in lost.stdout
    assert "enrolled as shop-9" in done.stdout
    assert "ok      hub" in done.stdout
    assert "ok      printer" in done.stdout
    assert "WARNING catalogue" in done.stdout
    assert "fix: it comes by itself" in done.stdout
    assert done.returncode == 0
    assert "enrolled as shop-9" in again.stdout
