"""Files of many invoices on the command line: asked for, followed, and saved as one."""

import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.integration.hub.test_order_commands import (  # noqa: F401 -- a fixture
    Command,
    by,
    command,
)


def two_invoices(run: Command) -> tuple[str, ...]:
    """Make two invoices; gives the arguments that name who made them."""
    run("user", "add", "asha", "--role", "admin", "--password-stdin")
    boss = by("asha")
    for place in (1, 2):
        run("order", "place", "C2", "--line", "12*SOAP", *boss)
        run("invoice", "make", f"S-{place:06}", *boss)
    return boss


def test_files_of_many_invoices_are_asked_for_and_saved_by_commands(
    command: Command,  # noqa: F811 -- the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    boss = two_invoices(command)
    target = tmp_path / "all.zip"
    capsys.readouterr()

    def said(*arguments: str, status: int = 0) -> str:
        assert command(*arguments) == status
        captured = capsys.readouterr()
        return captured.out.strip() + captured.err.strip()

    asked = said("print-run", "ask", *boss)
    listed = said("print-run", "list", *boss)
    early = said("print-run", "save", "1", str(target), *boss, status=2)
    with closing(build_hub(Settings(folder=tmp_path / "files"))) as hub:
        hub.jobs.run_due("worker")
    ready = said("print-run", "list", *boss)
    said("print-run", "save", "1", str(target), *boss)
    none = said("print-run", "ask", "--to", "2020-01-01", *boss, status=2)
    absent = said("print-run", "ask", "INV-9", *boss, status=2)
    kept = target.read_bytes()
    nowhere = said("print-run", "save", "1", str(tmp_path / "no" / "all.zip"), *boss, status=2)
    with (
        closing(build_hub(Settings(folder=tmp_path / "files"))) as hub,
        hub.ground.database.write() as connection,
    ):
        connection.execute(text("UPDATE paper_file SET digest = 'of other bytes'"))
        connection.commit()
    damaged = said("print-run", "save", "1", str(target), *boss, status=2)

    assert asked == "run 1: 2 documents are drawn by the hub that runs"
    assert listed == "run 1: drawing, 0 of 2 documents"
    assert "not ready" in early
    assert ready == "run 1: ready, 2 of 2 documents"
    with zipfile.ZipFile(target) as packed:
        assert [one.startswith("INV") for one in packed.namelist()] == [True, True]
        assert all(packed.read(one).startswith(b"%PDF") for one in packed.namelist())
    assert "No invoice was chosen" in none
    assert absent == "there is no invoice INV-9"
    assert "all.zip cannot be written: No such file" in nowhere
    assert "is damaged" in damaged
    assert target.read_bytes() == kept
    assert list(tmp_path.glob("*.part")) == []


def test_files_of_invoices_are_written_into_a_folder_each_under_a_name_of_its_own(
    command: Command,  # noqa: F811 -- the fixture
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    boss = two_invoices(command)
    with (
        closing(build_hub(Settings(folder=tmp_path / "files"))) as hub,
        hub.ground.database.write() as connection,
    ):
        # Invoices of two years may have one number, where the prefix does not name the year.
        connection.execute(text("UPDATE invoice SET number = 'INV1', financial_year = 2000 + id"))
        connection.commit()
    target, taken = tmp_path / "papers", tmp_path / "taken"
    taken.touch()

    done = command("invoice", "papers", str(target), *boss)
    capsys.readouterr()
    refused = command("invoice", "papers", str(taken), *boss)

    assert done == 0
    names = sorted(one.name for one in target.iterdir())
    assert names == [f"{names[1].removesuffix('.pdf')}-2.pdf", names[1]]
    assert (refused, "taken: " in capsys.readouterr().err) == (2, True)
