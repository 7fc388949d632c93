"""What somebody wants of a list: filters, free text, an order of its rows, and a place in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column the rows of a list are sorted."""

    by: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a page of a list begins after or, where `backwards`, ends before.

    `value` is what the row has in the column that the list is sorted by, `key` is the row's own
    id, as text.
    """

    value: str
    key: str
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows.

    `chosen` has the values of each filter that is set: `{"status": ("held",)}`. A range has two, of
    which one may be empty: `{"placed": ("2026-11-01", "")}`; amounts are of the minor unit.
    """

    sort: Sorting
    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place | None = None
    size: int = PAGE

    def one(self, name: str) -> str | None:
        """Give the value of a filter of one value, None where it is not set."""
        values = self.chosen.get(name, ())
        return values[0] if values else None

    def dates(self, name: str) -> tuple[date | None, date | None]:
        """Give the first and the last day of a range, None where it is open."""
        first, last = self.chosen.get(name, ("", ""))
        return (
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
        )

    def amounts(self, name: str) -> tuple[int | None, int | None]:
        """Give the least and the most of a range of amounts or counts, None where it is open."""
        least, most = self.chosen.get(name, ("", ""))
        return int(least) if least else None, int(most) if most else None
