"""`workdays list`, `mark`, `week` and `drop`: which days are worked, by seller and region."""

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

import msgspec

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines, sentence
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.workdays.acts import WorkdayActs
from hub.desk.workdays.model import YEARS, said_weekdays
from hub.desk.workdays.reads import (
    fault_of_region,
    list_marks,
    list_weeks,
    read_calendar,
    read_house,
)
from hub.desk.workdays.store import KeptDay, Kind

_CAME: Final = {"add": "said", "change": "changed", "same": "as it was"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "workdays", "which days are worked: the week, holidays, other days")
    listing = inner.add_parser(
        "list",
        help="tell the working days of a year by month, and what was said of them",
        epilog=example("workdays list --year 2026 --region IN/KA"),
    )
    listing.add_argument("--year", type=int, help="the year (this one)")
    listing.add_argument("--region", default="", help="as they are in a region: IN/KA")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=run_list)
    add_folder(listing)
    mark = inner.add_parser(
        "mark",
        help="have a day be a holiday, or be worked although it would be none",
        epilog=example("workdays mark 2026-11-09 --name Diwali --name-hi दीवाली --by asha"),
    )
    mark.add_argument("day", metavar="DAY", help="the day, as 2026-11-09")
    mark.add_argument("--name", required=True, help="what people call it")
    mark.add_argument("--name-hi", default="", help="the same in Hindi")
    mark.add_argument("--work", action="store_true", help="it is worked")
    _add_place(mark)
    mark.set_defaults(run=run_mark)
    week = inner.add_parser(
        "week",
        help="have days of the week be worked from a day on",
        epilog=example("workdays week 1,2,3,4,5 --from 2026-12-01 --by asha"),
    )
    week.add_argument("weekdays", metavar="DAYS", help="days of the week, 1 is Monday: 1,2,3,4,5")
    week.add_argument("--from", dest="first", required=True, metavar="DAY", help="from then on")
    _add_place(week)
    week.set_defaults(run=run_week)
    drop = inner.add_parser(
        "drop",
        help="take back what was said of a day",
        epilog=example("workdays drop 2026-11-09 --by asha"),
    )
    drop.add_argument("day", metavar="DAY", help="the day, as 2026-11-09")
    drop.add_argument("--week", action="store_true", help="the week that begins with it")
    _add_place(drop)
    drop.set_defaults(run=run_drop)


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", default="", help="in a region alone: IN/KA")
    parser.add_argument("--seller", default="", help="of a seller (the company)")
    parser.add_argument("--reason", default="", help="why, where the day is over")
    add_by(parser)
    add_folder(parser)


def run_list(arguments: argparse.Namespace) -> int:
    """Tell the working days of a year."""
    with opened(arguments) as ground, ground.database.read() as connection:
        zone = read_distributor(connection).zone
        today = datetime.fromtimestamp(ground.clock.now_ms() / 1_000, zone).date()
        year = today.year if arguments.year is None else arguments.year
        if year not in YEARS:
            raise CommandError(f"{year} is no year between {YEARS[0]} and {YEARS[-1]}")
        first, last = date(year, 1, 1), date(year, 12, 31)
        house = read_house(connection, scope=EVERYTHING)
        region = arguments.region.strip("/")
        fault = fault_of_region(connection, region, scope=EVERYTHING)
        if fault is not None:
            raise CommandError(sentence(fault))
        own = read_calendar(connection, scope=EVERYTHING).of(house, region)
        marks = list_marks(connection, first, last, scope=EVERYTHING)
        weeks = list_weeks(connection, scope=EVERYTHING)
    counts = [own.count(date(year, one, 1), _last(year, one)) for one in range(1, 13)]
    if arguments.json:
        told = {"year": year, "months": counts, "worked": own.count(first, last)}
        said = {"marks": [asdict(one) for one in marks], "weeks": [asdict(one) for one in weeks]}
        print(json.dumps(msgspec.to_builtins({**told, **said}), ensure_ascii=False))
        return 0
    print(f"{year}: {sum(counts)} working days, by month {' '.join(map(str, counts))}")
    for week in weeks:
        where = " ".join(filter(None, (week.seller, week.region))) or "everywhere"
        print(f"from {week.from_day}: {said_weekdays(week.weekdays)}  {where}  by {week.by}")
    for one in marks:
        where = " ".join(filter(None, (one.seller, one.region))) or "everywhere"
        names = f"{one.name} / {one.name_hi}" if one.name_hi else one.name
        print(f"{one.day}  {one.mark:<4}  {names}  {where}  by {one.by}")
    return 0


def run_mark(arguments: argparse.Namespace) -> int:
    """Mark a day."""
    texts = {
        "day": arguments.day,
        "name": arguments.name,
        "name_hi": arguments.name_hi,
        "mark": "work" if arguments.work else "off",
        **_place(arguments),
    }
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "workdays.set")
        return _tell(ground.part(WorkdayActs).set.mark(texts, by=account.name, scope=scope))


def run_week(arguments: argparse.Namespace) -> int:
    """Say which days of the week are worked."""
    texts = {
        "weekdays": arguments.weekdays,
        "from_day": arguments.first,
        **_place(arguments),
    }
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "workdays.set")
        return _tell(ground.part(WorkdayActs).set.week(texts, by=account.name, scope=scope))


def run_drop(arguments: argparse.Namespace) -> int:
    """Take back what was said of a day."""
    texts = {"day": arguments.day, **_place(arguments)}
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "workdays.set")
        act = ground.part(WorkdayActs).set.drop
        kind: Kind = "week" if arguments.week else "mark"
        return _tell(act(texts, kind=kind, by=account.name, scope=scope))


def _place(arguments: argparse.Namespace) -> dict[str, str]:
    return {"region": arguments.region, "seller": arguments.seller, "why": arguments.reason}


def _tell(done: KeptDay | Refused) -> int:
    if isinstance(done, Refused):
        raise CommandError("; ".join(refusal_lines(done)))
    print(f"{done.day}: {_CAME[done.came]}")
    return 0


def _last(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
