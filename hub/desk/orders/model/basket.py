"""What people type, scan and paste into an order: rows of text, read as products and quantities."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final, NamedTuple

from hub.desk.orders.model.asked import MOST_LINES, MOST_OF_A_LINE, AskedLine
from hub.desk.orders.model.reasons import Reason
from hub.desk.parties.model.cells import check_digit, clean, digits_of, look_of_code
from rules import scaled

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
_FEWEST_PAST: Final = 3
_TIMES_USUAL: Final = 10
_OFF_SCALE: Final = 4
_ALL: Final = 1_000_000


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


class BasketRow(NamedTuple):
    """One row of an order that is being entered; `quantity` as typed, in `unit`."""

    sku: str
    quantity: str
    unit: str = ""
    batch: str = ""
    percent_off: str = ""
    off_each: str = ""
    batch_reason: str = ""

    @property
    def goods(self) -> "BasketRow":
        """Give what the row is of, without how many and on which terms."""
        return BasketRow(self.sku, "", self.unit, self.batch)

    @property
    def plain(self) -> "BasketRow":
        """Give the row as it is asked for again: with nothing asked to be taken off."""
        return self.goods._replace(quantity=self.quantity)


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


class NotTaken(NamedTuple):
    """A typed row that is not in the order, and why."""

    text: str
    why: Reason


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
    return isinstance(_row_of(way.code, way, product), BasketRow)


def _counts(way: Reading) -> bool:
    return not way.parted and any(_WHOLE.fullmatch(one) for one in way.cells)


def codes_in(texts: Iterable[str]) -> set[str]:
    """Give every code that rows may name, as codes are compared."""
    return {look_of_code(way.code) for text in texts for way in readings_of(text) if way.code}


def read_row(text: str, known: Mapping[str, Known]) -> BasketRow | NotTaken:
    """Read a row by the codes and names that are known, which `look_of_code` has made alike."""
    for way in readings_of(text):
        product = known.get(look_of_code(way.code))
        if product is not None:
            return _row_of(text, way, product)
    return NotTaken(text, _why_unknown(likeliest(text).code))


def _why_unknown(code: str) -> Reason:
    """Say why no product has a code: it is none, or none is called so."""
    if _LOST.fullmatch(code):
        return Reason("row_digits_lost", {"code": code})
    if code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS:
        right = f"{code[:-1]}{check_digit(code[:-1])}"
        if right != code:
            return Reason("row_check_digit", {"code": code, "right": right})
    return Reason("row_unknown", {"code": code})


def _row_of(text: str, way: Reading, product: Known) -> BasketRow | NotTaken:
    if not product.active:
        code = "row_replaced" if product.replaced_by else "row_stopped"
        other = {"other": product.replaced_by} if product.replaced_by else {}
        return NotTaken(text, Reason(code, {"product": product.name, **other}))
    cells = _sort_cells(way, product)
    why = cells.why(product, way)
    if why is not None:
        return NotTaken(text, why)
    unit = cells.units[0] if cells.units else product.unit
    quantity = cells.counts[0] if cells.counts else "1"
    row = BasketRow(product.sku, quantity, _plain(product, unit))
    fault = fault_of_quantity(row, product)
    return NotTaken(text, fault) if fault else row


class _Cells(NamedTuple):
    """What stands beside a code: whole numbers, numbers that count nothing, units, other words."""

    counts: tuple[str, ...]
    figures: tuple[str, ...]
    units: tuple[str, ...]
    words: tuple[str, ...]

    def why(self, product: Known, way: Reading) -> Reason | None:
        """Say why it is not clear how many are meant; None where it is.

        What looks like a price, 12.50 beside 6, is left; any other number has to be the one count.
        """
        odd = [one for one in self.figures if not (self.counts and _PRICE.fullmatch(one))]
        if odd:
            params = {"product": product.name, "quantity": odd[0], "most": MOST_OF_A_LINE}
            return Reason("order_quantity_invalid", params)
        if len(self.counts) > 1:
            numbers = {"product": product.name, "numbers": list(self.counts)}
            return Reason("row_two_quantities", numbers)
        if self.words:
            units = {"unit": self.words[0], "units": list(product.units)}
            return Reason("row_unit", {"product": product.name, **units})
        if way.parted and not self.counts and not self.units:
            return Reason("row_no_quantity", {"product": product.name})
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


def _plain(product: Known, unit: str) -> str:
    """Write the base unit as none: lines in it have no unit of their own."""
    return "" if unit == product.base_unit else unit


def fault_of_quantity(row: BasketRow, product: Known | None) -> Reason | None:
    """Say what is wrong with how many a row asks for; None where nothing is."""
    said = digits_of(row.quantity)
    if said.isascii() and said.isdigit() and 0 < int(said) <= MOST_OF_A_LINE:
        return None
    name = product.name if product else row.sku
    params = {"product": name, "quantity": row.quantity, "most": MOST_OF_A_LINE}
    return Reason("order_quantity_invalid", params)


def fault_of_discount(row: BasketRow, product: Known | None) -> Reason | None:
    """Say what is wrong with what a row asks to be taken off; None where nothing is."""
    percent, each = read_off(row.percent_off), read_off(row.off_each)
    if percent is not None and percent <= _ALL and each is not None:
        return None
    return Reason("order_discount_invalid", {"product": product.name if product else row.sku})


def add_rows(
    rows: Sequence[BasketRow], texts: Sequence[str], *, known: Mapping[str, Known]
) -> tuple[tuple[BasketRow, ...], tuple[NotTaken, ...]]:
    """Add typed rows to those that are there: the same goods again are counted together.

    Gives the rows, and what was not taken, with why.
    """
    taken = list(rows)
    places = {row.goods: place for place, row in enumerate(taken)}
    refused: list[NotTaken] = []
    for text in texts:
        read = read_row(text, known)
        if isinstance(read, NotTaken):
            refused.append(read)
            continue
        place = places.get(read.goods)
        if place is not None:
            taken[place] = _together(taken[place], read)
        elif len(taken) >= MOST_LINES:
            refused.append(NotTaken(text, Reason("order_lines_invalid", {"most": MOST_LINES})))
        else:
            places[read.goods] = len(taken)
            taken.append(read)
    return tuple(taken), tuple(refused)


def _together(row: BasketRow, more: BasketRow) -> BasketRow:
    said = digits_of(row.quantity)
    there = int(said) if said.isascii() and said.isdigit() else 0
    return row._replace(quantity=str(there + int(more.quantity)))


def lines_of(rows: Iterable[BasketRow]) -> tuple[AskedLine, ...]:
    """Give rows, whose quantities are right, as lines of an order."""
    return tuple(
        AskedLine(
            row.sku,
            int(digits_of(row.quantity)),
            row.unit or None,
            row.batch or None,
            row.batch_reason,
            read_off(row.percent_off) or 0,
            read_off(row.off_each) or 0,
        )
        for row in rows
    )


def read_off(text: str) -> int | None:
    """Read what is to be taken off in 1/10,000: `2.5` or `2.5 %` is 25,000; None if it is nothing.

    Of a percentage that is millionths of the whole.
    """
    said = digits_of(clean(text)).removesuffix("%").strip() or "0"
    try:
        value = scaled(said, _OFF_SCALE)
    except ValueError:
        return None
    return value if value >= 0 else None


def is_unusual(quantity: int, past: Sequence[int]) -> bool:
    """Say whether somebody should be asked if so many are meant, by what was ordered before.

    Ten times the middle of three orders or more: of 10, 12 and 40 pieces, 120 is asked about.
    """
    return len(past) >= _FEWEST_PAST and quantity >= _TIMES_USUAL * usual_of(past)


def usual_of(past: Sequence[int]) -> int:
    """Give the middle of what was ordered before: of 10, 12 and 40 pieces, 12."""
    return round(median(past))


def with_unit(known: Known, unit: str) -> Known:
    """Give a product as the code of one of its packs names it."""
    return replace(known, unit=unit)
