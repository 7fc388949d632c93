"""The hub's commands, run in this process: starting Python anew costs over two seconds each."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

from hub.__main__ import main


def run_hub(folder: Path, *arguments: str, typed: str = "") -> CompletedProcess[str]:
    """Run a command on the hub's files in `folder`, beside a hub that may run there.

    `typed` is its standard input. Gives what a process of its own would have given.
    """
    given = [*arguments, "--data", str(folder)]
    printed, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(complained), _typing(typed):
        status = main(given)
    return CompletedProcess(given, status, printed.getvalue(), complained.getvalue())


@contextmanager
def _typing(text: str) -> Iterator[None]:
    """Let standard input be this text."""
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
