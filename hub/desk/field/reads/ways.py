"""Whom a person is to visit on which day, in order, and days on which that person does not work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.field.model.beats import planned_on
from hub.desk.field.reads.beats import read_plan
from hub.desk.parties.tables import party
from hub.desk.workdays.reads import read_calendar, read_homes


@dataclass(frozen=True, slots=True)
class Rest:
    """A day that is not worked: what it is called, in both languages; without a name, a day off."""

    name: str
    name_hi: str

    def words(self, language: str) -> str:
        """Give the name in a language; without one in Hindi, the English one."""
        return self.name_hi if language == "hi" and self.name_hi else self.name


def read_ways(
    connection: Connection, days: Sequence[date], *, user: str, scope: Scope
) -> Mapping[date, Sequence[str]]:
    """Give the codes of the outlets that a person is to visit on each of these days, in order."""
    plan = read_plan(connection, scope=scope, walker=user)
    ways = {
        day: [
            outlet
            for _, outlet in planned_on(day, plan.journeys, plan.stops, calendar=plan.calendar)
        ]
        for day in days
    }
    numbers = {outlet for way in ways.values() for outlet in way}
    if not numbers:
        return dict.fromkeys(days, ())
    seen = visible(scope, seller=party.c.parent_id, party=party.c.id)
    query = select(party.c.id, party.c.code).where(party.c.id.in_(sorted(numbers)), seen)
    codes = {row.id: row.code for row in connection.execute(query)}
    return {day: [codes[one] for one in way if one in codes] for day, way in ways.items()}


def read_rest(connection: Connection, day: date, *, user: str, scope: Scope) -> Rest | None:
    """Say that a day is none on which a person works, and what it is called; None where it is."""
    home = read_homes(connection, scope=scope).get(user)
    if home is None:
        return None
    workdays = read_calendar(connection, scope=scope).of(home.seller, home.region)
    if workdays.is_worked(day):
        return None
    marked = workdays.marks.get(day)
    return Rest(marked.name, marked.name_hi) if marked else Rest("", "")
