"""A damaged database is told in words, and nothing is decided by it."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.base.engine.database import open_database
from hub.base.engine.soundness import DatabaseDamagedError
from tests.builders.hub_commands import run_hub
from tests.fixtures.hub_process import write_distributor

PAGE = 4_096


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a hub once, by its command; gives its folder."""
    folder = tmp_path_factory.mktemp("loaded")
    done = run_hub(folder / "hub", "load", str(write_distributor(folder / "shop")))
    assert done.returncode == 0, done.stderr
    return folder / "hub"


@pytest.fixture
def database(loaded: Path, tmp_path: Path) -> Path:
    """Give the file of a loaded hub's database, in a folder of the test's own."""
    return Path(shutil.copytree(loaded, tmp_path / "hub")) / "hub.db"


def flip(path: Path, start: int, count: int = 40) -> None:
    """Change bytes of a file in their place."""
    content = bytearray(path.read_bytes())
    for at in range(start, start + count):
        content[at] ^= 0xFF
    path.write_bytes(content)


def flip_a_page(path: Path) -> None:
    """Change the head of a page in the middle of the file."""
    flip(path, path.stat().st_size // PAGE // 2 * PAGE)


def cut(path: Path) -> None:
    """Cut off the second half of the file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the head changed": lambda path: flip(path, 0),
    "a page changed": flip_a_page,
    "cut in the middle": cut,
    "cut within a page": lambda path: path.write_bytes(path.read_bytes()[: 3 * PAGE + 100]),
    "emptied": lambda path: path.write_bytes(b""),
    "another file": lambda path: path.write_bytes(b"sku,name\n" * 1_000),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", [("orders",), ("audit",), ("run", "--http-port", "0")])
def test_every_command_says_what_is_wrong_and_what_to_do(
    database: Path, damage: str, command: tuple[str, ...]
) -> None:
    DAMAGES[damage](database)
    damaged = database.read_bytes()

    done = run_hub(database.parent, *command)

    assert done.returncode == 2
    assert "hub.db is damaged: " in done.stderr
    assert "backup" in done.stderr
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == damaged


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """Give a copy of a database whose last ten commits are in its log alone, as at a power cut."""
    database, copy = tmp_path / "one.db", tmp_path / "copy.db"
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE kept (text TEXT)")
    for number in range(10):
        connection.execute("INSERT INTO kept VALUES (?)", (f"{number}" * 500,))
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", f"{copy}{suffix}")
    connection.close()
    return copy


def log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


@pytest.mark.parametrize("where", ["head", "first frame", "salts", "middle"])
def test_a_log_that_is_broken_before_later_commits_is_not_cut_in_silence(
    logged: Path, where: str
) -> None:
    log = log_of(logged)
    frame = 24 + PAGE
    starts = {"head": 8, "first frame": 32 + 60, "salts": 32 + 8, "middle": 32 + 4 * frame + 500}
    flip(log, starts[where], 6)

    with pytest.raises(DatabaseDamagedError, match="commits behind the break cannot be read"):
        open_database(f"sqlite:///{logged}", alone=True)


@pytest.mark.parametrize("cut_bytes", [0, 1, 24 + PAGE, 24 + PAGE + 100])
def test_a_log_whose_end_the_power_cut_took_is_read_as_far_as_it_goes(
    logged: Path, cut_bytes: int
) -> None:
    log = log_of(logged)
    log.write_bytes(log.read_bytes()[: log.stat().st_size - cut_bytes])

    database = open_database(f"sqlite:///{logged}", alone=True)

    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM kept").scalar_one()
    database.close()
    assert rows == 10 - -(-cut_bytes // (24 + PAGE))


def test_what_an_earlier_life_of_the_log_left_behind_is_no_damage(tmp_path: Path) -> None:
    database, copy = tmp_path / "one.db", tmp_path / "copy.db"
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE kept (text TEXT)")
    for number in range(10):
        connection.execute("INSERT INTO kept VALUES (?)", (f"{number}" * 500,))
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO kept VALUES ('the newest')")
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", f"{copy}{suffix}")
    connection.close()

    opened = open_database(f"sqlite:///{copy}", alone=True)

    with opened.read() as reading:
        rows = reading.exec_driver_sql("SELECT count(*) FROM kept").scalar_one()
    opened.close()
    assert rows == 11


def test_the_audit_tells_of_a_row_that_points_to_nothing(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("UPDATE terminal SET customer_id = 999 WHERE id = 'shop-1'")
    connection.commit()
    connection.close()

    done = run_hub(database.parent, "audit")

    assert done.returncode == 1
    assert "BROKEN  stored_whole" in done.stdout
    assert "points to a row of party that is not there" in done.stdout
