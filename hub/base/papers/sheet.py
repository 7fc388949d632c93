"""What a printed table says, in words already: what was asked, totals, a chart, all its rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """The heading of a column; figures stand at the right."""

    text: str
    figures: bool = False


@dataclass(frozen=True, slots=True)
class SheetTotal:
    """One total, with what it is compared with line by line."""

    label: str
    value: str
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetBar:
    """One bar of a chart: what it is of, its figure, and its length of 100."""

    words: str
    said: str
    size: int


@dataclass(frozen=True, slots=True)
class SheetChart:
    """Bars side by side for stretches of time, or `lying` below each other for names."""

    title: str
    most: str
    bars: tuple[SheetBar, ...]
    lying: bool


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A table on paper: `told` is what was asked for, `last` the row of totals.

    `left_out` says how many rows are missing, empty where none is; `notes` say what is counted.
    """

    title: str
    language: str
    told: tuple[tuple[str, str], ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    last: tuple[str, ...] = ()
    totals: tuple[SheetTotal, ...] = ()
    chart: SheetChart | None = None
    days: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    left_out: str = ""
