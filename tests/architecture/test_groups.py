"""Tests that share something which is made once: they have to stay in one process."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_the_processes_of_a_run_know_of_groups(request: pytest.FixtureRequest) -> None:
    in_one = "PYTEST_XDIST_WORKER" not in os.environ

    assert in_one or request.node.nodeid.endswith("@together")


@pytest.fixture(scope="module")
def made_for_the_module() -> str:
    """Give what the tests of this module share."""
    return "once"


def test_tests_that_share_a_fixture_of_their_module_are_a_group(
    made_for_the_module: str, request: pytest.FixtureRequest
) -> None:
    in_one = "PYTEST_XDIST_WORKER" not in os.environ

    assert made_for_the_module == "once"
    assert in_one or request.node.nodeid.endswith("@tests/architecture/test_groups.py")
