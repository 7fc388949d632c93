"""`hub webhook`: another program is told of what happens, and why it did not take a message."""

from pathlib import Path

import pytest

from hub.base.words import PageWords
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder

PASSWORD = "correct horse\n"
BY = ("--by", "meena", "--password-stdin")


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a hub's folder with somebody who may add endpoints."""
    begin_folder(tmp_path, sqlite_template)
    added = ("user", "add", "meena", "--role", "owner", "--password-stdin")
    assert run_hub(tmp_path, *added, typed=PASSWORD).returncode == 0
    return tmp_path


@pytest.mark.parametrize(
    ("address", "why"),
    [("http://erp.example.com/in", "plain"), ("https://127.0.0.1:9/in", "inside")],
)
def test_why_a_message_was_not_taken_is_told_in_words(folder: Path, address: str, why: str) -> None:
    kinds = ("--kinds", "order.placed")
    added = run_hub(folder, "webhook", "add", "ERP", address, *kinds, *BY, typed=PASSWORD)
    tested = run_hub(folder, "webhook", "test", "1", *BY, typed=PASSWORD)
    hub = build_hub(Settings(folder=folder))
    hub.jobs.run_due("worker")
    hub.close()

    shown = run_hub(folder, "webhook", "show", "1")

    assert (added.returncode, tested.returncode, shown.returncode) == (0, 0, 0)
    assert "secret, told this once: whsec_" in added.stdout
    assert PageWords("en").named("webhook_why", why) in shown.stdout
    assert "whsec_" not in shown.stdout


def test_an_endpoint_is_changed_by_a_command_in_what_is_named(folder: Path) -> None:
    address = "https://erp.example.com/in"
    first = ("webhook", "add", "ERP", address, "--kinds", "order.placed")
    run_hub(folder, *first, *BY, typed=PASSWORD)

    kinds = ("--kinds", "order.placed,stock.low")
    changed = run_hub(folder, "webhook", "change", "1", *kinds, *BY, typed=PASSWORD)
    wrong = run_hub(folder, "webhook", "change", "1", "--kinds", "tea", *BY, typed=PASSWORD)

    assert (changed.returncode, wrong.returncode) == (0, 2)
    listed = run_hub(folder, "webhook", "list").stdout
    assert f"ERP  {address}  order.placed,stock.low" in listed
