"""Beats and the plan of who walks them when."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hub.desk.parties.model.fields import OUTLET_CLASSES
from hub.desk.workdays.model import WEEKDAYS, Calendar

MOST_WEEKS: Final = 12
"""A beat is walked at least once in so many weeks."""
UNCLASSED: Final = "none"
"""What a plan calls the outlets that nobody has put into a class."""
PLANNED_CLASSES: Final = (*OUTLET_CLASSES, UNCLASSED)
MOST_DAYS: Final = 366
"""Days of a period at most, of which visits are compared with the plan."""


_PLAN: Final = re.compile(
    r"(?P<user>.+) (?P<days>[1-7,]*) /(?P<weeks>\d+) "
    r"(?P<first>[\d-]{10})\.\.(?P<last>[\d-]{10})?(?: (?P<classes>[a-z,]+))?"
)


@dataclass(frozen=True, slots=True)
class Journey:
    """Who walks a beat: on which days of the week, in every how many weeks, from when to when.

    `weekdays` has bit 0 for Monday; weeks are counted from the week of `from_day`. With `classes`
    it is of the beat's outlets of these alone: `("a",)` each week beside `("b", "c")` every fourth.
    """

    id: int
    user: str
    beat: int
    weekdays: int
    every_weeks: int
    from_day: date
    until_day: date | None = None
    classes: tuple[str, ...] = ()
    seller: int = 0

    def takes(self, outlet_class: str | None) -> bool:
        """Say whether the plan is of outlets of a class, None of those without one."""
        return not self.classes or (outlet_class or UNCLASSED) in self.classes

    def is_in_force(self, day: date) -> bool:
        """Say whether a day lies between the plan's first and its last."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

    def is_on(self, day: date) -> bool:
        """Say whether the plan has the beat walked on a day, if that is worked."""
        if not self.is_in_force(day) or not self.weekdays >> day.weekday() & 1:
            return False
        return _week_of(day, self.from_day) % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class Stop:
    """An outlet on a beat, from a day to a day; `place` is its number on the way.

    `region` is where it lies: what is worked there says on which days it is planned. Its class of
    these days says by which plans; one that is put into another class has a stop for each.
    """

    beat: int
    outlet: int
    place: int
    from_day: date
    until_day: date | None = None
    outlet_class: str | None = None
    region: str = ""

    def is_on(self, day: date) -> bool:
        """Say whether the outlet is on the beat on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


def _week_of(day: date, first: date) -> int:
    monday = first - timedelta(days=first.weekday())
    return (day - monday).days // WEEKDAYS


def walks_on(
    day: date,
    journeys: Collection[Journey],
    stops: Mapping[int, Sequence[Stop]],
    *,
    calendar: Calendar,
) -> Iterator[tuple[Journey, int]]:
    """Give by which journey an outlet is to be visited on a day, in the order of the way.

    A person is to visit no outlet twice. Nobody is to visit an outlet where somebody said that the
    beat's seller does not work on that day. A Sunday is planned as any other day until that is
    said.
    """
    seen: set[tuple[str, int]] = set()
    for journey in journeys:
        if not journey.is_on(day):
            continue
        for stop in sorted(stops.get(journey.beat, ()), key=lambda one: one.place):
            pair = (journey.user, stop.outlet)
            if not stop.is_on(day) or not journey.takes(stop.outlet_class) or pair in seen:
                continue
            if not calendar.of(journey.seller, stop.region).is_kept_free(day):
                seen.add(pair)
                yield journey, stop.outlet


def planned_on(
    day: date,
    journeys: Collection[Journey],
    stops: Mapping[int, Sequence[Stop]],
    *,
    calendar: Calendar,
) -> Iterator[tuple[str, int]]:
    """Give who is to visit which outlet on a day, in the order of the way; none of them twice."""
    for journey, outlet in walks_on(day, journeys, stops, calendar=calendar):
        yield journey.user, outlet


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


def is_unplanned(outlet_class: str | None, journeys: Collection[Journey], *, day: date) -> bool:
    """Say whether a beat is walked from a day on, but nobody comes to its outlets of a class."""
    going = [one for one in journeys if one.until_day is None or one.until_day >= day]
    return bool(going) and not any(one.takes(outlet_class) for one in going)


def write_plan(plan: Journey) -> str:
    """Write a plan as the history has it: `ravi 1,4 /2 2026-11-02.. a,b`."""
    days = ",".join(str(one + 1) for one in range(WEEKDAYS) if plan.weekdays >> one & 1)
    until = plan.until_day.isoformat() if plan.until_day else ""
    classes = f" {','.join(plan.classes)}" if plan.classes else ""
    return f"{plan.user} {days} /{plan.every_weeks} {plan.from_day.isoformat()}..{until}{classes}"


def read_plan(text: str) -> Journey | None:
    """Read a plan of the history; None where the text is none."""
    found = _PLAN.fullmatch(text)
    if found is None:
        return None
    return Journey(
        id=0,
        user=found["user"],
        beat=0,
        weekdays=sum(1 << int(one) - 1 for one in found["days"].split(",") if one),
        every_weeks=int(found["weeks"]),
        from_day=date.fromisoformat(found["first"]),
        until_day=date.fromisoformat(found["last"]) if found["last"] else None,
        classes=tuple(found["classes"].split(",")) if found["classes"] else (),
    )
