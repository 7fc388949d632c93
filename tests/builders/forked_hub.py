"""A hub's process as `python -m hub` makes it, forked from one that has imported the hub already.

To import a hub takes two seconds of a processor: that is done once for all hubs of a test process.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Final

from simulators.faults import Child
from simulators.faults.child import Running, die_with_parent

ROOT: Final = Path(__file__).parents[2]
_FORKING: Final = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["hub.__main__"])
_forking_pids: Final[set[int]] = set()
"""The process that forks hubs, once it is there."""


def spent_on_forked_s() -> float:
    """Give the processor seconds of this process's hubs that have ended, and of their import."""
    told = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2] for pid in _forking_pids)
    return sum(sum(map(int, one.split()[11:15])) for one in told) / os.sysconf("SC_CLK_TCK")


class ForkedHub:
    """One process of the hub, as `subprocess.Popen` would know it; its errors go to the `log`."""

    def __init__(
        self, arguments: Sequence[str], log: Path, *, environ: Mapping[str, str] = os.environ
    ) -> None:
        printed, printing = _FORKING.Pipe(duplex=False)
        leads, leading = _FORKING.Pipe(duplex=False)
        outputs = {"log": log, "printing": printing, "leading": leading}
        self._process: BaseProcess = _FORKING.Process(
            target=_run, args=(tuple(arguments), dict(environ)), kwargs=outputs
        )
        self._process.start()
        printing.close()
        leading.close()
        with leads:  # from now on its whole session may be killed
            _forking_pids.add(leads.recv())
        self.stdout: IO[bytes] = os.fdopen(os.dup(printed.fileno()), "rb")
        printed.close()

    @property
    def pid(self) -> int:
        """Give its number."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Give its exit code, None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """End it the way a power cut does."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; raises subprocess.TimeoutExpired after so many seconds."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(f"hub {self.pid}", timeout or 0)
        return status


class ForkedChild(Child):
    """A program of a scenario's hub, `python -m hub ARGUMENT ...`, that is forked, too."""

    def begin(self, log: IO[bytes]) -> Running:
        """Fork it."""
        _, _, module, *arguments = self.command
        assert module == "hub", module
        return ForkedHub(arguments, Path(log.name), environ=self.environ)


def _run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    log: Path,
    printing: Connection,
    leading: Connection,
) -> None:
    """Be the hub; what it says is where it belongs before it is imported, which may fail.

    It leads a session as a program does that is started, and ends with who has forked it.
    """
    os.setsid()
    die_with_parent(os.getppid())()
    with leading:
        leading.send(os.getppid())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    os.dup2(printing.fileno(), 1)
    printing.close()
    with log.open("a") as errors:
        os.dup2(errors.fileno(), 2)

    from hub.__main__ import main  # noqa: PLC0415  # whoever starts one need not know it

    sys.exit(main(arguments))
