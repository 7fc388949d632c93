"""A program that is started a second time on the same files: refused, the first one unharmed."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.fixtures.brokers import BrokerProcess
from tests.fixtures.hub_process import Counter, HubProcess
from tests.integration.hub.test_hub_process import order

pytestmark = pytest.mark.needs("mosquitto")
ANY_PORT: Mapping[str, tuple[str, ...]] = {
    "the same ports": (),
    "other ports": ("--http-port", "0", "--broker-port", "0"),
}


def written(folder: Path) -> dict[str, bytes]:
    """Read what a hub that starts would write anew, before it serves."""
    names = ("broker/passwd", "broker/mosquitto.conf", "broker/acl", "hub.lock")
    return {name: (folder / name).read_bytes() for name in names}


@pytest.mark.parametrize("ports", ANY_PORT.values(), ids=ANY_PORT)
def test_a_second_hub_is_refused_in_one_sentence_and_writes_nothing(
    ports: tuple[str, ...], hub_process: HubProcess, counter: Callable[[str], Counter]
) -> None:
    before = written(hub_process.folder / "files")

    second = hub_process.command("run", *ports)

    assert second.returncode == 2
    assert len(second.stderr.splitlines()) == 1
    assert "another hub runs on these files (process" in second.stderr
    assert written(hub_process.folder / "files") == before
    shop = counter("shop-2")
    shop.send(order("shop-2", 1))
    shop.wait_answered(1)


def test_a_hub_that_was_killed_leaves_its_folder_free(hub_process: HubProcess) -> None:
    hub_process.kill()

    hub_process.start()

    assert hub_process.ready["http"]


def test_a_hub_leaves_a_broker_alone_that_runs_on_its_files(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "files", "mosquitto")
    passwords = (tmp_path / "files" / "broker" / "passwd").read_bytes()

    hub = HubProcess(tmp_path).command("run", *ANY_PORT["other ports"])

    broker.stop()
    assert hub.returncode == 2
    assert "another broker runs on these files" in hub.stderr.splitlines()[-1]
    assert (tmp_path / "files" / "broker" / "passwd").read_bytes() == passwords


@pytest.mark.parametrize("option", ["--http-port", "--broker-port"])
def test_a_port_of_the_hub_that_is_taken_names_its_option(
    option: str, hub_process: HubProcess, tmp_path: Path
) -> None:
    taken = {
        "--http-port": hub_process.ready["http"].rpartition(":")[2],
        "--broker-port": str(hub_process.port),
    }
    free = dict.fromkeys(taken, "0")
    chosen = free | {option: taken[option]}
    other = HubProcess(tmp_path / "other")

    ran = other.command("run", *(word for pair in chosen.items() for word in pair))

    assert ran.returncode == 2
    sentence = ran.stderr.splitlines()[-1]
    assert f"{taken[option]}: Address already in use" in sentence
    assert sentence.endswith(f"{option} names another")


@pytest.mark.parametrize("package", ["hub", "simulators"])
def test_a_home_that_cannot_be_written_names_the_option_for_another_folder(package: str) -> None:
    command = {"hub": "run", "simulators": "demo"}[package]

    ran = subprocess.run(
        [sys.executable, "-m", package, command],
        env={"HOME": "/sys"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1
    assert "cannot write to /sys/.local/share/orderwire" in ran.stderr
    assert "--data" in ran.stderr
