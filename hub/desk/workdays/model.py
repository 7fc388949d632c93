"""Which days are worked: the days of the week, and single days that are otherwise. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, get_args

from hub.base.fields import LONGEST_REASON, Reason
from hub.desk.parties.model.cells import CellError, digits_of, read_choice, read_day, read_path
from hub.desk.parties.model.cells import read_text as read_words

Mark = Literal["off", "work"]
"""What a single day is whatever its day of the week: nobody works, or people do."""
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
MARK_FIELDS: Final = ("day", "name", "name_hi", "mark", "region", "why")
"""What is said of a single day, as texts; a file has the same as columns."""
WEEK_FIELDS: Final = ("weekdays", "from_day", "region", "why")
WEEKDAYS: Final = 7
USUAL: Final = 0b0111111
"""Monday to Saturday, where nobody has said anything else."""
YEARS: Final = range(2000, 2200)
"""The years whose working days can be said: those that page and command show."""
_LONGEST_NAME: Final = 100
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """The days of the week that are worked from a day on; `weekdays` has bit 0 for Monday.

    It is of a seller, by its row id, and of those below it; of a region (`IN/KA`) with all in it,
    or without one of all regions.
    """

    seller: int
    region: str
    from_day: date
    weekdays: int


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """A single day that is a holiday, or is worked although it would be none."""

    seller: int
    region: str
    day: date
    mark: Mark
    name: str
    name_hi: str = ""

    def words(self, language: str) -> str:
        """Give the day's name in a language; without one in Hindi, the English one."""
        return self.name_hi if language == "hi" and self.name_hi else self.name


@dataclass(frozen=True, slots=True)
class Workdays:
    """The days on which is worked at one place: its weeks, the nearest first, and single days."""

    weeks: tuple[Week, ...] = ()
    marks: Mapping[date, MarkedDay] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool:
        """Say whether a day is worked: as it is marked, else by its day of the week."""
        marked = self.marks.get(day)
        if marked is not None:
            return marked.mark == "work"
        return bool(self.week_on(day) >> day.weekday() & 1)

    def is_kept_free(self, day: date) -> bool:
        """Say whether somebody said that a day is not worked: by its mark, or by a week.

        The usual week keeps nothing free: a Sunday on which a beat is planned stays planned until
        somebody says that Sundays are not worked.
        """
        return not self.is_worked(day) and (day in self.marks or self.said_week(day) is not None)

    def week_on(self, day: date) -> int:
        """Give the days of the week that are worked as of a day, bit 0 for Monday."""
        said = self.said_week(day)
        return USUAL if said is None else said

    def said_week(self, day: date) -> int | None:
        """Give the days of the week that somebody said for a day; None where nobody did."""
        return next((one.weekdays for one in self.weeks if one.from_day <= day), None)

    def count(self, first: date, last: date) -> int:
        """Count the working days of a period: 1 to 30 November 2026 are 25 without a holiday."""
        return sum(self.is_worked(day) for day in days_of(first, last))


@dataclass(frozen=True, slots=True)
class Calendar:
    """All weeks and marked days that somebody sees, and each seller with those above it.

    What is said for a place counts before what is said for what it lies in: of two marks of one
    day, that of the nearer seller; of one seller, that of the smaller region. So a house works on
    Diwali where its region `IN/KA` does, although its company does not.
    """

    weeks: tuple[Week, ...] = ()
    marks: tuple[MarkedDay, ...] = ()
    above: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    _known: dict[tuple[int, str], Workdays] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, seller: int, region: str = "") -> Workdays:
        """Give the working days of a seller, or of what it does in a region."""
        key = (seller, region)
        if key not in self._known:
            self._known[key] = self._read(seller, region)
        return self._known[key]

    def _read(self, seller: int, region: str) -> Workdays:
        sellers = {one: place for place, one in enumerate((seller, *self.above.get(seller, ())))}

        def is_of(one: Week | MarkedDay) -> bool:
            return one.seller in sellers and is_within(region, one.region)

        def nearness(one: Week | MarkedDay) -> tuple[int, int]:
            return -sellers[one.seller], len(one.region)

        weeks = sorted(
            filter(is_of, self.weeks), key=lambda one: (*nearness(one), one.from_day), reverse=True
        )
        marks = sorted(filter(is_of, self.marks), key=nearness)
        return Workdays(tuple(weeks), {one.day: one for one in marks})


def is_within(region: str, of: str) -> bool:
    """Say whether a region lies in another, or is it: `IN/KA/BLR` in `IN/KA`, all in none."""
    return not of or region == of or region.startswith(f"{of}/")


def days_of(first: date, last: date) -> Iterator[date]:
    """Give the days of a period, both of its ends with it."""
    for number in range((last - first).days + 1):
        yield first + number * _A_DAY


def mask_of(weekdays: str) -> int | None:
    """Read days of the week, Monday is 1: `1,2,3,4,5,6`; None where they are none."""
    mask = 0
    for one in digits_of(weekdays).split(","):
        number = one.strip()
        if not (len(number) == 1 and number in "1234567"):
            return None
        mask |= 1 << int(number) - 1
    return mask


def said_weekdays(mask: int) -> str:
    """Write days of the week as they are typed."""
    return ",".join(str(one + 1) for one in range(WEEKDAYS) if mask >> one & 1)


@dataclass(frozen=True, slots=True)
class AskedMark:
    """A single day as somebody wants it."""

    day: date
    name: str
    name_hi: str
    mark: Mark
    region: str
    why: str


@dataclass(frozen=True, slots=True)
class AskedWeek:
    """The days of the week that somebody wants worked from a day on."""

    weekdays: int
    from_day: date
    region: str
    why: str


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """Of which day and region somebody takes back what was said, and why."""

    day: date
    region: str
    why: str


def read_mark(texts: Mapping[str, str]) -> AskedMark | tuple[Reason, ...]:
    """Read a single day from texts, or give everything that is wrong with them at once."""
    faults: list[Reason] = []
    day, region, why = _when_and_where(texts, "day", faults)
    names = {}
    for name in ("name", "name_hi"):
        try:
            names[name] = read_words(texts.get(name, ""), most=_LONGEST_NAME)
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    mark: Mark = "off"
    try:
        mark = "work" if read_choice(texts.get("mark") or "off", MARKS) == "work" else "off"
    except CellError as error:
        faults.append(error.reason._replace(field="mark"))
    if not names.get("name", "-"):
        faults.append(Reason("cell_empty", {}, "name"))
    if faults:
        return tuple(faults)
    return AskedMark(day, names["name"], names["name_hi"], mark, region, why)


def read_week(texts: Mapping[str, str]) -> AskedWeek | tuple[Reason, ...]:
    """Read the days of a week from texts, or give everything that is wrong with them at once."""
    faults: list[Reason] = []
    day, region, why = _when_and_where(texts, "from_day", faults)
    mask = mask_of(texts.get("weekdays", ""))
    if mask is None:
        faults.append(Reason("workday_week", {}, "weekdays"))
    return tuple(faults) if faults or mask is None else AskedWeek(mask, day, region, why)


def read_place(texts: Mapping[str, str]) -> AskedPlace | tuple[Reason, ...]:
    """Read of which day and region something is said, and why; or give what is wrong with it."""
    faults: list[Reason] = []
    day, region, why = _when_and_where(texts, "day", faults)
    return tuple(faults) if faults else AskedPlace(day, region, why)


def _when_and_where(
    texts: Mapping[str, str], name: str, faults: list[Reason]
) -> tuple[date, str, str]:
    day, region, why = date.min, "", ""
    try:
        day = read_day(texts.get(name, ""))
        if day.year not in YEARS:
            faults.append(
                Reason("workday_year", {"first": str(YEARS[0]), "last": str(YEARS[-1])}, name)
            )
    except CellError as error:
        faults.append(error.reason._replace(field=name))
    try:
        region = read_path(texts.get("region", ""))
    except CellError as error:
        faults.append(error.reason._replace(field="region"))
    try:
        why = read_words(texts.get("why", ""), most=LONGEST_REASON)
    except CellError as error:
        faults.append(error.reason._replace(field="why"))
    return day, region, why
