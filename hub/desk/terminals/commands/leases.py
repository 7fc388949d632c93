"""`leases`: what terminals may give of limited schemes before the hub has answered."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any, Final

from hub.base.access import EVERYTHING
from hub.base.commands import add_folder, example, opened
from hub.desk.terminals.reads.leases import every_lease

_COUNTED: Final = (("uses", "uses"), ("amount", "in minor units"), ("pieces", "pieces"))


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "leases",
        help="list what terminals may give of limited schemes while they are offline",
        epilog=example("leases --json"),
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the open leases."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in every_lease(connection, now_ms=ground.clock.now_ms(), scope=EVERYTHING):
            print(json.dumps(row) if arguments.json else _line(row))
    return 0


def _line(row: dict[str, Any]) -> str:
    """Write a lease for people."""
    parts = [
        f"{row[name]} of {row[f'of_{name}']} {words}"
        for name, words in _COUNTED
        if row[f"of_{name}"] is not None
    ]
    until = datetime.fromtimestamp(row["until_ms"] / 1000, UTC).strftime("%d %b %Y %H:%M UTC")
    return f"{row['terminal']:<16} {row['rule']} {row['scope']}: {', '.join(parts)}, until {until}"
