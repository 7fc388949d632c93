"""Lines of stock documents as they are typed, scanned or sent: read whole, every fault told."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, TypeVar

from hub.base.fields import Reason
from hub.desk.parties.model import cells
from hub.desk.parties.model.cells import CellError

Value = TypeVar("Value")
Texts = Mapping[str, str]
ROW_FIELDS: Final = ("code", "batch", "manufactured", "expiry", "quantity", "expected")
"""What a row of a stock document may hold; `code` is a SKU or anything that a scanner reads."""
MOST_ROWS: Final = 500
MOST_UNITS: Final = 9_999_999
"""Base units of one row at the most: a bar code typed in its place has 8 digits or more."""
_YEARS: Final = range(2000, 2100)
NEVER: Final = ("-", cells.EMPTY)
"""What is typed as the expiry of goods that do not expire."""
_KEY: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Reading:
    """Reads named cells; what is wrong with one is added to the faults under its name."""

    texts: Texts
    faults: list[Reason]
    before: str = ""

    def cell(self, name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        """Read a cell, or give something else where it cannot be read."""
        try:
            return read(self.texts.get(name, ""))
        except CellError as error:
            self.faults.append(error.reason._replace(field=f"{self.before}{name}"))
            return otherwise


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One batch of a product with a quantity in base units.

    `never_expires` says so of a new batch: a blank expiry is of a batch that is there already.
    """

    line: int
    code: str
    batch: str
    quantity: int
    manufactured: date | None = None
    expiry: date | None = None
    never_expires: bool = False
    expected: int | None = None


def rows_of(texts: Texts, *, in_place: bool = False) -> list[dict[str, str]]:
    """Give the rows of a form, whose fields have one line for each row; blank rows are left out.

    A row that somebody empties while they stand in the form keeps its place: rows are `in_place`
    where only the blank ones at the end are left out.
    """
    columns = {name: texts.get(name, "").split("\n") for name in ROW_FIELDS}
    most = max(len(column) for column in columns.values())
    rows = [
        {name: column[n].strip() if n < len(column) else "" for name, column in columns.items()}
        for n in range(most)
    ]
    last = max((n for n, row in enumerate(rows, 1) if any(row.values())), default=0)
    return rows[:last] if in_place else [row for row in rows if any(row.values())]


def texts_of(rows: Sequence[Texts]) -> dict[str, str]:
    """Give the fields of a form that hold these rows."""
    return {name: "\n".join(row.get(name, "") for row in rows) for name in ROW_FIELDS}


def read_lines(rows: Sequence[Texts]) -> tuple[list[AskedLine], list[Reason]]:
    """Read rows; the field of each fault is the row's number and the name of its cell: `2.expiry`.

    Blank rows are none. A document without a row, or of more than 500, is a fault of the whole.
    """
    if not any(any(row.values()) for row in rows):
        return [], [Reason("stock_no_lines")]
    if len(rows) > MOST_ROWS:
        return [], [Reason("stock_too_many_lines", {"lines": len(rows), "most": MOST_ROWS})]
    lines: list[AskedLine] = []
    faults: list[Reason] = []
    for number, row in enumerate(rows, 1):
        if not any(row.values()):
            continue
        read = Reading(row, faults, f"{number}.")
        one = AskedLine(
            number,
            read.cell("code", cells.read_code, ""),
            read.cell("batch", cells.read_code, ""),
            read.cell("quantity", partial(read_units, least=1), 0),
            read.cell("manufactured", read_day, None),
            read.cell("expiry", read_day, None),
            never_expires=row.get("expiry", "").strip() in NEVER,
            expected=read.cell("expected", _read_expected, None),
        )
        faults += _unlikely(one)
        if one.manufactured and one.expiry and one.expiry < one.manufactured:
            params = {"expiry": one.expiry.isoformat(), "made": one.manufactured.isoformat()}
            faults.append(Reason("batch_dates_crossed", params, f"{number}.expiry"))
        lines.append(one)
    return lines, faults


def _unlikely(one: AskedLine) -> list[Reason]:
    """Tell what nobody means: a day of another century."""
    at, faults = f"{one.line}.", []
    for name in ("manufactured", "expiry"):
        day: date | None = getattr(one, name)
        if day is not None and day.year not in _YEARS:
            faults.append(Reason("stock_day_unlikely", {"day": day.isoformat()}, f"{at}{name}"))
    return faults


def read_day(text: str) -> date | None:
    """Read a date, or None where there is none."""
    return None if text.strip() in {"", *NEVER} else cells.read_day(text)


def is_past(text: str, today: date) -> bool:
    """Say whether a date that was typed lies before today: what is no date does not."""
    try:
        day = read_day(text)
    except CellError:
        return False
    return day is not None and day < today


def read_units(text: str, *, least: int = 0) -> int:
    """Read a quantity in base units."""
    return cells.read_count(text, least=least, most=MOST_UNITS)


def _read_expected(text: str) -> int | None:
    return read_units(text) if text.strip() else None


def read_key(text: str) -> str:
    """Read the key that makes a document one, however often it is sent; raises CellError."""
    key = text.strip()
    if not _KEY.fullmatch(key):
        raise CellError("stock_key", value=key[:64])
    return key
