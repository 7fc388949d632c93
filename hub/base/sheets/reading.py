"""Tables of text files: cells by row, strictly read; a file that is damaged is refused at its row.

Nothing is guessed: a row that is shorter than the header, a quote that is never closed or a letter
of another encoding is a fault with its row, and never a cell with a default.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

COMMA: Final = ","
DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD: Final = 1_000_000
"""Characters in which a header has to begin."""
_QUOTE: Final = '"'
_PLAIN: Final = {one: re.compile(rf"[^{one}\n\r]*") for one in DELIMITERS}
"""What a cell without quotes reaches to, by the delimiter."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong with a row; rows count lines from 1, 0 is the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row's cells as they stand in the file, by the line on which the row begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its header, its rows that are whole, and the faults of the others."""

    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    faults: tuple[SheetFault, ...]
    broken: tuple[SheetRow, ...] = ()
    """The rows that the faults are of, as they stand in the file."""
    delimiter: str = COMMA

    def with_rows(self, cells: Mapping[int, Sequence[str]]) -> "Sheet":
        """Give the table with other cells in some rows, by the lines on which these begin.

        A broken row is whole once it has a cell for each column.
        """
        if not cells:
            return self
        mended = {line: SheetRow(line, tuple(one)) for line, one in cells.items()}
        whole = {one.number: one for one in self.rows}
        whole |= {line: one for line, one in mended.items() if len(one.cells) == len(self.header)}
        return Sheet(
            self.header,
            tuple(whole[line] for line in sorted(whole)),
            tuple(one for one in self.faults if one.row not in whole),
            tuple(mended.get(one.number, one) for one in self.broken if one.number not in whole),
            self.delimiter,
        )

    def by_column(self, row: SheetRow) -> Mapping[str, str]:
        """Give a row's cells by the names of the header."""
        return dict(zip(self.header, row.cells, strict=True))


class SheetError(ValueError):
    """A file cannot be read as a table at all; `fault` says from which row on, and why."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.fault: Final = SheetFault(row, text)


def decode_sheet(body: bytes) -> str:
    """Give a file's text: UTF-8, or UTF-16 with its mark; raises SheetError with the row."""
    if body.startswith(_UTF16):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SheetError(0, "the file is UTF-16, and cut off in the middle") from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise SheetError(
            row,
            f"a letter is not UTF-8 (byte {body[error.start]:#04x}): save the file as"
            " “CSV UTF-8” and take it again",
        ) from error
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise SheetError(row, "it holds a NUL character: save the file as “CSV UTF-8”")
    return text


def read_sheet(text: str, *, delimiters: Sequence[str] = DELIMITERS) -> Sheet:
    """Read a table whose cells are parted by one of the delimiters; raises SheetError.

    A file of another delimiter is refused with its name.
    """
    text = text.removeprefix("\ufeff")
    first = next((line for line in text[:_HEAD].splitlines() if line.strip()), "")
    found = max(DELIMITERS, key=first.count) if first else COMMA
    if found not in delimiters and first.count(found) > first.count(COMMA):
        raise SheetError(1, f"the columns are parted by {_NAMES[found]}; they must be by commas")
    delimiter = found if found in delimiters else COMMA
    records = _records(text, delimiter)
    head = next(records, None)
    if head is None:
        raise SheetError(0, "the file is empty")
    header = tuple(name.strip() for name in head.cells)
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise SheetError(head.number, f"column {twice[0]!r} is there twice")
    rows, faults, broken = [], [], []
    for row in records:
        if len(row.cells) != len(header):
            text = f"{len(row.cells)} cells, but the header names {len(header)} columns"
            faults.append(SheetFault(row.number, text))
            broken.append(row)
        else:
            rows.append(row)
    return Sheet(header, tuple(rows), tuple(faults), tuple(broken), delimiter)


def read_records(text: str, delimiter: str) -> list[SheetRow]:
    """Read the rows of a file whose header is not its first row, each with the cells it has.

    Raises SheetError where a quote goes wrong.
    """
    return list(_records(text.removeprefix("\ufeff"), delimiter))


def _records(text: str, delimiter: str) -> Iterator[SheetRow]:
    """Part a text into rows of cells (RFC 4180); raises SheetError where a quote goes wrong."""
    place, line, end = 0, 1, len(text)
    while place < end:
        number, cells = line, []
        while True:
            cell, place, lines = _cell(text, place, line, delimiter=delimiter)
            cells.append(cell)
            line += lines
            if place < end and text[place] == delimiter:
                place += 1
                continue
            break
        if place < end:
            place += 2 if text.startswith("\r\n", place) else 1
            line += 1
        if any(cell.strip() for cell in cells):
            yield SheetRow(number, tuple(cells))


def _cell(text: str, place: int, line: int, *, delimiter: str) -> tuple[str, int, int]:
    """Read one cell; gives it with the place behind it and how many line breaks were in it."""
    if not text.startswith(_QUOTE, place):
        found = _PLAIN[delimiter].match(text, place)
        assert found is not None  # noqa: S101  # it matches nothing at all, too
        return found[0], found.end(), 0
    begin, parts = place + 1, []
    while True:
        close = text.find(_QUOTE, begin)
        if close < 0:
            raise SheetError(line, "a quote opens here and is never closed")
        parts.append(text[begin:close])
        if not text.startswith(_QUOTE, close + 1):
            break
        parts.append(_QUOTE)
        begin = close + 2
    value, stop = "".join(parts), close + 1
    if stop < len(text) and text[stop] not in (delimiter, "\n", "\r"):
        raise SheetError(line, "a quote opens here, and its cell goes on behind the closing one")
    return value, stop, value.replace("\r\n", "\n").count("\n") + value.count("\r\r")
