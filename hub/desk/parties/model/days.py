"""On which day an order is brought: the next of the weekdays on which its customer is visited."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST_DAYS: Final = 366
"""So many days ahead are asked for; 31 December 9999 is no day that anybody means."""
_WEEK: Final = 7
_KEPT: Final = 4_096
"""How many answers are remembered: the orders of a day ask for the same few."""


def last_wanted(today: date) -> date:
    """Give the last day on which goods may be wanted: on 21 November 2026, 22 November 2027."""
    return today + timedelta(days=FURTHEST_DAYS)


def misses(wanted: date, today: date) -> Literal["past", "far"] | None:
    """Say why goods cannot be wanted on a day, wherever it is said; None where they can."""
    if wanted < today:
        return "past"
    return "far" if wanted > last_wanted(today) else None


@lru_cache(maxsize=_KEPT)
def delivery_day(ordered: date, weekdays: str, *, promised: date | None = None) -> date:
    """Give the day on which an order is due at its customer.

    `weekdays` are those of the customer, `mon,thu`; empty is any. An order of a Tuesday is due on
    Thursday, one of a Thursday on Monday: the day of the order itself is too late to be loaded.
    Without weekdays it is the day after. A day that was `promised`, as for goods that are brought
    again, counts instead.
    """
    if promised is not None:
        return promised
    among = {DAYS.index(day) for day in weekdays.split(",") if day in DAYS} or set(range(_WEEK))
    days = (ordered + timedelta(days=after) for after in range(1, _WEEK + 1))
    return next(day for day in days if day.weekday() in among)
