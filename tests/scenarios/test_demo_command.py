"""`python -m simulators demo`: alone to its end, and with people until it is stopped."""

import http.client
import json
import os
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulators.faults import Child, python_module
from simulators.scenarios.board import find_tools
from simulators.scenarios.once import NO_BOARD

pytestmark = pytest.mark.needs("mosquitto")


def test_the_demonstration_without_people_keeps_every_promise(tmp_path: Path) -> None:
    done = subprocess.run(
        python_module("simulators", "demo", "--once", "--data", str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    decided = said["confirmed"] + said["changed"] + said["held"] + said["rejected"]
    assert said["submitted"] > 200
    assert decided == said["submitted"]
    assert said["slips_printed"] >= said["submitted"]
    assert min(said["changed"], said["held"], said["rejected"]) > 0
    assert (said["lost"], said["duplicated"], said["audit"]) == (0, 0, "ok")
    assert "the link is cut" in done.stderr
    assert "the hub is killed" in done.stderr
    if find_tools():
        assert "19 terminals and counter-1 and shop-20 are connected" in done.stderr
        assert "the power of shop-20, which runs the firmware, was cut" in done.stderr
    else:
        assert NO_BOARD in done.stderr


def descendants(pid: int) -> Iterator[int]:
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
        yield int(child)
        yield from descendants(int(child))


def status_of(url: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", urlsplit(url).path or "/")
    status = connection.getresponse().status
    connection.close()
    return status


def demo_in(folder: Path) -> list[str]:
    """Give the command of a demonstration on ports that nobody else has."""
    free = ("--http-port", "0", "--bench-port", "0", "--broker-port", "0")
    return python_module("simulators", "demo", "--data", str(folder), *free)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A demonstration that ran with people and was stopped."""

    data: Path
    log: Path
    password: str
    statuses: tuple[int, ...]
    """What its hub and its bench answered."""
    family: tuple[int, ...]
    """Descriptors of the programs it had started."""
    code: int | None

    @property
    def command(self) -> list[str]:
        """The command that runs it again in the same folder."""
        return demo_in(self.data)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Run the demonstration in a new folder until it serves, and stop it."""
    folder = tmp_path_factory.mktemp("demonstration")
    data, log = folder / "data", folder / "demo.log"
    demo = Child("demo", demo_in(data), log=log)
    demo.start(within_s=120)
    family = tuple(os.pidfd_open(pid) for pid in descendants(demo.pid))
    statuses = status_of(demo.ready["hub"]), status_of(demo.ready["bench"])
    password = demo.ready["passwords"]["admin"]
    yield Demonstration(data, log, password, statuses, family, code=demo.stop())
    for member in family:
        os.close(member)


@pytest.mark.xdist_group("demonstration")
def test_the_demonstration_serves_its_pages_and_leaves_no_program_behind(
    demonstration: Demonstration,
) -> None:
    left = [one for one in demonstration.family if not select.select([one], [], [], 10)[0]]

    assert all(status < 400 for status in demonstration.statuses)
    assert demonstration.code == 0
    assert len(demonstration.family) >= 3
    assert left == []


@pytest.mark.xdist_group("demonstration")
def test_a_second_demonstration_finds_the_first_ones_files(demonstration: Demonstration) -> None:
    with Child("demo", demonstration.command, log=demonstration.log) as second:
        again = second.ready["passwords"]["admin"]

    assert again == demonstration.password
    assert demonstration.log.read_text("utf-8").count("preparing") == 1
