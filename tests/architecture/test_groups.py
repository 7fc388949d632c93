"""Tests that share something which is made once: they have to stay in one process."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_the_processes_of_a_run_know_of_groups(request: pytest.FixtureRequest) -> None:
    in_one = "PYTEST_XDIST_WORKER" not in os.environ

    assert in_one or request.node.nodeid.endswith("@together")
