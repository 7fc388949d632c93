"""`python -m simulators demo`: alone to its end, and with people until it is stopped."""

import http.client
import json
import os
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulators.faults import Child, python_module

pytestmark = pytest.mark.needs("mosquitto")
FREE_PORTS = ("--http-port", "0", "--bench-port", "0", "--broker-port", "0")


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


def test_the_demonstration_serves_its_pages_and_leaves_no_program_behind(tmp_path: Path) -> None:
    command = python_module("simulators", "demo", "--data", str(tmp_path / "data"), *FREE_PORTS)
    demo = Child("demo", command, log=tmp_path / "demo.log")
    demo.start(within_s=120)
    family = [os.pidfd_open(pid) for pid in descendants(demo.pid)]

    statuses = [status_of(demo.ready["hub"]), status_of(demo.ready["bench"])]
    code = demo.stop()

    assert all(status < 400 for status in statuses)
    assert code == 0
    assert len(family) >= 3
    for member in family:
        assert select.select([member], [], [], 10)[0]
        os.close(member)


def test_a_second_demonstration_finds_the_first_ones_files(tmp_path: Path) -> None:
    command = python_module("simulators", "demo", "--data", str(tmp_path / "data"), *FREE_PORTS)
    with Child("demo", command, log=tmp_path / "demo.log") as first:
        password = first.ready["password"]

    with Child("demo", command, log=tmp_path / "demo.log") as second:
        again = second.ready["password"]

    assert again == password
    assert (tmp_path / "demo.log").read_text("utf-8").count("preparing") == 1
