"""`hub jobs`: what was given up is listed and can be tried again."""

import json
from pathlib import Path

import pytest

from hub.base.jobs import enqueue
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.hub_commands import run_hub
from tests.builders.market import NOON, FakeClock
from tests.fixtures.databases import begin_folder


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a hub's folder with a job that was given up: nothing does jobs of its kind."""
    clock = FakeClock()
    hub = build_hub(Settings(folder=begin_folder(tmp_path, sqlite_template)), clock=clock)
    with hub.transactions.open(actor="test", at_ms=NOON) as t:
        enqueue(t, "nobody.does", "order 7", payload={}, due_at_ms=NOON)
        t.commit()
    while hub.jobs.run_due("worker"):
        clock.ms += 2 * 3_600_000
    hub.close()
    return tmp_path


def test_a_job_that_was_given_up_is_listed_with_why(folder: Path) -> None:
    plain, as_json = run_hub(folder, "jobs"), run_hub(folder, "jobs", "--json")

    assert plain.returncode == 1
    assert "nobody.does" in plain.stdout
    assert "order 7" in plain.stdout
    assert "UnhandledJobError: nobody.does" in plain.stdout
    assert json.loads(as_json.stdout)["attempts"] == 8


def test_it_is_tried_again_once_and_what_was_not_given_up_is_not(folder: Path) -> None:
    number = str(json.loads(run_hub(folder, "jobs", "--json").stdout)["id"])

    again = run_hub(folder, "jobs", "--retry", number)
    twice = run_hub(folder, "jobs", "--retry", number)

    assert (again.returncode, again.stdout) == (0, f"job {number} is tried again\n")
    assert (twice.returncode, twice.stderr) == (2, f"no job {number} was given up\n")
    assert run_hub(folder, "jobs").returncode == 0
