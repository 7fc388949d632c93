"""The hub's commands, run in this process: starting Python anew costs over two seconds each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final
from zoneinfo import ZoneInfo

from hub.__main__ import main
from hub.run.operating.several_command import run_apart
from simulators.scenarios.clerk import Clerk, Ran

APRIL: Final = 4


def account_year() -> str:
    """Write this financial year as numbers of documents do: on 30 November 2026, 26-27."""
    today = datetime.now(ZoneInfo("Asia/Kolkata")).date()
    begun = today.year - (today.month < APRIL)
    return f"{begun % 100:02}-{(begun + 1) % 100:02}"


def run_hub(folder: Path, *arguments: str, typed: str = "") -> CompletedProcess[str]:
    """Run a command on the hub's files in `folder`, beside a hub that may run there.

    `typed` is its standard input. Gives what a process of its own would have given.
    """
    given = [*arguments, "--data", str(folder)]
    ran = run_apart(main, given, typed)
    return CompletedProcess(given, ran.status, ran.printed, ran.complained)


class NearbyClerk(Clerk):
    """Types the commands of a scenario's hub in this process, whose surroundings they have."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        assert not environ, "commands would not be told of it"

    def type(self, *words: str, typed: str = "") -> Ran:
        """Run a command, which reads `typed`."""
        ran = run_apart(main, words, typed)
        return Ran(ran.status, ran.printed, ran.complained)

    @contextmanager
    def sitting(self) -> Iterator[None]:
        """Have commands run as always: they are all of one process anyway."""
        yield
