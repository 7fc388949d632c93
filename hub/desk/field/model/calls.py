"""What a plan and the visits that were made come to: each person's day at an outlet counts once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hub.desk.field.model.beats import Journey, Stop, walks_on
from hub.desk.workdays.model import Calendar, Workdays, days_of


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit as far as it is counted: who, where, on which day, and what came of it."""

    user: str
    outlet: int
    day: date
    verified: bool
    ordered: bool
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What visits are compared with: journeys, the outlets of beats, and which days are worked.

    On a day of granted leave, `excused`, nothing is planned; the outlets of that day are still on
    the person's beats.
    """

    journeys: Collection[Journey]
    stops: Mapping[int, Sequence[Stop]]
    calendar: Calendar
    excused: Collection[tuple[str, date]] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A person's day at an outlet that was on the way, was visited, or both.

    `beat` is the row id of the beat that the day was planned by; of a visit off the plan, that of a
    beat of the person with this outlet, 0 where there is none. Two visits of one day are one call,
    with the minutes of both. `leave` says that the person was on granted leave.
    """

    user: str
    outlet: int
    day: date
    beat: int
    on_way: bool = False
    leave: bool = False
    made: bool = False
    verified: bool = False
    ordered: bool = False
    minutes: int = 0

    @property
    def planned(self) -> bool:
        """Say whether the outlet was to be visited on that day."""
        return self.on_way and not self.leave

    @property
    def missed(self) -> bool:
        """Say whether the outlet was to be visited on that day, and was not."""
        return self.planned and not self.made


@dataclass(frozen=True, slots=True)
class Performance:
    """What one person's plan and visits come to; each outlet and day counts once.

    Compliance is `kept` of `planned`. There are two strike rates: `productive` of `made`, and
    `planned_productive` of `planned`. Coverage is `covered` of `on_beats`: outlets with a verified
    visit, of those on the person's beats. Attendance is `days` at work and on `leave` of `working`:
    the working days, and the days on which the person has a plan all the same.
    """

    user: str
    planned: int = 0
    kept: int = 0
    made: int = 0
    verified: int = 0
    productive: int = 0
    planned_productive: int = 0
    covered: int = 0
    on_beats: int = 0
    minutes: int = 0
    days: int = 0
    leave: int = 0
    working: int = 0


@dataclass(frozen=True, slots=True)
class Attended:
    """On which days of a period somebody was at work, and on which on leave, granted or not."""

    days: frozenset[date] = frozenset()
    leave: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A person's working day, or one at work or on leave all the same; `beats` are walked on it.

    The person is `absent` on a working day up to today that is neither at work nor granted leave.
    """

    user: str
    day: date
    beats: tuple[int, ...] = ()
    working: bool = False
    at_work: bool = False
    leave: bool = False
    absent: bool = False


def hundredths(part: int, whole: int) -> int | None:
    """Give a part of a whole in hundredths of a percent, rounded half up; None of nothing."""
    return (20_000 * part + whole) // (2 * whole) if whole else None


def calls_of(first: date, last: date, *, plan: Plan, visits: Collection[Visited]) -> Sequence[Call]:
    """Give every person's day at an outlet of a period: first what was on the way, by its day."""
    made: dict[tuple[str, int, date], tuple[bool, bool, int]] = {}
    for one in visits:
        if first <= one.day <= last:
            key = (one.user, one.outlet, one.day)
            verified, ordered, minutes = made.get(key, (False, False, 0))
            made[key] = (verified or one.verified, ordered or one.ordered, minutes + one.minutes)
    calls = []
    for day in days_of(first, last):
        for walk, outlet in walks_on(day, plan.journeys, plan.stops, calendar=plan.calendar):
            leave = (walk.user, day) in plan.excused
            was = made.pop((walk.user, outlet, day), None)
            came = (False, False, False, 0) if was is None else (True, *was)
            calls.append(Call(walk.user, outlet, day, walk.beat, True, leave, *came))
    beats = _beats_of(plan) if made else {}
    for (user, outlet, day), was in made.items():
        at = _beat_on(day, beats.get((user, outlet), ()))
        calls.append(Call(user, outlet, day, at, False, False, True, *was))
    return calls


def compare(
    first: date,
    last: date,
    *,
    plan: Plan,
    visits: Collection[Visited],
    attended: Mapping[str, Attended],
    homes: Mapping[str, Workdays],
) -> Sequence[Performance]:
    """Compare each person's plan of a period with the visits that were made, by the person's name.

    `homes` are the working days of where each person works.
    """
    calls: dict[str, list[Call]] = {}
    for one in calls_of(first, last, plan=plan, visits=visits):
        calls.setdefault(one.user, []).append(one)
    days: dict[str, list[PersonDay]] = {}
    for day in days_of_people(
        first, last, calls=calls, attended=attended, homes=homes, today=last, excused=plan.excused
    ):
        days.setdefault(day.user, []).append(day)
    return [
        replace(
            _performance(user, calls.get(user, ())),
            days=sum(one.at_work for one in days.get(user, ())),
            leave=sum(one.leave for one in days.get(user, ())),
            working=sum(one.working for one in days.get(user, ())),
        )
        for user in sorted({*calls, *attended})
    ]


def days_of_people(
    first: date,
    last: date,
    *,
    calls: Mapping[str, Collection[Call]],
    attended: Mapping[str, Attended],
    homes: Mapping[str, Workdays],
    excused: Collection[tuple[str, date]],
    today: date,
) -> Iterator[PersonDay]:
    """Give the days of each person who has a plan, a visit or a day of attendance in a period."""
    for user in sorted({*calls, *attended}):
        walked: dict[date, set[int]] = {}
        for one in calls.get(user, ()):
            if one.on_way:
                walked.setdefault(one.day, set()).add(one.beat)
        was, home = attended.get(user, Attended()), homes.get(user, Workdays())
        for day in days_of(first, last):
            working = home.is_worked(day) or day in walked
            at_work, leave = day in was.days, day in was.leave
            if working or at_work or leave:
                there = at_work or (user, day) in excused or day > today
                yield PersonDay(
                    *(user, day, tuple(sorted(walked.get(day, ())))),
                    working=working,
                    at_work=at_work,
                    leave=leave,
                    absent=working and not there,
                )


def _performance(user: str, calls: Collection[Call]) -> Performance:
    on_beats = {one.outlet for one in calls if one.on_way}
    return Performance(
        user,
        planned=sum(one.planned for one in calls),
        kept=sum(one.planned and one.made for one in calls),
        made=sum(one.made for one in calls),
        verified=sum(one.verified for one in calls),
        productive=sum(one.ordered for one in calls),
        planned_productive=sum(one.planned and one.ordered for one in calls),
        covered=len(on_beats & {one.outlet for one in calls if one.verified}),
        on_beats=len(on_beats),
        minutes=sum(one.minutes for one in calls),
    )


def _beats_of(plan: Plan) -> Mapping[tuple[str, int], Sequence[tuple[Journey, Stop]]]:
    """Find by which journeys and stops a person may come to an outlet."""
    found: dict[tuple[str, int], list[tuple[Journey, Stop]]] = {}
    for walk in plan.journeys:
        for stop in plan.stops.get(walk.beat, ()):
            found.setdefault((walk.user, stop.outlet), []).append((walk, stop))
    return found


def _beat_on(day: date, ways: Collection[tuple[Journey, Stop]]) -> int:
    """Give the beat that a person walks in those weeks with an outlet on it; 0 where none."""
    return next((walk.beat for walk, stop in ways if walk.is_in_force(day) and stop.is_on(day)), 0)
