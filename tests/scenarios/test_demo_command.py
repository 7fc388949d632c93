"""`python -m simulators demo`: alone to its end, and with people until it is stopped."""

import json
import select
import subprocess
from pathlib import Path

import pytest

from simulators.faults import Child, python_module
from simulators.scenarios.board import find_tools
from simulators.scenarios.once import NO_BOARD
from tests.fixtures.demonstrations import Demonstration

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
