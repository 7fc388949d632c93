"""The stretches of days that people ask about by a word: today, last week, the financial year."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from hub.desk.reports.model.requests import Period

_A_DAY: Final = timedelta(days=1)
_APRIL: Final = 4


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _year(day: date) -> date:
    """Give the first day of the financial year, which begins on 1 April."""
    return date(day.year if day.month >= _APRIL else day.year - 1, _APRIL, 1)


def _before(first: Callable[[date], date]) -> Callable[[date], tuple[date, date]]:
    def give(today: date) -> tuple[date, date]:
        end = first(today) - _A_DAY
        return first(end), end

    return give


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


_PERIODS: Final[Mapping[str, Callable[[date], tuple[date, date]]]] = MappingProxyType(
    {
        "today": lambda today: (today, today),
        "yesterday": lambda today: (today - _A_DAY, today - _A_DAY),
        "last_7_days": lambda today: (today - 6 * _A_DAY, today),
        "last_30_days": lambda today: (today - 29 * _A_DAY, today),
        "this_week": lambda today: (_week(today), today),
        "last_week": _before(_week),
        "this_month": lambda today: (_month(today), today),
        "last_month": _before(_month),
        "this_quarter": lambda today: (_quarter(today), today),
        "last_quarter": _before(_quarter),
        "fy": lambda today: (_year(today), today),
        "last_fy": _before(_year),
    }
)
PERIODS: Final = tuple(_PERIODS)
"""The words of periods, in the order in which they are offered."""


def period_of(expr: str, today: date) -> Period:
    """Give the days of a word; weeks begin on Monday, and nothing lies after today.

    On Saturday 21 November 2026, `last_week` is 9 to 15 November.
    """
    return Period(expr, *_PERIODS[expr](today))


def before(period: Period) -> Period:
    """Give as many days right before a period: of 9 to 15 November, 2 to 8 November."""
    length = period.last - period.first + _A_DAY
    return Period("before", period.first - length, period.last - length)


def year_before(period: Period) -> Period:
    """Give the same days a year earlier; 29 February is 28 February then."""
    return Period("year_before", _earlier(period.first), _earlier(period.last))


def _earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def last_of(span: str, first: date) -> date:
    """Give the last day of a stretch of time that begins on a day."""
    if span == "day":
        return first
    if span == "week":
        return first + timedelta(days=6)
    months = first.year * 12 + first.month - 1 + (1 if span == "month" else 3)
    return date(months // 12, months % 12 + 1, 1) - _A_DAY


_FIRST_OF: Final[Mapping[str, Callable[[date], date]]] = MappingProxyType(
    {"day": lambda day: day, "week": _week, "month": _month, "quarter": _quarter}
)


def first_of(span: str, day: date) -> date:
    """Give the first day of the stretch of time that a day lies in: of its week, the Monday."""
    return _FIRST_OF[span](day)


def stretches(span: str, period: Period) -> list[date]:
    """Give the first days of all stretches of time that a period touches, empty ones too."""
    found = [_FIRST_OF[span](period.first)]
    while (following := last_of(span, found[-1]) + _A_DAY) <= period.last:
        found.append(following)
    return found
