"""Dirty CSV files row by row: every record with its line, every broken one with its reason."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from simulators.errors import InputFileError

GZIP_MAGIC: Final = b"\x1f\x8b"
MAX_LINE_BYTES: Final = 64 * 1024
MAX_LINES_A_RECORD: Final = 8


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was left out: its line in the file (the header is 1), a code and a sentence."""

    file: str
    row: int
    code: str
    text: str

    def __str__(self) -> str:
        """Read as `file:row: code: sentence`."""
        return f"{self.file}:{self.row}: {self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    """One record by column name, with the line it starts on."""

    number: int
    fields: Mapping[str, str]


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row | SkippedRow]:
    """Read a `.csv` or `.csv.gz` with at least `columns`, in any order.

    Blank lines are no rows. Raises InputFileError where there is nothing to read row by row:
    missing, not gzip, cut off in the compressed stream, not text, or without these columns.
    """
    try:
        with _open(path) as stream:
            lines = _Lines(stream)
            header = _header(path, lines, columns)
            while (start := lines.take()) is not None:
                if start.strip():
                    yield _record(path, lines, start, header=header)
    except (OSError, EOFError, zlib.error) as error:
        raise InputFileError(f"{path}: {_plain(error)}") from error


def _plain(error: Exception) -> str:
    """Say what the system or gzip said, without the path that is printed already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"damaged gzip file: {error}"


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        magic = stream.read(len(GZIP_MAGIC))
    if magic == GZIP_MAGIC:
        return io.BufferedReader(gzip.GzipFile(path))
    if path.suffix == ".gz":
        raise InputFileError(f"{path}: not a gzip file, though it is named .gz")
    return path.open("rb")


class _Lines:
    """Physical lines with their numbers; a line can be put back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        """Give the next line without its end, None after the last.

        Bytes that are no UTF-8 become lone surrogates; an overlong line is cut, so that a file
        without line ends cannot fill the memory.
        """
        self.number += 1
        if self._back:
            return self._back.popleft()
        raw = self._stream.readline(MAX_LINE_BYTES)
        if not raw:
            return None
        end = raw
        while not end.endswith(b"\n") and (end := self._stream.readline(MAX_LINE_BYTES)):
            pass
        return raw.decode("utf-8", "surrogateescape").rstrip("\r\n")

    def put_back(self, lines: list[str]) -> None:
        """Undo the last takes."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def _header(path: Path, lines: _Lines, columns: tuple[str, ...]) -> tuple[str, ...]:
    first = lines.take()
    if first is None or not first.strip():
        raise InputFileError(f"{path}: empty: the first line must name the columns")
    if not _is_text(first):
        raise InputFileError(f"{path}: not a text file")
    names = tuple(name.strip().lower() for name in _fields(first.lstrip("\ufeff")) or ())
    missing = [column for column in columns if column not in names]
    if missing:
        raise InputFileError(
            f"{path}: the first line does not name the column(s) {', '.join(missing)};"
            f" expected {','.join(columns)}"
        )
    return names


def _record(path: Path, lines: _Lines, start: str, *, header: tuple[str, ...]) -> Row | SkippedRow:
    """Read the record that begins with the line `start`.

    A quoted field may run over some lines; a quote that is never closed must not swallow the
    rest of the file, so that row alone is given up.
    """
    number = lines.number
    fields = _fields(start)
    text = start
    taken: list[str] = []
    while fields is None and len(taken) < MAX_LINES_A_RECORD:
        following = lines.take()
        if following is None:
            lines.number -= 1
            break
        taken.append(following)
        text = f"{text}\n{following}"
        fields = _fields(text)
    if fields is None or (taken and len(fields) != len(header)):
        lines.put_back(taken)
        return SkippedRow(path.name, number, "broken_quotes", "a quote is opened and not closed")
    return _judged(SkippedRow(path.name, number, "", text), fields, header)


def _judged(at: SkippedRow, fields: list[str], header: tuple[str, ...]) -> Row | SkippedRow:
    """Give the row, or why it has no meaning: `at` says where it is and holds its text."""
    if not _is_text(at.text):
        return SkippedRow(at.file, at.row, "bad_text", "bytes that are not UTF-8 text")
    if len(fields) != len(header):
        code = "too_few_fields" if len(fields) < len(header) else "too_many_fields"
        text = f"{len(fields)} fields where the header names {len(header)}"
        return SkippedRow(at.file, at.row, code, text)
    return Row(at.row, dict(zip(header, (field.strip() for field in fields), strict=True)))


def _fields(text: str) -> list[str] | None:
    """Split one record; None where it does not end with the text."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _is_text(text: str) -> bool:
    """Tell text from bytes: no undecodable byte, no control character but tab and line feed."""
    return all(
        (char >= " " or char in "\t\n\r") and not "\ud800" <= char <= "\udfff" for char in text
    )
