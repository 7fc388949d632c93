"""Starts a terminal from the slot that is due; watches over software that is on trial.

This file is of the Debian package and no slot ever replaces it: it starts whatever is there. It
needs the standard library alone.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from terminal.slots import Choice, Slots

TRIAL_S: Final = 40.0
"""So long software on trial may take until it serves; with a start of the old one that is 60 s."""
_LOOK_S: Final = 0.1
_END_S: Final = 5.0
_RUN: Final = "from terminal.__main__ import main; main()"
_PROGRAM: Final = "import sys; sys.argv[0] = 'orderwire-terminal'; " + _RUN
_RUNNING: Final = "ORDERWIRE_TERMINAL_SLOT"
_SLOTS: Final = "ORDERWIRE_TERMINAL_SLOTS"
_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Start what is due; other commands than `run` are the package's own."""
    arguments = sys.argv[1:]
    folder = slots_folder(arguments) if arguments[:1] == ["run"] else None
    if folder is None:
        from terminal.__main__ import main as packaged  # noqa: PLC0415

        packaged()
        return
    slots = Slots(folder)
    choice = slots.choose()
    if choice.is_trial:
        code = _tried(slots, choice, arguments, within_s=_trial_s(arguments))
        if code is not None:
            sys.exit(code)
        choice = slots.choose()
    command, environment = _command(choice, arguments)
    os.execve(command[0], command, environment)  # noqa: S606  # our own interpreter


def slots_folder(arguments: Sequence[str]) -> Path | None:
    """Find the folder of the slots in the settings; None where there is none."""
    if _SLOTS in os.environ:
        return Path(os.environ[_SLOTS])
    named = _settings(arguments).get("slots", "")
    return Path(named) if isinstance(named, str) and named else None


def _trial_s(arguments: Sequence[str]) -> float:
    """Read how long software on trial may take until it serves."""
    named = _settings(arguments).get("trial_s", TRIAL_S)
    return float(named) if isinstance(named, int | float) else TRIAL_S


def _settings(arguments: Sequence[str]) -> Mapping[str, object]:
    """Read the file of settings; of one that cannot be read the terminal says what is wrong."""
    for at, argument in enumerate(arguments):
        path = arguments[at + 1 : at + 2] if argument == "--config" else ()
        written = [argument.partition("=")[2]] if argument.startswith("--config=") else path
        for one in written:
            with contextlib.suppress(OSError, ValueError):
                return tomllib.loads(Path(one).read_text(encoding="utf-8"))
    return {}


def _command(choice: Choice, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Give the command of a slot: its own folder is the first that modules are looked for in."""
    environment = {**os.environ, _RUNNING: choice.name}
    if choice.folder is not None:
        environment["PYTHONPATH"] = str(choice.folder)
    return [sys.executable, "-P", "-s", "-c", _PROGRAM, *arguments], environment


def _tried(
    slots: Slots, choice: Choice, arguments: Sequence[str], *, within_s: float
) -> int | None:
    """Run software on trial; its exit code once it served, None where it failed and is gone."""
    command, environment = _command(choice, arguments)
    tie = _die_with_parent(os.getpid())
    child = subprocess.Popen(command, env=environment, preexec_fn=tie)  # noqa: PLW1509  # one thread
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    end = time.monotonic() + within_s
    while child.poll() is None and time.monotonic() < end and not stopped:
        if slots.has_served(choice.name):
            return child.wait()
        time.sleep(_LOOK_S)
    if stopped:
        return child.wait()  # nobody's fault: it is tried with the next start
    why = f"it did not serve within {within_s:.0f} s"
    if child.returncode is not None:
        why = f"it ended with {child.returncode} before it served"
    _end(child)
    if slots.has_served(choice.name):  # and ended in the same moment
        return child.returncode
    slots.fail(choice.name, why)
    print(f"software on trial: {why}; back to the one before", file=sys.stderr, flush=True)
    return None


def _die_with_parent(parent: int) -> Callable[[], None]:
    """Make the call by which software on trial ends with its launcher, were that killed.

    Else it would sell on unwatched, beside the program that the next launcher starts.
    """
    libc = ctypes.CDLL(None)

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it was killed before the tie was made
            os._exit(1)

    return tie


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()
