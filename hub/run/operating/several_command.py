"""`several`: command after command in one process, each of which costs a start of a second else.

A line of standard input is a command as JSON, a list of words or
`{"words": [...], "typed": "..."}`, where `typed` is what the command reads itself. It is answered
by a line of JSON as soon as it has ended.
"""

import argparse
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

from hub.base.commands import add_folder, example

Command = Callable[[Sequence[str]], int]
"""Runs a command of the hub by its words, and gives its exit status."""
_ALONE: Final = frozenset({"run", "several"})
"""What does not end, or reads the commands itself."""
_NOT_READ: Final = 2
_FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to: its exit status, and what it wrote to both its outputs."""

    status: int
    printed: str
    complained: str


def add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, command: Command
) -> None:
    """Describe the command; `command` runs one of the others."""
    parser = commands.add_parser(
        "several",
        help="run the commands that standard input names, one a line, in one process",
        description="Each line is a command as JSON: a list of its words, or an object of `words` "
        "and of `typed`, which the command reads as its standard input. The answer to each is one "
        "line of JSON: its exit status, what it printed, what it complained of. All of them are "
        "run, whatever became of the others. Exit status 1: at least one did not end well.",
        epilog=example("several --data ./hub-files < commands.jsonl"),
    )
    add_folder(parser)
    parser.set_defaults(run=partial(_run, command=command))


def _run(arguments: argparse.Namespace, *, command: Command) -> int:
    """Run what is named, line by line."""
    folder = ("--data", arguments.data) if arguments.data else ()
    failed = False
    for line in sys.stdin:
        if line.strip():
            ran = _run_line(line, folder, command)
            failed = failed or ran.status != 0
            print(json.dumps(asdict(ran), ensure_ascii=False), flush=True)
    return int(failed)


def _run_line(line: str, folder: Sequence[str], command: Command) -> Ran:
    try:
        asked = json.loads(line)
        words, typed = (asked, "") if isinstance(asked, list) else (asked["words"], asked["typed"])
        given = [str(word) for word in words]
        name, typed = given[0], str(typed)
    except (ValueError, LookupError, TypeError):
        return Ran(_NOT_READ, "", f"no command as JSON: {line.strip()[:200]}\n")
    if name in _ALONE:
        return Ran(_NOT_READ, "", f"{name} is started by itself\n")
    own = () if "--data" in given else folder
    return run_apart(command, [*given, *own], typed)


def run_apart(command: Command, words: Sequence[str], typed: str) -> Ran:
    """Run a command with an input and outputs of its own, as a process of its own would."""
    printed, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(complained), _typing(typed):
        try:
            status = command(words)
        except SystemExit as end:  # of help, and of words that are no command
            status = end.code if isinstance(end.code, int) else _NOT_READ
        except Exception:  # noqa: BLE001 -- a process of its own would have ended so, too
            traceback.print_exc()
            status = _FAILED
    return Ran(status, printed.getvalue(), complained.getvalue())


@contextmanager
def _typing(text: str) -> Iterator[None]:
    """Let standard input be this text."""
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
