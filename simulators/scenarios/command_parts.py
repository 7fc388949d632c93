"""What the simulators' commands share: their parsers, their folders, how they speak."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from simulators.errors import UnavailableError

OK: Final = 0
BROKEN_PROMISE: Final = 1
UNUSABLE: Final = 2


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    *,
    examples: str,
    purpose: str,
) -> argparse.ArgumentParser:
    """Describe a command, its examples below its options."""
    return commands.add_parser(
        name,
        help=purpose,
        description=purpose,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Let a command that runs a scenario be told how to speak, and where its files are."""
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--data", type=Path, help="folder for all files (a new temporary one)")


def whole_number(text: str, *, most: int) -> int:
    """Read a number from 1 to `most`."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")
    return int(text)


def new_folder() -> Path:
    """Make a temporary folder."""
    return Path(tempfile.mkdtemp(prefix="orderwire-"))


@contextmanager
def kept(folder: Path) -> Iterator[Path]:
    """Keep a folder to one scenario at a time; raises UnavailableError."""
    from broker.embedded import FolderInUseError, hold_folder  # noqa: PLC0415

    with ExitStack() as stack:
        try:
            stack.enter_context(hold_folder(folder, "demo"))
        except FolderInUseError as error:
            raise UnavailableError(
                f"{error}: use that one, stop it, or name another folder with --data"
            ) from error
        except OSError as error:
            reason = f"cannot write to {folder} ({error.strerror})"
            raise UnavailableError(f"{reason}: name another folder with --data") from error
        yield folder


def say(text: str) -> None:
    """Show progress to the person who started the scenario."""
    print(text, file=sys.stderr, flush=True)


def summary(said: dict[str, Any]) -> str:
    """Write the sums for people, a line each."""
    return "\n".join(f"{name.replace('_', ' '):>18}  {value}" for name, value in said.items())
