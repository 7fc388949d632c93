"""The terminal's commands, run in this process: starting Python anew costs a third of a second."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess

from terminal.__main__ import main


def run_terminal(*arguments: str) -> CompletedProcess[str]:
    """Run a command that ends by itself. Gives what a process of its own would have given."""
    printed, complained = io.StringIO(), io.StringIO()
    status = 0
    with redirect_stdout(printed), redirect_stderr(complained):
        try:
            main(arguments)
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return CompletedProcess(arguments, status, printed.getvalue(), complained.getvalue())
