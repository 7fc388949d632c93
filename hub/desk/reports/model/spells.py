"""Stretches of a period, each beside the stretch before it and the same one a year earlier."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from hub.desk.reports.model.periods import before, last_of, stretches, year_before
from hub.desk.reports.model.requests import Period

When = Literal["now", "before", "year"]
WHENS: Final[tuple[When, ...]] = ("now", "before", "year")
_A_DAY: Final = timedelta(days=1)
_52_WEEKS: Final = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Spell:
    """Days that count in the row of a stretch; `key` is that stretch's first day, or empty."""

    key: str
    when: When
    first: date
    last: date


def whole_spells(period: Period) -> list[Spell]:
    """Give a period, as many days right before it, and the same days a year earlier."""
    three = (period, before(period), year_before(period))
    return [Spell("", when, one.first, one.last) for when, one in zip(WHENS, three, strict=True)]


def spells_of(span: str, period: Period) -> list[Spell]:
    """Give each stretch of a period with the two that it stands beside, cut as the period cuts it.

    Of 1 April to 21 November by month, November is 1 to 21 November beside 1 to 21 October, and
    beside 1 to 21 November of the year before. A day or a week is compared with the one 52 weeks
    before, which has the same days of the week.
    """
    found: list[Spell] = []
    for begin in stretches(span, period):
        first, last = max(begin, period.first), min(last_of(span, begin), period.last)
        key = begin.isoformat()
        found.append(Spell(key, "now", first, last))
        others = {"before": _stretch_before(span, begin), "year": _year_earlier(span, begin)}
        for when in WHENS[1:]:
            there = _same_part(span, others[when], begin=begin, first=first, last=last)
            if there is not None:
                found.append(Spell(key, when, *there))
    return found


def _stretch_before(span: str, begin: date) -> date:
    return stretches(span, Period("", begin - _A_DAY, begin - _A_DAY))[0]


def _year_earlier(span: str, begin: date) -> date:
    return begin - _52_WEEKS if span in {"day", "week"} else begin.replace(year=begin.year - 1)


def _same_part(
    span: str, other: date, *, begin: date, first: date, last: date
) -> tuple[date, date] | None:
    """Give the days of the stretch `other` that match the days `first` to `last` of `begin`.

    All of March stands beside all of February; 30 and 31 March have nothing to stand beside.
    """
    end = last_of(span, other)
    begun = other + (first - begin)
    is_whole = last == last_of(span, begin)
    ended = end if is_whole else min(other + (last - begin), end)
    return (begun, ended) if begun <= ended else None
