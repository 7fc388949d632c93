"""Command line: check, test, pack and try folders of rule files, without a hub."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from rules.commands import compiling, orders, packs, returns, starting, writing
from rules.commands.naming import name_program
from rules.commands.running import OK, StopError

_COMMANDS: Final = {
    **starting.COMMANDS,
    **packs.COMMANDS,
    **writing.COMMANDS,
    **orders.COMMANDS,
    **returns.COMMANDS,
    **compiling.COMMANDS,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 faults or failing cases, 2 a wrong call."""
    chosen = parser().parse_args(arguments)
    try:
        code = _COMMANDS[chosen.command].run(chosen)
        sys.stdout.flush()
    except StopError as error:
        print(error, file=sys.stderr)
        return error.code
    except BrokenPipeError:
        # The reader has seen enough (`| head`): what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    whole = argparse.ArgumentParser(
        prog=name_program("rules"),
        description="Check, test, pack and try rules, without a hub.",
        epilog="example: %(prog)s test rules/packs/fmcg",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text, example, takes) in _COMMANDS.items():
        command = commands.add_parser(
            name, help=text, description=text, epilog=f"example: %(prog)s {example}"
        )
        takes(command)
    return whole


if __name__ == "__main__":
    sys.exit(main())
