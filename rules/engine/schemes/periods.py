"""The periods that schemes count in, and the scope of a counter in each of them."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from rules.language.vocabulary import Each

EVERYBODY: Final = "total"
"""Who is counted where a limit is for all customers together."""


_PERIOD: Final = re.compile(r"@\d{4}")


def scope_of(who: str, each: Each, day: date) -> str:
    """Name a counter's scope: `C7@2026-11`, `total@2026-Q4`, `C7@2026-W47`, or `C7` alone."""
    if each == "scheme":
        return who
    if each == "day":
        return f"{who}@{day.isoformat()}"
    if each == "week":
        year, week, _ = day.isocalendar()
        return f"{who}@{year:04}-W{week:02}"
    if each == "month":
        return f"{who}@{day.year:04}-{day.month:02}"
    if each == "quarter":
        return f"{who}@{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{who}@{day.year:04}"


def is_scope(name: str) -> bool:
    """Tell whether a customer of this id could be taken for everybody, or for a period."""
    return name == EVERYBODY or _PERIOD.search(name) is not None


def scopes_of(customers: Iterable[str], periods: Collection[Each], day: date) -> list[str]:
    """Name every scope that orders of these customers may be counted in on a day, sorted."""
    return sorted({scope_of(who, each, day) for who in (EVERYBODY, *customers) for each in periods})
