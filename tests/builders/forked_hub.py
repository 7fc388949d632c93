"""A hub's process as `python -m hub` makes it, forked from one that has imported the hub already.

To import a hub takes two seconds of a processor: that is done once for all hubs of a test process.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, TextIO

ROOT: Final = Path(__file__).parents[2]
_FORKING: Final = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["hub.__main__"])


class ForkedHub:
    """One process of the hub; `printed` is its standard output, its errors go to the `log`."""

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        printed, printing = _FORKING.Pipe(duplex=False)
        outputs = {"log": log, "printing": printing}
        self._process: BaseProcess = _FORKING.Process(
            target=_run, args=(tuple(arguments), dict(os.environ)), kwargs=outputs
        )
        self._process.start()
        printing.close()
        self.printed: TextIO = os.fdopen(os.dup(printed.fileno()))
        printed.close()

    @property
    def pid(self) -> int:
        """Give its number."""
        assert self._process.pid is not None
        return self._process.pid

    def is_running(self) -> bool:
        """Tell whether it has not ended yet."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it the way a power cut does."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def wait(self, within_s: float) -> int:
        """Wait for its end; gives its exit status."""
        self._process.join(within_s)
        status = self._process.exitcode
        assert status is not None, f"process {self.pid} has not ended in {within_s} s"
        return status


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], *, log: Path, printing: Connection
) -> None:
    """Be the hub; what it says is where it belongs before it is imported, which may fail."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    os.dup2(printing.fileno(), 1)
    printing.close()
    with log.open("a") as errors:
        os.dup2(errors.fileno(), 2)

    from hub.__main__ import main  # noqa: PLC0415  # whoever starts one need not know it

    sys.exit(main(arguments))
