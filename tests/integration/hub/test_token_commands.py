"""`hub token`: programs are let in, listed and let in no more."""

from pathlib import Path

import pytest

from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a new hub's folder."""
    return begin_folder(tmp_path, sqlite_template)


def test_a_program_is_let_in_listed_and_let_in_no_more(folder: Path) -> None:
    added = run_hub(folder, "token", "add", "webshop", "--role", "sales")
    listed = run_hub(folder, "token", "list").stdout.split()
    revoked = run_hub(folder, "token", "revoke", "webshop")
    twice = run_hub(folder, "token", "revoke", "webshop")

    assert added.stdout.startswith("ow_")
    assert len(added.stdout) > 40
    assert listed == ["webshop", "in", "use", "sales"]
    assert revoked.returncode == 0
    assert "revoked" in run_hub(folder, "token", "list").stdout
    assert (twice.returncode, twice.stderr) == (
        2,
        "No token of that program is in use. (webshop)\n",
    )


@pytest.mark.parametrize("name", ["", "Web Shop", "a:b", "x" * 33, "läden"])
def test_a_name_that_could_be_mistaken_is_refused(folder: Path, name: str) -> None:
    done = run_hub(folder, "token", "add", name, "--role", "sales")

    assert done.returncode == 2
    assert "A program's name has at most 32 small letters" in done.stderr
    assert run_hub(folder, "token", "list").stdout == ""
