"""`hub token`: programs are let in by a user, listed and let in no more."""

from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.builders.hub_commands import run_hub
from tests.fixtures.databases import begin_folder


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a new hub's folder, with an owner and one who sells."""
    folder = begin_folder(tmp_path, sqlite_template)
    for name, role in (("vikram", "owner"), ("sunil", "sales")):
        add = ("user", "add", name, "--role", role, "--password-stdin")
        assert run_hub(folder, *add, typed="a long password\n").returncode == 0
    return folder


def let_in(folder: Path, name: str, *, by: str, role: str = "sales") -> CompletedProcess[str]:
    """Have a user who shows the password let a program in."""
    add = ("token", "add", name, "--role", role, "--by", by, "--password-stdin")
    return run_hub(folder, *add, typed="a long password\n")


def test_a_program_is_let_in_listed_and_let_in_no_more(folder: Path) -> None:
    added = let_in(folder, "webshop", by="vikram")
    listed = run_hub(folder, "token", "list").stdout.split()
    revoked = run_hub(folder, "token", "revoke", "webshop")
    twice = run_hub(folder, "token", "revoke", "webshop")

    assert added.stdout.startswith("ow_")
    assert len(added.stdout) > 40
    assert listed == ["webshop", "in", "use", "vikram", "sales"]
    assert revoked.returncode == 0
    assert "revoked" in run_hub(folder, "token", "list").stdout
    assert (twice.returncode, twice.stderr) == (
        2,
        "No token of that program is in use. (webshop)\n",
    )


def test_a_program_is_let_in_by_nobody_but_a_user_who_may(folder: Path) -> None:
    add = partial(run_hub, folder, "token", "add", "webshop", "--role", "sales")

    nobody = add()
    stranger = add("--by", "vikram", "--password-stdin", typed="guessed\n")
    seller = let_in(folder, "webshop", by="sunil")

    assert nobody.stderr == "say who you are with --by USER; a password is asked\n"
    assert stranger.stderr == "the name or the password is wrong\n"
    assert seller.stderr == "sunil is sales, who may not do this (tokens.change)\n"
    assert run_hub(folder, "token", "list").stdout == ""


@pytest.mark.parametrize("name", ["", "Web Shop", "a:b", "x" * 33, "läden"])
def test_a_name_that_could_be_mistaken_is_refused(folder: Path, name: str) -> None:
    done = let_in(folder, name, by="vikram")

    assert done.returncode == 2
    assert "A program's name has at most 32 small letters" in done.stderr
    assert run_hub(folder, "token", "list").stdout == ""
