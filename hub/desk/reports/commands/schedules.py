"""`schedule list`, `add`, `change` and `end`: reports that are sent to oneself by mail."""

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from typing import cast
from urllib.parse import parse_qsl

from hub.base.access import Session
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.model.addressed import read_whole_request
from hub.desk.reports.model.requests import RequestError
from hub.desk.reports.model.schedules import EVERY, FAILURES, FILES, Delivery, Every, schedule_of
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.schedules import list_schedules


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "schedule", "reports that are sent to you by mail")
    listing = inner.add_parser(
        "list", help="list what you are sent", epilog=example("schedule list --by priya")
    )
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=run_list)
    adding = inner.add_parser(
        "add",
        help="have a report sent to you from now on",
        description="It is made when it is sent, of what you may read and see by then.",
        epilog=example(
            "schedule add sales 'period=last_7_days&group_by=day' --name 'The week' --by priya"
        ),
    )
    adding.add_argument("report", choices=tuple(DEFINITIONS), metavar="REPORT", help="its name")
    adding.add_argument(
        "query", nargs="?", default="", help="what stands after the `?` of the report's address"
    )
    adding.set_defaults(run=run_add)
    changing = inner.add_parser(
        "change",
        help="have it sent in another way",
        epilog=example("schedule change 3 --name 'The week' --every month --by priya"),
    )
    ending = inner.add_parser(
        "end", help="have it sent no more", epilog=example("schedule end 3 --by priya")
    )
    changing.set_defaults(run=run_change)
    ending.set_defaults(run=run_end)
    for parser in (changing, ending):
        parser.add_argument("number", type=int, metavar="NUMBER", help="the number in the list")
    for parser in (adding, changing):
        parser.add_argument("--name", required=True, help="the subject of the mail")
        parser.add_argument("--every", choices=EVERY, default="day", help="how often")
        parser.add_argument("--hour", type=int, default=8, help="of the day, 0 to 23")
        parser.add_argument("--file", choices=FILES, default=FILES[0], help="which file")
    for parser in (listing, adding, changing, ending):
        add_by(parser)
        add_folder(parser)


def run_list(arguments: argparse.Namespace) -> int:
    """List the schedules of whoever asks, with what became of the last mail."""
    with opened(arguments) as ground:
        owner = _owner(ground, arguments)
        with ground.database.read() as connection:
            rows = list_schedules(connection, owner.user_id, scope=owner.scope)
            zone = read_distributor(connection).zone
    if arguments.json:
        print(json.dumps([asdict(one) for one in rows]))
        return 0
    words = PageWords()
    for one in rows:
        due = datetime.fromtimestamp(one.next_at / 1_000, zone)
        failed = one.failed or ""
        told = words.named("schedule_why", failed) if failed in FAILURES else failed
        report = f"{one.report}?{one.query}".rstrip("?")
        print(f"{one.id:>4}  {due:%Y-%m-%d %H:%M}  {one.every:<5}  {one.file:<4}  {one.name}"
              f"  {report}  {told}".rstrip())  # fmt: skip
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Have a report sent."""
    sent = _delivery(arguments)
    with opened(arguments) as ground:
        owner = _owner(ground, arguments)
        if not owner.may(DEFINITIONS[arguments.report].permission):
            raise CommandError(f"{owner.user} may not read the report {arguments.report}")
        with ground.database.read() as connection:
            zone = read_distributor(connection).zone
        today = local_date(ground.clock.now_ms(), zone)
        try:
            wanted = read_whole_request(arguments.report, dict(parse_qsl(arguments.query)), today)
        except RequestError as error:
            raise CommandError(str(error)) from error
        act = ground.part(ReportActs).schedule
        kept = act(schedule_of(owner.user, wanted, sent), user_id=owner.user_id)
    print(f"schedule {kept.number} {'added' if kept.is_new else 'sends the same already'}")
    return 0


def run_change(arguments: argparse.Namespace) -> int:
    """Have a schedule sent in another way."""
    sent = _delivery(arguments)
    with opened(arguments) as ground:
        owner, act = _owner(ground, arguments), ground.part(ReportActs).schedule
        if not act.change(arguments.number, sent, user_id=owner.user_id, by=owner.user):
            raise CommandError(f"{owner.user} has no schedule {arguments.number}")
    print(f"schedule {arguments.number} changed")
    return 0


def run_end(arguments: argparse.Namespace) -> int:
    """End a schedule."""
    with opened(arguments) as ground:
        owner, act = _owner(ground, arguments), ground.part(ReportActs).schedule
        if not act.end(arguments.number, user_id=owner.user_id, by=owner.user):
            raise CommandError(f"{owner.user} has no schedule {arguments.number}")
    print(f"schedule {arguments.number} ended")
    return 0


def _owner(ground: Ground, arguments: argparse.Namespace) -> Session:
    account, _ = prove_user(ground, arguments, "reports.read")
    owner = ground.part(PeopleActs).sign_in.session_for(account.name)
    if owner is None:
        raise CommandError(f"there is no active user {account.name}")
    return owner


def _delivery(arguments: argparse.Namespace) -> Delivery:
    name = " ".join(arguments.name.split())
    sent = Delivery(name, arguments.file, cast("Every", arguments.every), arguments.hour)
    if not sent.is_sound:
        raise CommandError("a schedule has a name, and an hour from 0 to 23")
    return sent
