"""`terminal list|add|revoke`: the counter terminals and their access."""

import argparse
import json
from dataclasses import asdict

from hub.cli.options import CommandError, add_broker, add_folder, opened, settings_of
from hub.services.terminals import TerminalError

_ID = "the terminal's id, which is also its name at the broker"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "terminal", help="counter terminals", epilog="example: python -m hub terminal list"
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = inner.add_parser(
        "list",
        help="list terminals, one JSON object a line",
        epilog="example: python -m hub terminal list",
    )
    adding = inner.add_parser(
        "add",
        help="add a terminal, or give one a new password, and write its configuration",
        epilog="example: python -m hub terminal add counter-7 --customer C042 --warehouse MAIN",
    )
    adding.add_argument("terminal", metavar="ID", help=_ID)
    adding.add_argument("--customer", required=True, metavar="ID", help="who orders with it")
    adding.add_argument("--warehouse", required=True, metavar="CODE", help="which one serves it")
    add_broker(adding)
    revoking = inner.add_parser(
        "revoke",
        help="take a terminal's access away",
        epilog="example: python -m hub terminal revoke counter-7",
    )
    revoking.add_argument("terminal", metavar="ID", help=_ID)
    for command, run in ((listing, run_list), (adding, run_add), (revoking, run_revoke)):
        add_folder(command)
        command.set_defaults(run=run)


def run_list(arguments: argparse.Namespace) -> int:
    """List terminals."""
    with opened(arguments) as hub:
        for line in hub.terminals.every():
            print(json.dumps(asdict(line)))
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a terminal."""
    with opened(arguments) as hub:
        try:
            hub.terminals.add(
                arguments.terminal, customer=arguments.customer, warehouse=arguments.warehouse
            )
        except TerminalError as error:
            raise CommandError(str(error)) from error
    print(settings_of(arguments).folder / "terminals" / f"{arguments.terminal}.toml")
    return 0


def run_revoke(arguments: argparse.Namespace) -> int:
    """Revoke a terminal."""
    with opened(arguments) as hub:
        try:
            hub.terminals.revoke(arguments.terminal)
        except TerminalError as error:
            raise CommandError(str(error)) from error
    print(f"terminal {arguments.terminal} revoked")
    return 0
