"""The terminal's benchmark reads the memory of children that may have ended a moment ago."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.benchmarks.terminal import children_of, rss_mib


@pytest.fixture
def ended() -> Iterator[int]:
    """Give a process that has ended, and that nobody has asked about yet."""
    with subprocess.Popen(["true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        yield child.pid


def test_one_that_has_just_ended_holds_nothing(ended: int) -> None:
    assert (rss_mib(ended), children_of(ended)) == (0.0, [])


def test_one_that_is_gone_holds_nothing() -> None:
    with subprocess.Popen(["true"]) as child:
        child.wait()

    assert (rss_mib(child.pid), children_of(child.pid)) == (0.0, [])


def test_one_that_runs_is_measured() -> None:
    assert rss_mib(os.getpid()) > 1
