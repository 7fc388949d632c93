"""The hub's commands, run in this process: starting Python anew costs over two seconds each."""

from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final
from zoneinfo import ZoneInfo

from hub.__main__ import main
from hub.run.operating.several_command import run_apart

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
