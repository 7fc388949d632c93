"""What a report answers: columns, rows, totals that are right, and what they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hub.desk.reports.model.measures import MEASURES, Measure
from hub.desk.reports.model.requests import ReportRequest
from rules import names_in

Value = str | int | date | None
Kind = Literal["text", "day", "word", "money", "moment", "count", "percent"]
_HUNDRED_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its name, the id of its words, and how its values are written.

    `family` names the words of a `word`; `span` is the stretch of time that a day begins.
    """

    name: str
    label: str
    kind: Kind
    family: str = ""
    span: str = ""

    @property
    def is_figure(self) -> bool:
        """Say whether the column is one of numbers."""
        return self.kind in {"money", "count", "percent"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its key, its values by column, its code, and the address of its record."""

    key: str
    values: Mapping[str, Value]
    code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The totals of another period, from `first` to `last`."""

    name: str
    first: date
    last: date
    totals: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report comes to; `count` is of all rows, of which `lines` may be a page.

    `grain` is what one row is of, `main` the measure that charts and shares are made of. Amounts
    are in `currency`; where rows are in several currencies it is empty, and amounts are left out.
    `sorts` name the column that each word of a sort means. `texts` are what rows are called, by
    their key and language, where they are called something: `""` is for all languages.
    """

    request: ReportRequest
    grain: str
    headings: Sequence[Heading]
    lines: Sequence[Line]
    totals: Mapping[str, int | None]
    count: int
    main: str
    currency: str
    scale: int
    sorts: Mapping[str, str]
    compared: Sequence[Compared] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def measures(self) -> Sequence[Measure]:
        """Give the measures that are shown, in their order."""
        return [MEASURES[one.name] for one in self.headings if one.name in MEASURES]

    def called(self, key: str, language: str) -> str:
        """Give what a row is called in a language; empty where its label is all there is."""
        return names_in(self.texts, language)[key] if key in self.texts else ""


def quotient(measure: Measure, part: int | None, whole: int | None) -> int | None:
    """Divide as a ratio is divided, half up; None where there is nothing to divide by.

    3 of 8 are 3750, which is 37.50 %; 100.00 over 3 orders are 33.33.
    """
    if part is None or not whole:
        return None
    factor = _HUNDRED_PERCENT if measure.unit == "percent" else 1
    return (2 * part * factor + whole) // (2 * whole)
