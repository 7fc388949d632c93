"""`hub schedule`: a person has reports sent by mail without a page."""

import json
from pathlib import Path

import pytest

from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder

PASSWORD = "correct horse\n"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a hub's folder with a manager, and a warehouse hand who reads no payments."""
    begin_folder(tmp_path, sqlite_template)
    for name, role in (("asha", "manager"), ("wari", "warehouse")):
        added = ("user", "add", name, "--role", role, "--password-stdin")
        assert run_hub(tmp_path, *added, typed=PASSWORD).returncode == 0
    return tmp_path


def by(name: str) -> tuple[str, ...]:
    return ("--by", name, "--password-stdin")


def test_a_report_is_scheduled_changed_listed_and_ended(folder: Path) -> None:
    first = ("schedule", "add", "sales", "period=last_week&group_by=day", "--name", "The week")
    added = run_hub(folder, *first, "--every", "week", *by("asha"), typed=PASSWORD)
    change = ("schedule", "change", "1", "--name", "Mondays", "--hour", "6", "--file", "pdf")
    other = run_hub(folder, *change, *by("wari"), typed=PASSWORD)
    changed = run_hub(folder, *change, *by("asha"), typed=PASSWORD)
    told = run_hub(folder, "schedule", "list", *by("asha"), typed=PASSWORD).stdout
    listed = run_hub(folder, "schedule", "list", "--json", *by("asha"), typed=PASSWORD).stdout
    ended = run_hub(folder, "schedule", "end", "1", *by("asha"), typed=PASSWORD)
    left = run_hub(folder, "schedule", "list", *by("asha"), typed=PASSWORD).stdout

    assert (added.returncode, other.returncode, changed.returncode) == (0, 2, 0)
    assert "Mondays  sales?period=last_week&group_by=day" in told
    (one,) = json.loads(listed[listed.index("[") :])
    assert (one["owner"], one["file"], one["hour"]) == ("asha", "pdf", 6)
    assert ended.returncode == 0
    assert "Mondays" not in left


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("payments", "--name", "Money"), "may not read the report payments"),
        (("stock_summary", "group_by=customer", "--name", "Stock"), "not grouped by 'customer'"),
        (("stock_summary", "--name", "Stock", "--hour", "24"), "an hour from 0 to 23"),
        (("stock_summary", "--name", "  "), "has a name"),
    ],
)
def test_what_cannot_be_sent_is_refused(folder: Path, said: tuple[str, ...], why: str) -> None:
    done = run_hub(folder, "schedule", "add", *said, *by("wari"), typed=PASSWORD)

    assert done.returncode == 2
    assert why in done.stderr
