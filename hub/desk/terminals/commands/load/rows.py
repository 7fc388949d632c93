"""Read rows of a CSV text into records, keeping every fault with its file and row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from hub.base.fields.words import sentence
from hub.base.sheets import COMMA, SheetError, read_sheet
from hub.desk.parties.model.cells import CellError, look_of_code, read_code, read_text
from rules import scaled

_MAX_COUNT: Final = 10**12
_UNIT_PRICE_SCALE: Final = 4

Record = TypeVar("Record")


class RowFaultError(Exception):
    """A cell that cannot be read; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where; `row` counts lines from 1, 0 is the file as a whole."""

    file: str
    row: int
    text: str

    def __str__(self) -> str:
        """Write it the way editors jump to."""
        return f"{self.file}:{self.row}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row's cells by column."""

    cells: Mapping[str, str]

    def text(self, column: str, limit: int = 200) -> str:
        """Read a cell that must not be empty."""
        value = self.optional(column, limit)
        if not value:
            raise RowFaultError(f"{column} is empty")
        return value

    def optional(self, column: str, limit: int = 200) -> str:
        """Read a cell that may be empty or left out."""
        return self._read(column, lambda cell: read_text(cell, most=limit))

    def code(self, column: str) -> str:
        """Read an identifier of 1 to 64 characters."""
        if not self.optional(column):
            raise RowFaultError(f"{column} is empty")
        return self._read(column, read_code)

    def _read(self, column: str, read: Callable[[str], str]) -> str:
        try:
            return read(self.cells.get(column, ""))
        except CellError as error:
            raise RowFaultError(f"{column}: {sentence(error.reason)}") from error

    def choice(self, column: str, choices: Sequence[str]) -> str:
        """Read one of some words; an empty cell is none of them, and never the first."""
        value = self.optional(column)
        if value not in choices:
            raise RowFaultError(f"{column} {value!r} is none of {', '.join(choices)}")
        return value

    def count(self, column: str, *, default: int | None = None) -> int:
        """Read a whole number that is not negative."""
        value = self.optional(column)
        if not value and default is not None:
            return default
        if not value.isascii() or not value.isdigit() or int(value) > _MAX_COUNT:
            raise RowFaultError(f"{column} {value!r} is not a whole number of 0 or more")
        return int(value)

    def amount(self, column: str, scale: int) -> int:
        """Read an amount of the major unit as minor units; empty is zero."""
        value = self.optional(column)
        try:
            return scaled(value, scale) if value else 0
        except ValueError as error:
            raise RowFaultError(f"{column}: {error}") from error

    def unit_price(self, column: str) -> int | None:
        """Read a price of the major unit as 1/10,000 of it; None where there is none."""
        value = self.optional(column)
        try:
            price = scaled(value, _UNIT_PRICE_SCALE) if value else None
        except ValueError as error:
            raise RowFaultError(f"{column}: {error}") from error
        if price is not None and price <= 0:
            raise RowFaultError(f"{column} {value!r} is not above zero: leave it empty")
        return price

    def day(self, column: str) -> date:
        """Read a date as year-month-day."""
        value = self.text(column)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise RowFaultError(f"{column} {value!r} is not a date such as 2026-03-31") from error

    def optional_day(self, column: str) -> date | None:
        """Read a date that may be left out."""
        return self.day(column) if self.optional(column) else None

    def path(self, column: str) -> tuple[str, ...]:
        """Read a path of nodes such as `food/snacks`."""
        value = self.optional(column)
        nodes = tuple(node.strip() for node in value.split("/")) if value else ()
        if not all(nodes):
            raise RowFaultError(f"{column} {value!r} has an empty node")
        return nodes


@dataclass(slots=True)
class TableReader:
    """Reads CSV texts by name and collects the faults of all of them."""

    texts: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """The files that cannot be read at all: what they would name is not held against others."""

    def read(
        self,
        file: str,
        read_row: Callable[[Row], Record],
        *,
        columns: Sequence[str],
        key: Callable[[Record], object],
        optional: Sequence[str] = (),
    ) -> tuple[Record, ...]:
        """Read one file; rows with faults are left out, a key that comes twice is a fault.

        Of the columns the optional ones may be left out.
        """
        records: list[Record] = []
        seen: dict[object, int] = {}
        looks: dict[str, str] = {}
        for number, row in self._rows(file, columns, optional):
            try:
                record = read_row(row)
            except RowFaultError as error:
                self.fault(file, number, str(error))
                continue
            if key(record) in seen:
                text = f"{_shown(key(record))} is there already, in row {seen[key(record)]}"
                self.fault(file, number, text)
                continue
            shown = _shown(key(record))
            other = looks.setdefault(look_of_code(shown), shown)
            if other != shown:
                self.fault(file, number, f"{shown!r} looks like {other!r}: give it another name")
                continue
            seen[key(record)] = number
            records.append(record)
        return tuple(records)

    def fault(self, file: str, row: int, text: str) -> None:
        """Keep one fault."""
        self.faults.append(Fault(file, row, text))

    def _rows(
        self, file: str, columns: Sequence[str], optional: Sequence[str]
    ) -> Iterator[tuple[int, Row]]:
        if file not in self.texts:
            self.fault(file, 0, "the file is missing")
            return
        try:
            sheet = read_sheet(self.texts[file], delimiters=(COMMA,))
        except SheetError as error:
            self.fault(file, error.fault.row, error.fault.text)
            self.unread.add(file)
            return
        if not self._header_is_good(file, sheet.header, columns, optional=optional):
            return
        for fault in sheet.faults:
            self.fault(file, fault.row, fault.text)
        for row in sheet.rows:
            yield row.number, Row(sheet.by_column(row))

    def _header_is_good(
        self,
        file: str,
        header: Sequence[str],
        columns: Sequence[str],
        *,
        optional: Sequence[str],
    ) -> bool:
        """Check the first row: a column nobody knows is a slip of the pen, not a comment."""
        texts = [f"column {name!r} is missing" for name in columns if name not in header]
        known = {*columns, *optional}
        texts += [f"column {name!r} is not known" for name in header if name not in known]
        for text in texts:
            self.fault(file, 1, text)
        return not texts


def _shown(key: object) -> str:
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
