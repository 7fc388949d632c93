"""Tables of text files: cells by row, strictly read; a file that is damaged is refused at its row.

Nothing is guessed: a row that is shorter than the header, a quote that is never closed or a letter
of another encoding is a fault with its row, and never a cell with a default.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from hub.base.sheets.rows import Rows, SheetRow, parted

COMMA: Final = ","
DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD: Final = 1_000_000
"""Characters in which a header has to begin."""
_MOST_COLUMNS: Final = 1_000
_LONGEST_NAME: Final = 200
_QUOTE: Final = '"'
_BREAKS: Final = re.compile(r"[\n\r]+")
_NO_QUOTE: Final = re.compile(r'[^"\n\r]*')
"""What a row without quotes reaches to."""
_PLAIN: Final = {one: re.compile(rf"[^{one}\n\r]*") for one in DELIMITERS}
"""What a cell without quotes reaches to, by the delimiter."""


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong with a row; rows count lines from 1, 0 is the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its header, its rows that are whole, and the faults of the others."""

    header: tuple[str, ...]
    rows: Rows
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
        broken = {one.number for one in self.broken}
        whole = {
            line: one
            for line, one in mended.items()
            if len(one.cells) == len(self.header)
            and (line in broken or self.rows.index_of(line) is not None)
        }
        return Sheet(
            self.header,
            self.rows.with_rows(whole),
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
    try:
        text = body.decode("utf-16" if body.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if body.startswith(_UTF16):
            raise SheetError(0, "the file is UTF-16, and cut off in the middle") from error
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
    cells = parted(text[head.start : head.end], delimiter)
    header = tuple(name.strip() for name in cells)
    _check_header(header)
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise SheetError(head.line, f"column {twice[0]!r} is there twice")
    rows = Rows(text, delimiter)
    faults, broken = [], []
    for row in records:
        if row.columns == len(header):
            rows.add(row.line, row.start, row.end)
            continue
        said = f"{row.columns} cells, but the header names {len(header)} columns"
        faults.append(SheetFault(row.line, said))
        broken.append(SheetRow(row.line, parted(text[row.start : row.end], delimiter)))
    return Sheet(header, rows, tuple(faults), tuple(broken), delimiter)


def _check_header(names: Sequence[str]) -> None:
    """See that a header is one: of a damaged file it is all there is; raises SheetError."""
    if len(names) > _MOST_COLUMNS:
        told = f"the header names {len(names)} columns; at most {_MOST_COLUMNS} are read"
        raise SheetError(1, told)
    longest = max(len(name) for name in names)
    if longest > _LONGEST_NAME:
        raise SheetError(1, f"a column's name has {longest} characters: is this the header?")


def read_records(text: str, delimiter: str) -> list[SheetRow]:
    """Read the rows of a file whose header is not its first row, each with the cells it has.

    Raises SheetError where a quote goes wrong.
    """
    text = text.removeprefix("\ufeff")
    return [
        SheetRow(row.line, parted(text[row.start : row.end], delimiter))
        for row in _records(text, delimiter)
    ]


class _Record(NamedTuple):
    """Where a row stands in a text, on which line it begins, and how many cells it has."""

    line: int
    start: int
    end: int
    columns: int


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    """Find the rows of a text that hold something (RFC 4180).

    Raises SheetError where a quote goes wrong.
    """
    place, line, end = 0, 1, len(text)
    while place < end:
        if breaks := _BREAKS.match(text, place):
            place, line = breaks.end(), line + _count_breaks(breaks[0])
            continue
        start, first = place, line
        found = _NO_QUOTE.match(text, place)
        assert found is not None  # noqa: S101  # it matches nothing at all, too
        if found.end() == end or text[found.end()] != _QUOTE:
            place = found.end()
            columns, holds = found[0].count(delimiter) + 1, found[0].replace(delimiter, " ").strip()
        else:
            place, line, columns = _quoted_row(text, place, line, delimiter=delimiter)
            cells = parted(text[start:place], delimiter)
            holds = "".join(cells).strip()
        if holds:
            yield _Record(first, start, place, columns)


def _count_breaks(text: str) -> int:
    """Count the ends of lines, of whatever machine: one is two letters where both follow."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _quoted_row(text: str, place: int, line: int, *, delimiter: str) -> tuple[int, int, int]:
    """Find the end of a row with quotes; gives it with the line there and how many cells it has."""
    columns = 0
    while True:
        place, lines = _cell(text, place, line, delimiter=delimiter)
        line += lines
        columns += 1
        if place == len(text) or text[place] != delimiter:
            return place, line, columns
        place += 1


def _cell(text: str, place: int, line: int, *, delimiter: str) -> tuple[int, int]:
    """Find the end of a cell; gives it with how many line breaks are in the cell."""
    if not text.startswith(_QUOTE, place):
        found = _PLAIN[delimiter].match(text, place)
        assert found is not None  # noqa: S101  # it matches nothing at all, too
        return found.end(), 0
    begin = place + 1
    while True:
        close = text.find(_QUOTE, begin)
        if close < 0:
            raise SheetError(line, "a quote opens here and is never closed")
        if not text.startswith(_QUOTE, close + 1):
            break
        begin = close + 2
    value, stop = text[place + 1 : close], close + 1
    if stop < len(text) and text[stop] not in (delimiter, "\n", "\r"):
        raise SheetError(line, "a quote opens here, and its cell goes on behind the closing one")
    return stop, value.replace("\r\n", "\n").count("\n") + value.count("\r\r")
