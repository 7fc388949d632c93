"""A PostgreSQL of a run's own: killed as the power does it, started again, nothing else harmed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from simulators.faults.postgresql import OwnPostgresql

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def server() -> Iterator[OwnPostgresql]:
    """Give a running server; the path of its socket has to be short."""
    with tempfile.TemporaryDirectory(prefix="orderwire-pg-") as folder:
        own = OwnPostgresql(Path(folder) / "postgresql")
        Path(folder).chmod(0o755)
        own.start()
        yield own
        own.stop()


def test_what_was_committed_is_there_after_a_kill_and_a_restart(server: OwnPostgresql) -> None:
    with psycopg.connect(server.url) as books:
        books.execute("CREATE TABLE kept AS SELECT 7 AS n")
    killed = server.pid

    server.kill()
    server.restart()

    assert server.pid != killed
    with psycopg.connect(server.url) as books:
        assert books.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_the_number_of_a_killed_server_may_be_another_program_s_by_now(
    server: OwnPostgresql, tmp_path: Path
) -> None:
    server.kill()
    wait = [sys.executable, "-c", "input()"]
    with subprocess.Popen(wait, stdin=subprocess.PIPE, cwd=tmp_path) as stranger:
        _name(server, stranger.pid)

        server.kill()  # nobody's server: whoever has its number is left alone
        server.restart()

        assert stranger.poll() is None
        assert server.pid != stranger.pid
        stranger.communicate(b"\n")
    with psycopg.connect(server.url) as books:
        assert books.execute("SELECT 1").fetchone() == (1,)


def test_a_server_starts_again_though_its_hub_shut_the_folder_around_it(
    server: OwnPostgresql,
) -> None:
    (socket,) = str(psycopg.conninfo.conninfo_to_dict(server.url)["host"]).split(",")
    Path(socket).parents[1].chmod(0o700)  # as a hub does with the folder of its data

    server.kill()
    server.restart()

    with psycopg.connect(server.url) as books:
        assert books.execute("SELECT 1").fetchone() == (1,)


def test_a_child_that_cannot_notice_the_end_of_its_server_ends_with_it(
    server: OwnPostgresql,
) -> None:
    with psycopg.connect(server.url) as books:
        os.kill(books.info.backend_pid, signal.SIGSTOP)

        server.kill()
        server.restart()

    with psycopg.connect(server.url) as books:
        assert books.execute("SELECT 1").fetchone() == (1,)


def _name(server: OwnPostgresql, pid: int) -> None:
    """Write another number wherever the server's stands, as a reused one would."""
    (socket,) = str(psycopg.conninfo.conninfo_to_dict(server.url)["host"]).split(",")
    for file in (Path(socket) / "postmaster.pid", *Path(socket).glob(".s.PGSQL.*.lock")):
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(pid), *lines[1:]]) + "\n")
