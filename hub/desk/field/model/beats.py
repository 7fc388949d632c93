"""Beats and the plan of who walks them when; what a plan and the visits come to, side by side."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from hub.desk.workdays.model import WEEKDAYS, Calendar, Workdays, days_of

MOST_WEEKS: Final = 12
"""A beat is walked at least once in so many weeks."""
MOST_DAYS: Final = 366
"""Days of a period at most, of which visits are compared with the plan."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Who walks a beat: on which days of the week, in every how many weeks, from when to when.

    `weekdays` has bit 0 for Monday; weeks are counted from the week of `from_day`.
    """

    id: int
    user: str
    beat: int
    weekdays: int
    every_weeks: int
    from_day: date
    until_day: date | None = None
    seller: int = 0

    def is_on(self, day: date) -> bool:
        """Say whether the plan has the beat walked on a day, if that is worked."""
        if day < self.from_day or (self.until_day is not None and day > self.until_day):
            return False
        if not self.weekdays >> day.weekday() & 1:
            return False
        return _week_of(day, self.from_day) % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class Stop:
    """An outlet on a beat, from a day to a day; `place` is its number on the way.

    `region` is where it lies: what is worked there says on which days it is planned.
    """

    beat: int
    outlet: int
    place: int
    from_day: date
    until_day: date | None = None
    region: str = ""

    def is_on(self, day: date) -> bool:
        """Say whether the outlet is on the beat on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


def _week_of(day: date, first: date) -> int:
    monday = first - timedelta(days=first.weekday())
    return (day - monday).days // WEEKDAYS


def planned_on(
    day: date,
    journeys: Collection[Journey],
    stops: Mapping[int, Sequence[Stop]],
    *,
    calendar: Calendar,
) -> Iterator[tuple[str, int]]:
    """Give who is to visit which outlet on a day, in the order of the way; none of them twice.

    Nobody is to visit an outlet where somebody said that the beat's seller does not work on that
    day. A Sunday is planned as any other day until that is said.
    """
    seen: set[tuple[str, int]] = set()
    for journey in journeys:
        if not journey.is_on(day):
            continue
        for stop in sorted(stops.get(journey.beat, ()), key=lambda one: one.place):
            pair = (journey.user, stop.outlet)
            if not stop.is_on(day) or pair in seen:
                continue
            if not calendar.of(journey.seller, stop.region).is_kept_free(day):
                seen.add(pair)
                yield pair


def resting_of(
    journeys: Collection[Journey], regions: Collection[str], *, day: date, calendar: Calendar
) -> Iterator[int]:
    """Give the days of the week, Monday is 0, on which a beat is planned and nobody walks it.

    `journeys` are of the one beat, `regions` where its outlets lie; asked as of a day. A day on
    which one of them is worked is walked.
    """
    planned = 0
    weeks: list[int | None] = []
    for one in journeys:
        if one.until_day is None or one.until_day >= day:
            planned |= one.weekdays
            places = (calendar.of(one.seller, region) for region in regions or ("",))
            weeks += [place.said_week(day) for place in places]
    for number in range(WEEKDAYS):
        free = all(week is not None and not week >> number & 1 for week in weeks)
        if planned >> number & 1 and free:
            yield number


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
    """On how many days of a period somebody was at work, and on leave."""

    days: int = 0
    leave: int = 0


def hundredths(part: int, whole: int) -> int | None:
    """Give a part of a whole in hundredths of a percent, rounded half up; None of nothing."""
    return (20_000 * part + whole) // (2 * whole) if whole else None


def compare(
    first: date,
    last: date,
    *,
    journeys: Collection[Journey],
    stops: Mapping[int, Sequence[Stop]],
    visits: Collection[Visited],
    attended: Mapping[str, Attended],
    excused: Collection[tuple[str, date]] = (),
    calendar: Calendar,
    homes: Mapping[str, Workdays],
) -> Sequence[Performance]:
    """Compare each person's plan of a period with the visits that were made, by the person's name.

    `homes` are the working days of where each person works. On a day of granted leave, `excused`,
    nothing is planned; the outlets of that day are still on the person's beats.
    """
    planned: dict[str, set[tuple[int, date]]] = {}
    for day in days_of(first, last):
        for user, outlet in planned_on(day, journeys, stops, calendar=calendar):
            planned.setdefault(user, set()).add((outlet, day))
    made: dict[str, list[Visited]] = {}
    for one in visits:
        if first <= one.day <= last:
            made.setdefault(one.user, []).append(one)
    people = sorted({*planned, *made, *attended})
    return [
        replace(
            _performance(user, planned.get(user, set()), made.get(user, []), excused=excused),
            days=attended.get(user, Attended()).days,
            leave=attended.get(user, Attended()).leave,
            working=_count_working(
                homes.get(user, Workdays()),
                {day for _, day in planned.get(user, ())},
                days=days_of(first, last),
            ),
        )
        for user in people
    ]


def _count_working(home: Workdays, planned: Collection[date], *, days: Iterable[date]) -> int:
    return sum(home.is_worked(day) or day in planned for day in days)


def _performance(
    user: str,
    on_way: set[tuple[int, date]],
    visits: Sequence[Visited],
    *,
    excused: Collection[tuple[str, date]],
) -> Performance:
    planned = {(outlet, day) for outlet, day in on_way if (user, day) not in excused}
    made = {(one.outlet, one.day) for one in visits}
    productive = {(one.outlet, one.day) for one in visits if one.ordered}
    verified = {(one.outlet, one.day) for one in visits if one.verified}
    on_beats = {outlet for outlet, _ in on_way}
    return Performance(
        user,
        planned=len(planned),
        kept=len(planned & made),
        made=len(made),
        verified=len(verified),
        productive=len(productive),
        planned_productive=len(planned & productive),
        covered=len(on_beats & {outlet for outlet, _ in verified}),
        on_beats=len(on_beats),
        minutes=sum(one.minutes for one in visits),
    )
