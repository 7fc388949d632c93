"""Rows of a table, kept as places in its text: a million rows take as much room as their text."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, overload

_QUOTE: Final = '"'
_PLACE: Final = "I"
"""A number of four bytes: a place in a file that people hand over."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row's cells as they stand in the file, by the line on which the row begins."""

    number: int
    cells: tuple[str, ...]


class Rows(Sequence[SheetRow]):
    """The whole rows of a table, in their order; cells are parted when a row is asked for.

    `places` are where each row begins and ends in the text, one pair after the other, `lines` on
    which line each begins. Of the rows of `mended`, by their lines, the cells are those given
    there.
    """

    def __init__(
        self,
        text: str,
        delimiter: str,
        *,
        places: Sequence[int] = (),
        lines: Sequence[int] = (),
        mended: Mapping[int, SheetRow] | None = None,
    ) -> None:
        self._text = text
        self._delimiter = delimiter
        self._places = array(_PLACE, places)
        self._lines = array(_PLACE, lines)
        self._mended: Mapping[int, SheetRow] = mended or {}

    def add(self, line: int, start: int, end: int) -> None:
        """Note where the next row stands."""
        self._lines.append(line)
        self._places.extend((start, end))

    def with_rows(self, mended: Mapping[int, SheetRow]) -> "Rows":
        """Give the rows with other cells, by line; a row of a new line stands in its order."""
        known = {**self._mended, **mended}
        lines, places = self._lines, self._places
        new = [line for line in mended if self.index_of(line) is None]
        if new:
            pairs = zip(places[::2], places[1::2], strict=True)
            merged = sorted([*zip(lines, pairs, strict=True), *((line, (0, 0)) for line in new)])
            lines = array(_PLACE, [line for line, _ in merged])
            places = array(_PLACE, [place for _, pair in merged for place in pair])
        return Rows(self._text, self._delimiter, places=places, lines=lines, mended=known)

    def index_of(self, line: int) -> int | None:
        """Find the row that begins on a line."""
        place = bisect_left(self._lines, line)
        found = place < len(self._lines) and self._lines[place] == line
        return place if found else None

    def count_before(self, line: int) -> int:
        """Count the rows that begin before a line."""
        return bisect_left(self._lines, line)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> SheetRow: ...

    @overload
    def __getitem__(self, index: slice) -> list[SheetRow]: ...

    def __getitem__(self, index: int | slice) -> SheetRow | list[SheetRow]:
        """Give a row, or some of them."""
        if isinstance(index, slice):
            return [self._row(one) for one in range(*index.indices(len(self)))]
        return self._row(range(len(self))[index])

    def __iter__(self) -> Iterator[SheetRow]:
        """Give every row."""
        return map(self._row, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Tell whether the rows are the same."""
        return isinstance(other, Rows) and list(self) == list(other)

    def __hash__(self) -> int:
        """Give a number for the rows of a text."""
        return hash((len(self), self._text))

    def _row(self, index: int) -> SheetRow:
        line = self._lines[index]
        mended = self._mended.get(line)
        if mended is not None:
            return mended
        text = self._text[self._places[2 * index] : self._places[2 * index + 1]]
        return SheetRow(line, parted(text, self._delimiter))


def parted(text: str, delimiter: str) -> tuple[str, ...]:
    """Part the text of a sound row into cells; two quotes inside quotes are one (RFC 4180)."""
    if _QUOTE not in text:
        return tuple(text.split(delimiter))
    cells, place = [], 0
    while True:
        end = _end_of_cell(text, place, delimiter)
        cell = text[place:end]
        cells.append(cell[1:-1].replace('""', _QUOTE) if cell.startswith(_QUOTE) else cell)
        if end == len(text):
            return tuple(cells)
        place = end + 1


def _end_of_cell(text: str, place: int, delimiter: str) -> int:
    """Find where a cell ends: at a delimiter behind its closing quote, or at the row's end."""
    if text.startswith(_QUOTE, place):
        place += 1
        while (place := text.index(_QUOTE, place) + 1) < len(text) and text[place] == _QUOTE:
            place += 1
    found = text.find(delimiter, place)
    return len(text) if found < 0 else found
