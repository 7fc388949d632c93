"""`audit`: every promise against what is stored."""

import argparse
import json
from dataclasses import asdict

from hub.base.commands import add_folder, example, opened
from hub.run.audit import Audit, Report


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "audit",
        help="check every promise against what is stored",
        description="Exit status 0: every promise is kept; 1: some are not, and it says which.",
        epilog=example("audit --json"),
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Audit."""
    with opened(arguments) as ground:
        report = ground.part(Audit)()
    if arguments.json:
        print(json.dumps({"clean": report.is_clean, **asdict(report)}))
    else:
        for line in _told(report):
            print(line)
    return 0 if report.is_clean else 1


def _told(report: Report) -> list[str]:
    """Word the report."""
    lines = []
    for one in report.kept:
        mark = "BROKEN" if one.faults else "kept"
        lines.append(f"{mark:<7} {one.promise.name}: {one.promise.text} ({one.checked} checked)")
        lines += [f"        {fault}" for fault in one.faults]
    return [*lines, *(f"note    {note}" for note in report.notes)]
