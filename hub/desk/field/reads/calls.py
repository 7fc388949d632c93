"""What a period's plan and visits come to: by person, and each person's days one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.desk.field.model.calls import (
    Attended,
    Call,
    Performance,
    PersonDay,
    Plan,
    Visited,
    calls_of,
    compare,
    days_of_people,
)
from hub.desk.field.reads.beats import read_plan
from hub.desk.field.reads.visits import person_of, read_days, read_visits, visits_of
from hub.desk.field.tables import attendance, visit
from hub.desk.parties.tables import party
from hub.desk.people.tables import user_account
from hub.desk.workdays.model import Workdays
from hub.desk.workdays.reads import read_homes


@dataclass(frozen=True, slots=True)
class _Period:
    """A period's plan, the visits and the days of attendance beside it, and where people work."""

    plan: Plan
    visits: Sequence[Visited]
    attended: Mapping[str, Attended]
    homes: Mapping[str, Workdays]


def read_performance(
    connection: Connection, first: date, last: date, *, scope: Scope
) -> Sequence[Performance]:
    """Compare each person's plan of a period with the visits that were made."""
    found = _read(connection, first, last, scope=scope)
    return compare(
        first,
        last,
        plan=found.plan,
        visits=found.visits,
        attended=found.attended,
        homes=found.homes,
    )


def read_own_figures(
    connection: Connection, day: date, *, user: str, scope: Scope
) -> Performance | None:
    """Read what a person's plan and visits of the month up to a day come to; None of nothing."""
    first = day.replace(day=1)
    rows = read_performance(connection, first, day, scope=scope)
    return next((one for one in rows if one.user == user), None)


def read_calls(connection: Connection, first: date, last: date, *, scope: Scope) -> Sequence[Call]:
    """Read every person's day at an outlet of a period, planned or visited."""
    found = _read(connection, first, last, scope=scope)
    return calls_of(first, last, plan=found.plan, visits=found.visits)


def read_person_days(
    connection: Connection, first: date, last: date, *, today: date, scope: Scope
) -> Sequence[PersonDay]:
    """Read everybody's days of a period: at work, on leave, absent up to today."""
    found = _read(connection, first, last, scope=scope)
    calls: dict[str, list[Call]] = {}
    for one in calls_of(first, last, plan=found.plan, visits=found.visits):
        calls.setdefault(one.user, []).append(one)
    days = days_of_people(
        first,
        last,
        calls=calls,
        attended=found.attended,
        homes=found.homes,
        excused=found.plan.excused,
        today=today,
    )
    return list(days)


def read_first_day(connection: Connection, *, scope: Scope) -> date | None:
    """Give the first day on which anybody whom somebody sees had a plan, a visit or attendance."""
    plan = read_plan(connection, scope=scope)
    visited = (
        select(func.min(visit.c.day))
        .join(party, party.c.id == visit.c.party_id)
        .where(visits_of(scope))
    )
    attended = (
        select(func.min(attendance.c.day))
        .join(user_account, user_account.c.id == attendance.c.user_id)
        .where(person_of(scope))
    )
    firsts = [connection.execute(query).scalar() for query in (visited, attended)]
    days = [one for one in firsts if one is not None]
    return min((*days, *(one.from_day for one in plan.journeys)), default=None)


def _read(connection: Connection, first: date, last: date, *, scope: Scope) -> _Period:
    """Read a period; who sees only their own rows is told of no other person's visit there."""
    own = select(user_account.c.name).where(user_account.c.id == scope.user)
    me = None if scope.sees_sellers else connection.execute(own).scalar()
    visits = [
        Visited(
            *(one.user, one.party, one.day),
            verified=one.verdict == "verified",
            ordered=one.ordered,
            minutes=one.minutes or 0,
        )
        for one in read_visits(connection, first, last, scope=scope)
        if scope.sees_sellers or one.user == me
    ]
    work: dict[str, set[date]] = {}
    leave: dict[str, set[date]] = {}
    excused: set[tuple[str, date]] = set()
    for day in read_days(connection, first, last, scope=scope):
        (leave if day.leave else work).setdefault(day.user, set()).add(day.day)
        if day.leave and day.granted:
            excused.add((day.user, day.day))
    attended = {
        user: Attended(frozenset(work.get(user, ())), frozenset(leave.get(user, ())))
        for user in {*work, *leave}
    }
    plan = read_plan(connection, scope=scope, excused=excused)
    homes = {
        name: plan.calendar.of(one.seller, one.region)
        for name, one in read_homes(connection, scope=scope).items()
    }
    return _Period(plan, visits, attended, homes)
