"""What the commands of the field do."""

import argparse
from datetime import date, datetime, timedelta

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, opened
from hub.base.fields import Kept, Refused
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground
from hub.base.listing import Wanted
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.beats import MOST_DAYS, Journey
from hub.desk.field.model.fields import BeatFields, read_classes, read_outlets
from hub.desk.field.reads.beats import list_beats, read_beat
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.visits import NEWEST, list_leaves, list_visits
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import prove_user
from hub.desk.workdays.model import mask_of
from hub.web import formats

_MOST = 50


def run_beat(arguments: argparse.Namespace) -> int:
    """Make a beat, or change one."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        acts = ground.part(FieldActs).plan
        with ground.database.read() as connection:
            there = read_beat(connection, arguments.code, day=today_of(ground), scope=scope)
        outlets = read_outlets(arguments.outlets or "")
        if there is not None and arguments.outlets is None:
            outlets = tuple(code for code, _, _ in there.outlets)
        name = arguments.name or (there.name if there else "")
        active = there.active if there else True
        fields = BeatFields(arguments.code, name, outlets, active, seller=arguments.seller)
        act = acts.add if there is None else acts.change
        tell_refusal(act(fields, by=account.name, scope=scope))
        print(f"{arguments.code}: {len(outlets)} outlets")
    return 0


def run_walk(arguments: argparse.Namespace) -> int:
    """Have somebody walk a beat."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        first = read_day_of(arguments.first) or today_of(ground)
        plan = Journey(
            *(0, arguments.user, 0, _weekdays(arguments.days), arguments.every),
            from_day=first,
            until_day=read_day_of(arguments.last),
            classes=read_classes(arguments.classes),
        )
        act = ground.part(FieldActs).plan.walk
        tell_refusal(act(arguments.code, plan, by=account.name, scope=scope))
        print(f"{arguments.user} walks {arguments.code} from {first}")
    return 0


def run_beats(arguments: argparse.Namespace) -> int:
    """List the beats, who walks them, and under which numbers."""
    with opened(arguments) as ground, ground.database.read() as connection:
        today = today_of(ground)
        rows = list_beats(connection, day=today, scope=EVERYTHING)
        found = [read_beat(connection, one.code, day=today, scope=EVERYTHING) for one in rows]
        look = ground.part(FieldActs).plan.find_unseen
        unseen = {one.code: look(one) for one in found if one}
    for row, one in zip(rows, found, strict=True):
        walked = "" if row.active else ", not walked"
        print(f"{row.code}  {row.name}: {row.outlets} outlets{walked}")
        for plan in one.journeys if one else ():
            until = f" until {plan.until_day}" if plan.until_day else ""
            of = f", class {','.join(plan.classes)}" if plan.classes else ""
            print(f"  {plan.id}  {plan.user} from {plan.from_day}{until}{of}")
        for who, codes in unseen.get(row.code, {}).items():
            print(f"  {who} is neither rep nor collector of {', '.join(codes)}: not on the phone")
    return 0


def run_stop(arguments: argparse.Namespace) -> int:
    """Have somebody walk a beat no more after today."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        act, today = ground.part(FieldActs).plan.stop, today_of(ground)
        done = act(arguments.code, arguments.journey, day=today, by=account.name, scope=scope)
        tell_refusal(done)
        print(f"{arguments.code}: {arguments.journey} ends with {today}")
    return 0


def run_leaves(arguments: argparse.Namespace) -> int:
    """List the days of leave, those that nobody has decided first."""
    with opened(arguments) as ground, ground.database.read() as connection:
        first = read_day_of(arguments.first) or today_of(ground)
        rows = list_leaves(connection, first=first, scope=EVERYTHING)
    for row in rows:
        by = f" by {row.decided_by}" if row.decided_by else ""
        print(f"{row.day}  {row.user}  {row.leave_state}{by}  {row.why}".rstrip())
    return 0


def run_leave(arguments: argparse.Namespace) -> int:
    """Grant a day of leave, or refuse it."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        day = read_day_of(arguments.day) or today_of(ground)
        act, said = ground.part(FieldActs).leave, arguments.answer
        done = act(
            *(arguments.user, day),
            granted=said == "grant",
            why=arguments.why,
            by=account.name,
            scope=scope,
        )
        tell_refusal(done)
        print(f"{arguments.user} {day}: {'granted' if said == 'grant' else 'refused'}")
    return 0


def run_visits(arguments: argparse.Namespace) -> int:
    """List visits, the newest first."""
    given = {"user": arguments.user, "customer": arguments.customer}
    chosen = {name: (value,) for name, value in given.items() if value}
    with opened(arguments) as ground, ground.database.read() as connection:
        page = list_visits(connection, Wanted(NEWEST, "", chosen, size=_MOST), scope=EVERYTHING)
        zone = read_distributor(connection).zone
    for row in page.rows:
        took = "open" if row.minutes is None else f"{row.minutes} min"
        begun = formats.local(row.begun_at, zone)
        how = row.outcome or "-"
        print(f"{begun:%Y-%m-%d %H:%M}  {row.user}  {row.code}  {row.verdict}  {took}  {how}")
    return 0


def run_performance(arguments: argparse.Namespace) -> int:
    """Tell what each person's plan and visits come to."""
    with opened(arguments) as ground:
        last = read_day_of(arguments.last) or today_of(ground)
        first = read_day_of(arguments.first) or last - timedelta(days=last.weekday())
        if first > last or (last - first).days >= MOST_DAYS:
            text = f"a period ends no earlier than it begins, and has {MOST_DAYS} days at most"
            raise CommandError(text)
        with ground.database.read() as connection:
            rows = read_performance(connection, first, last, scope=EVERYTHING)
    for one in rows:
        print(
            f"{one.user}: at work {one.days} and on leave {one.leave} of {one.working} days, "
            f"planned {one.planned}, of these made {one.kept}, made {one.made}, "
            f"verified {one.verified}, productive {one.productive}, "
            f"covered {one.covered} of {one.on_beats}"
        )
    return 0


def run_selfie(arguments: argparse.Namespace) -> int:
    """Have phones ask for a photo as the day begins, or no more."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "field.plan")
        act = ground.part(FieldActs).selfies
        tell_refusal(act(asked=arguments.asked == "on", by=account.name, scope=scope))
        print(f"a photo with the day's beginning: {arguments.asked}")
    return 0


def tell_refusal(done: Kept | Refused) -> None:
    """Raise CommandError where an act refused."""
    if isinstance(done, Refused):
        raise CommandError("; ".join(refusal_lines(done)))


def today_of(ground: Ground) -> date:
    """Give the day it is where the distributor is."""
    with ground.database.read() as connection:
        zone = read_distributor(connection).zone
    return datetime.fromtimestamp(ground.clock.now_ms() / 1_000, zone).date()


def read_day_of(typed: str) -> date | None:
    """Read a day that was typed, None where none was; raises CommandError."""
    try:
        return read_day(typed) if typed.strip() else None
    except CellError as error:
        raise CommandError(f"{typed} is no day: write 2026-11-30") from error


def _weekdays(typed: str) -> int:
    mask = mask_of(typed)
    if mask is None:
        raise CommandError(f"{typed} are no days of the week: write 1,4 for Monday, Thursday")
    return mask
