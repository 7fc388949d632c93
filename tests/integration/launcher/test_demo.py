"""`./orderwire demo`: what it says first, and what it says where it cannot be."""

import contextlib
import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulators.faults import python_module
from tests.fixtures.demonstrations import Demonstration

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.xdist_group("demonstration")]
DEADLINE_S = 120.0
FREE_PORTS = ("--http-port", "0", "--bench-port", "0", "--broker-port", "0")


@dataclass(frozen=True)
class RunningDemo:
    """A demonstration, and the lines of its standard output up to the one for programs."""

    data: Path
    lines: list[str]


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Start a demonstration that is to end by itself."""
    return subprocess.run(
        python_module("simulators", "demo", *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )


@pytest.fixture(scope="module")
def running(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDemo]:
    """Start a demonstration that was prepared before, and wait until it serves."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demonstration.data, folder / "files")
    command = python_module("simulators", "demo", "--data", str(folder / "files"), *FREE_PORTS)
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as child,
    ):
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("ready "):
                break
        yield RunningDemo(folder / "files", lines)
        child.terminate()


def status_of(url: str) -> int:
    with contextlib.closing(
        http.client.HTTPConnection(urlsplit(url).netloc, timeout=DEADLINE_S)
    ) as connection:
        connection.request("GET", urlsplit(url).path or "/")
        return connection.getresponse().status


def hub_of(running: RunningDemo) -> str:
    """Find the hub's address in what was said to people."""
    then = next(line for line in running.lines if line.startswith("Then:"))
    return then.split()[-1]


def test_the_first_line_is_the_address_to_open_first(running: RunningDemo) -> None:
    words = running.lines[0].split()

    assert running.lines[0].startswith("Open first:  http://127.0.0.1:")
    assert status_of(words[-1]) == 200


def test_people_are_told_how_to_sign_in_and_what_to_do_before_programs_are_told(
    running: RunningDemo,
) -> None:
    kept = (running.data / "sign-ins.txt").read_text().splitlines()
    passwords = dict(map(str.split, kept))
    *said, ready = running.lines

    assert f"sign in as admin / {passwords['admin']}" in "\n".join(said)
    for name in ("asha", "meera", "vikram"):
        assert f"{name} / {passwords[name]}: " in "\n".join(said)
    assert "press SUBMIT" in "\n".join(said)
    assert ready.startswith("ready {")
    assert not any("{" in line for line in said)


@pytest.mark.parametrize(
    "again", [("--bench-port", "0"), ("--once",)], ids=["to click", "without people"]
)
def test_a_second_one_on_the_same_files_is_refused_and_the_first_goes_on(
    again: tuple[str, ...], running: RunningDemo
) -> None:
    passwords = (running.data / "broker" / "passwd").read_bytes()

    second = demo(*again, "--data", str(running.data))

    assert second.returncode == 2
    assert "another demo runs on these files" in second.stderr.splitlines()[-1]
    assert len(second.stderr.splitlines()) == 1
    assert (running.data / "broker" / "passwd").read_bytes() == passwords
    assert status_of(f"{hub_of(running)}/health") == 200


@pytest.mark.parametrize("name", ["http", "bench", "broker"])
def test_a_port_that_was_asked_for_and_is_taken_is_refused(name: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ran = demo("--data", str(tmp_path), *FREE_PORTS, f"--{name}-port", port)

    assert ran.returncode == 2
    assert f"port {port} is taken: name another with --{name}-port" in ran.stderr
    assert not (tmp_path / "hub.db").exists()
