"""`doctor`: what may keep this hub from working, and what to do about it."""

import argparse
import json
from dataclasses import asdict
from typing import Final

from hub.base.commands import add_broker, add_folder, example
from hub.run.config import settings_of
from hub.run.operating.doctor import look_into

_MARKS: Final = {"ok": "  ok   ", "warning": "WARNING", "fault": " FAULT "}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "doctor",
        help="look for what may keep the hub from working",
        description="Looks at folder, disk, clock, files, database, broker, mail, the portal of "
        "e-invoices, photos and the age of the last backup, and changes nothing: it may be run "
        "beside a hub that works. Exit status 0: nothing is wrong; 1: something is.",
        epilog=example("doctor --data ./hub-files"),
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(parser)
    add_broker(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look, and tell."""
    found = list(look_into(settings_of(arguments)))
    for one in found:
        if arguments.json:
            print(json.dumps(asdict(one)))
            continue
        print(f"{_MARKS[one.state]} {one.what}: {one.told}")
        if one.fix:
            print(f"          {one.fix}")
    return int(any(one.state == "fault" for one in found))
