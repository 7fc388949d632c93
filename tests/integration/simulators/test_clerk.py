"""Whoever types the hub's commands, where the process that runs them has ended."""

import os

import pytest

from simulators.errors import SiteError
from simulators.scenarios.clerk import Clerk


def test_a_process_of_commands_that_ended_is_said_each_time_and_ends_the_sitting() -> None:
    clerk = Clerk({"PYTHONHOME": "/nowhere"})  # no Python starts there

    with clerk.sitting():
        for _ in range(2):
            with pytest.raises(SiteError, match=r"hub jobs: the process .* ended"):
                clerk.type("jobs")
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)  # a child of ours has ended

    assert clerk.type("jobs").status != 0
