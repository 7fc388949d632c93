"""`jobs`: what was to be done later and was given up, and how it is tried again."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.jobs import dead_jobs
from hub.base.jobs.retrying import RetryJob


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "jobs",
        help="list the jobs that were given up, or have one tried again",
        description="A job that failed is tried again, eight times in about two hours; then it is "
        "given up until somebody has looked. Exit status 0: none is given up; 1: some are.",
        epilog=example("jobs --retry 17"),
    )
    parser.add_argument("--retry", metavar="JOB", type=int, help="have this one tried again")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List them, or have one tried again."""
    with opened(arguments) as ground:
        if arguments.retry is not None:
            if not ground.part(RetryJob)(arguments.retry):
                raise CommandError(f"no job {arguments.retry} was given up")
            print(f"job {arguments.retry} is tried again")
            return 0
        with ground.database.read() as connection:
            dead = dead_jobs(connection)
    for one in dead:
        since = datetime.fromtimestamp(one.due_at_ms / 1000, UTC).isoformat(" ", "minutes")
        line = f"{one.id:>6} {one.kind:<20} {one.key}  due {since}  {one.attempts}x  {one.error}"
        print(json.dumps(asdict(one)) if arguments.json else line)
    return 1 if dead else 0
