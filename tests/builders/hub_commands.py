"""The hub's commands, run in this process: starting Python anew costs over two seconds each."""

from pathlib import Path
from subprocess import CompletedProcess

from hub.__main__ import main
from hub.run.operating.several_command import run_apart


def run_hub(folder: Path, *arguments: str, typed: str = "") -> CompletedProcess[str]:
    """Run a command on the hub's files in `folder`, beside a hub that may run there.

    `typed` is its standard input. Gives what a process of its own would have given.
    """
    given = [*arguments, "--data", str(folder)]
    ran = run_apart(main, given, typed)
    return CompletedProcess(given, ran.status, ran.printed, ran.complained)
