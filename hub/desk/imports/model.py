"""What a file of masters says: which column is which field, and what becomes of each row."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from hub.base.fields import Duplicate, Reason
from hub.desk.parties.model.cells import EMPTY, clean, digits_of

Action = Literal["add", "change", "same", "refuse", "leave"]
State = Literal["mapping", "checked", "running", "done"]
Dates = Literal["year_month_day", "day_month_year", "month_day_year"]
DATES: Final[tuple[Dates, ...]] = ("year_month_day", "day_month_year", "month_day_year")
"""In which order a file has its dates: `03/04/2026` is a day in April or one in March."""
_WRITTEN_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of masters: its fields, and those without which a row says nothing.

    `key` are the fields that name the record, `words` the family that words the fields, `days`
    the fields that hold a date, `also` the names of columns that other programs give to a field.
    Where `grouped`, neighbouring rows of one key are one record, taken whole or not at all. Who
    takes such a file needs the `permission`, too.
    """

    name: str
    fields: tuple[str, ...]
    needed: tuple[str, ...]
    key: tuple[str, ...]
    words: str
    days: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    grouped: bool = False
    permission: str = ""


class Mark(NamedTuple):
    """Something that may stand once in a file: as people take it, and as it is written."""

    field: str
    look: str
    text: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of a row; `row` is the line on which it begins in the file.

    `changed` are the fields that differ, `waiting` those that a second person has to let pass,
    `duplicates` the customers that it may be already.
    """

    row: int
    key: str
    action: Action
    changed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


class ColumnsError(ValueError):
    """The columns of a file are not those of the kind; `reasons` say all that is wrong."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(reasons[0].code)
        self.reasons: Final = tuple(reasons)


def map_columns(
    kind: ImportKind, header: Sequence[str], given: Mapping[str, str]
) -> Mapping[str, str]:
    """Give the field of each column: as a person said, else by its name; raises ColumnsError.

    A column that nobody knows is a fault until a person says what it is; `column=` leaves it out.
    """
    found: dict[str, str] = {}
    reasons = [Reason("column_missing", {"column": one}) for one in given if one not in header]
    for column in header:
        name = given.get(column, _field_named(kind, column))
        if name and name not in kind.fields:
            fields = list(kind.fields)
            reasons.append(Reason("column_unknown", {"column": column, "fields": fields}))
        elif name and name in found.values():
            reasons.append(Reason("column_doubled", {"column": column, "field": name}))
        elif name:
            found[column] = name
    reasons += [
        Reason("field_missing", {"field": one}) for one in kind.needed if one not in found.values()
    ]
    if reasons:
        raise ColumnsError(reasons)
    return found


def guess_columns(
    kind: ImportKind, header: Sequence[str], given: Mapping[str, str]
) -> Mapping[str, str]:
    """Suggest the field of each column, empty for one that nobody knows; no field twice."""
    guessed: dict[str, str] = {}
    for column in header:
        name = given.get(column, _field_named(kind, column))
        free = name in kind.fields and name not in guessed.values()
        guessed[column] = name if free else ""
    return guessed


def _field_named(kind: ImportKind, column: str) -> str:
    """Give the field that a column is by its name, or the name where no field has it."""
    plain = re.sub(r"[\s\-.]+", "_", clean(column).casefold())
    return plain if plain in kind.fields else kind.also.get(plain, plain)


def texts_of(cells: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """Give a row's texts by field: blank cells are left out, `(empty)` is an empty text."""
    texts = {}
    for column, name in columns.items():
        cell = clean(cells[column])
        if cell:
            texts[name] = "" if cell.casefold() == EMPTY else cells[column]
    return texts


def write_day(text: str, dates: Dates) -> str:
    """Write a date of the order that a person said as year-month-day; another text stays."""
    found = _WRITTEN_DAY.fullmatch(digits_of(text))
    if found is None or dates == "year_month_day":
        return text
    first, second, year = found.groups()
    day, month = (first, second) if dates == "day_month_year" else (second, first)
    return f"{year}-{month:0>2}-{day:0>2}"


def write_told(one: RowOutcome) -> str:
    """Write what became of a row as JSON, but its line, key and action."""
    told = {
        "changed": one.changed,
        "waiting": one.waiting,
        "reasons": one.reasons,
        "duplicates": [[d.code, d.name, d.city, d.by] for d in one.duplicates],
    }
    return json.dumps(told, ensure_ascii=False)


def read_told(row: int, key: str, action: Action, *, told: str) -> RowOutcome:
    """Read what became of a row back."""
    said = json.loads(told)
    return RowOutcome(
        row,
        key,
        action,
        tuple(said["changed"]),
        tuple(said["waiting"]),
        tuple(Reason(*one) for one in said["reasons"]),
        tuple(Duplicate(*one) for one in said["duplicates"]),
    )


def write_rows(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Write rows of a file in its own columns, so that the file can be taken again."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return "\ufeff" + stream.getvalue()
