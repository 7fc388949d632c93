"""Products as people type, scan and paste them: a row of text, with how many beside the name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from hub.desk.parties.model.cells import check_digit, clean, digits_of, look_of_code

_NUMBER: Final = r"[+\-\u2212]?\d[\d.,]*(?:[eE][+\-]?\d+)?"
_TIMES: Final = re.compile(rf"({_NUMBER})\s*[*\u00d7]\s*(\S.*)")
_TIMES_X: Final = re.compile(r"(\d{1,7})\s*[xX]\s*(\S.*)")
# An x within a word is the word's: BOX12 is a code, and not twelve of BO.
_TIMES_BEHIND: Final = re.compile(r"(\S.*?)(?:\s*[*\u00d7]|\s+[xX])\s*(\d{1,7})")
_WHOLE: Final = re.compile(r"(\d{1,7})(?:\.0{1,2})?")
_PARTED_COUNT: Final = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}")
_FIGURE: Final = re.compile(_NUMBER)
_PRICE: Final = re.compile(r"\d+[.,]\d{2}")
_LOST: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_MOST_BESIDE: Final = 3
_GS1: Final = re.compile(r"(?:\][A-Za-z]\d)?\x1d?(?:\(01\)|01)(\d{14}).*")
_AIM: Final = re.compile(r"\][A-Za-z]\d")
_PARTING: Final = ("\t", ";", ",")


@dataclass(frozen=True, slots=True)
class Known:
    """A product as a code names it; `unit` is the pack that the code is printed on, empty for one.

    `pack_sizes` are the base units that each pack holds.
    """

    sku: str
    name: str
    base_unit: str
    pack_sizes: Mapping[str, int]
    active: bool = True
    replaced_by: str = ""
    unit: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Name the units that it is ordered in, the base unit first."""
        return (self.base_unit, *(one for one in self.pack_sizes if one != self.base_unit))


class Reading(NamedTuple):
    """One way to read a typed row: a code, and the cells before and behind it.

    Among the cells are how many and in which unit; `parted` says that a pasted list parted them.
    """

    code: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    parted: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """Give what stands beside the code."""
        return tuple(one for one in (*self.before, *self.after) if one)


class Beside(NamedTuple):
    """How many a row asks for, as typed, and in which unit: empty for the base unit."""

    many: str
    unit: str


class Unclear(NamedTuple):
    """Why it is not clear what a row means, or how many: the code and parameters of a reason."""

    code: str
    params: Mapping[str, Any]


def readings_of(text: str) -> tuple[Reading, ...]:
    """Read a row in every way that makes sense, the likeliest first.

    `12*TEA` and `TEA*12` are twelve of TEA; of `TEA 12` the whole may be a code, or TEA twelve
    times.
    """
    row = digits_of(text)
    scanned = _GS1.fullmatch(row)
    if scanned:
        return (Reading(scanned[1]),)
    row = _AIM.sub("", row, count=1) if row.startswith("]") else row
    for mark in _PARTING:
        cells = [clean(one).strip('"') for one in row.split(mark)]
        if len(cells) > 1:
            # A decimal comma parts a row, too, which may be a name as a whole.
            return (*_parted(cells), *([Reading(row)] if mark != "\t" else []))
    times = _TIMES.fullmatch(row)
    behind = _TIMES_BEHIND.fullmatch(row)
    turned = (Reading(behind[1], (), (behind[2],)),) if behind else ()
    if times:
        return (*_in_units(times[2], before=(times[1],)), *turned)
    ways = [Reading(row), *turned]
    if found := _TIMES_X.fullmatch(row):
        ways += _in_units(found[2], before=(found[1],))
    return (*ways, *_in_words(row))


def _in_units(text: str, *, before: tuple[str, ...]) -> Iterator[Reading]:
    """Read `TEA@CASE` as a code, or as the code TEA in cases; `TEA CASE` too."""
    yield Reading(text, before)
    for way in _in_words(text):
        yield Reading(way.code, (*before, *way.before), way.after)


def _parted(cells: Sequence[str]) -> Iterator[Reading]:
    """Read the cells of a pasted row: the code first, or behind a number."""
    yield Reading(cells[0], (), tuple(cells[1:]), parted=True)
    if _FIGURE.fullmatch(cells[0]):
        yield Reading(cells[1], (cells[0],), tuple(cells[2:]), parted=True)


def _in_words(row: str) -> Iterator[Reading]:
    """Read a row of words as a code or name with a number, a unit or both beside it."""
    code, found, unit = row.rpartition("@")
    if found and code.strip() and unit.strip():
        yield Reading(code.strip(), (), (unit.strip(),))
    words = row.split()
    for most in range(len(words) - 1, max(0, len(words) - _MOST_BESIDE - 1), -1):
        yield Reading(" ".join(words[:most]), (), tuple(words[most:]))
    if len(words) > 1 and _FIGURE.fullmatch(words[0]):
        yield Reading(" ".join(words[1:]), (words[0],))
        yield Reading(" ".join(words[1:-1]), (words[0],), (words[-1],))


def likeliest(text: str) -> Reading:
    """Give the reading of a row whose code is to be looked for, where none of them is known."""
    ways = readings_of(text)
    return next((way for way in ways if way.parted and not _FIGURE.fullmatch(way.code)), ways[0])


def ways_to_find(text: str) -> tuple[Reading, ...]:
    """Give the readings of a row whose code may be a part of a name: the likeliest, then others.

    Those have how many beside them: of `papadums green 12` the name may be `papadums green`.
    """
    first = likeliest(text)
    counted = [way for way in readings_of(text) if _counts(way)]
    return (first, *(way for way in counted if way != first and not _FIGURE.fullmatch(way.code)))


def fits(way: Reading, product: Known) -> bool:
    """Say whether a product comes in what a reading has beside its code."""
    beside = read_beside(way, product)
    return isinstance(beside, Beside) and beside.many.isdigit() and int(beside.many) > 0


def _counts(way: Reading) -> bool:
    return not way.parted and any(_WHOLE.fullmatch(one) for one in way.cells)


def write_taken(way: Reading, product: Known) -> str:
    """Write a product that may be meant, with what stands beside it, as the row that takes it."""
    return "\t".join((product.sku, *(way.cells or ("1",))))


def codes_in(texts: Iterable[str]) -> set[str]:
    """Give every code that rows may name, as codes are compared."""
    return {look_of_code(way.code) for text in texts for way in readings_of(text) if way.code}


def named_by(text: str, known: Mapping[str, Known]) -> tuple[Reading, Known] | None:
    """Find which of the known products a row names, and how it is then read."""
    for way in readings_of(text):
        product = known.get(look_of_code(way.code))
        if product is not None:
            return way, product
    return None


def may_be_name(text: str, known: Mapping[str, Known]) -> bool:
    """Say whether a row names none of the known products, and is no code that was spoilt."""
    return named_by(text, known) is None and why_unknown(text).code == "row_unknown"


def why_unknown(text: str) -> Unclear:
    """Say why no product is named by a row: its code is none, or none is called so."""
    code = likeliest(text).code
    if _LOST.fullmatch(code):
        return Unclear("row_digits_lost", {"code": code})
    if code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS:
        right = f"{code[:-1]}{check_digit(code[:-1])}"
        if right != code:
            return Unclear("row_check_digit", {"code": code, "right": right})
    return Unclear("row_unknown", {"code": code})


def read_beside(way: Reading, product: Known) -> Beside | Unclear:
    """Read how many of a product a row asks for: once, where it does not say.

    What looks like a price, 12.50 beside 6, is left; any other number has to be the one count.
    """
    cells = _sort_cells(way, product)
    odd = [one for one in cells.figures if not (cells.counts and _PRICE.fullmatch(one))]
    unclear = None if odd else cells.why(product, way)
    if unclear is not None:
        return unclear
    unit = cells.units[0] if cells.units else product.unit
    count = (*odd, *cells.counts, "1")[0]
    return Beside(count, "" if unit == product.base_unit else unit)


class _Cells(NamedTuple):
    """What stands beside a code: whole numbers, numbers that count nothing, units, other words."""

    counts: tuple[str, ...]
    figures: tuple[str, ...]
    units: tuple[str, ...]
    words: tuple[str, ...]

    def why(self, product: Known, way: Reading) -> Unclear | None:
        """Say why it is not clear how many are meant; None where it is."""
        if len(self.counts) > 1:
            numbers = {"product": product.name, "numbers": list(self.counts)}
            return Unclear("row_two_quantities", numbers)
        if self.words:
            units = {"unit": self.words[0], "units": list(product.units)}
            return Unclear("row_unit", {"product": product.name, **units})
        if way.parted and not self.counts and not self.units:
            return Unclear("row_no_quantity", {"product": product.name})
        return None


def _sort_cells(way: Reading, product: Known) -> _Cells:
    """Tell apart what stands beside a code.

    In a pasted list a name may stand there too: of several words, or before the quantity.
    """
    units = {look_of_code(one): one for one in product.units}
    counts: list[str] = []
    figures: list[str] = []
    named: list[str] = []
    words: list[str] = []
    for cell in way.cells:
        whole = cell.replace(",", "") if _PARTED_COUNT.fullmatch(cell) else cell
        found = _WHOLE.fullmatch(whole)
        if found:
            counts.append(found[1])
        elif look_of_code(cell) in units:
            named.append(units[look_of_code(cell)])
        elif _FIGURE.fullmatch(cell):
            figures.append(cell)
        elif not way.parted or (" " not in cell and counts and not named):
            words.append(cell)
    return _Cells(tuple(counts), tuple(figures), tuple(named), tuple(words))


def with_unit(known: Known, unit: str) -> Known:
    """Give a product as the code of one of its packs names it."""
    return replace(known, unit=unit)
