"""Backups and books whose tables are of later software than this one: said, and nothing changes."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.hub_commands import run_hub
from tests.builders.market import open_market
from tests.fixtures.databases import begin_folder


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give the folder of a hub with one order that does not run."""
    folder = begin_folder(tmp_path / "hub", sqlite_template)
    with open_market(f"sqlite:///{folder / 'hub.db'}", folder) as market:
        market.place(("TEA", 2), terminal="shop-1")
    return folder


def backed_up(folder: Path, name: str) -> Path:
    """Take a backup of what is there."""
    file = folder.parent / name
    done = run_hub(folder, "backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def make_later(folder: Path) -> None:
    """Have the books be those of later software."""
    with closing(sqlite3.connect(folder / "hub.db")) as books, books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")


def version_in(folder: Path) -> str:
    """Read of which software the books are."""
    with closing(sqlite3.connect(folder / "hub.db")) as books:
        return str(books.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_backup_of_later_software_is_refused_in_words_and_the_books_stay(folder: Path) -> None:
    before = version_in(folder)
    make_later(folder)
    later = backed_up(folder, "later.tar")
    with closing(sqlite3.connect(folder / "hub.db")) as books, books:
        books.execute("UPDATE alembic_version SET version_num = ?", (before,))

    done = run_hub(folder, "restore", str(later), "--yes")

    assert done.returncode == 2
    assert "9999" in done.stderr
    assert "Traceback" not in done.stderr
    assert version_in(folder) == before
    assert len(run_hub(folder, "orders", "--json").stdout.splitlines()) == 1
    assert [one.name for one in folder.glob("*restor*")] == []


def test_books_of_later_software_are_set_aside_whole_where_a_backup_takes_their_place(
    folder: Path,
) -> None:
    before = version_in(folder)
    backup = backed_up(folder, "backup.tar")
    make_later(folder)

    done = run_hub(folder, "restore", str(backup), "--yes", "--json")

    assert done.returncode == 0, done.stderr
    assert version_in(folder) == before
    assert version_in(Path(json.loads(done.stdout)["set_aside"])) == "9999"
