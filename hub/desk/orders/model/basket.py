"""What people type, scan and paste into an order: rows of text, read as products and quantities."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final, NamedTuple

from hub.desk.orders.model.asked import MOST_LINES, MOST_OF_A_LINE, AskedLine
from hub.desk.orders.model.reasons import Reason
from hub.desk.parties.model.cells import clean, digits_of, look_of_code
from rules import scaled

_TIMES: Final = re.compile(r"(\d{1,7})\s*[*\u00d7]\s*(\S.*)|(\d{1,7})\s+[xX]\s+(\S.*)")
_TRAILING: Final = re.compile(r"(\S.*?)\s+(\d{1,7})")
_WHOLE: Final = re.compile(r"(\d{1,7})(?:[.,]0+)?")
_GS1: Final = re.compile(r"(?:\][A-Za-z]\d)?\x1d?(?:\(01\)|01)(\d{14}).*")
_AIM: Final = re.compile(r"\][A-Za-z]\d")
_PARTING: Final = ("\t", ";", ",")
_SHORT_NUMBER: Final = 5
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
    """One way to read a typed row: a code, how many, and words of which one may be a unit."""

    code: str
    quantity: str
    words: tuple[str, ...] = ()


class NotTaken(NamedTuple):
    """A typed row that is not in the order, and why."""

    text: str
    why: Reason


def readings_of(text: str) -> tuple[Reading, ...]:
    """Read a row in every way that makes sense, the likeliest first.

    `12*TEA` is twelve of TEA; of `TEA 12` the whole may be a code, or TEA twelve times.
    """
    row = digits_of(text)
    found = _TIMES.fullmatch(row)
    if found:
        return tuple(_coded(found[2] or found[4], quantity=found[1] or found[3]))
    scanned = _GS1.fullmatch(row)
    if scanned:
        return (Reading(scanned[1], "1"),)
    row = _AIM.sub("", row, count=1) if row.startswith("]") else row
    ways = [*_coded(row, quantity="1")]
    for mark in _PARTING:
        cells = [clean(one).strip('"') for one in row.split(mark)]
        if len(cells) > 1:
            ways.append(_of_cells(cells))
            break
    trailing = _TRAILING.fullmatch(row)
    if trailing:
        ways += _coded(trailing[1], quantity=trailing[2])
    return tuple(ways)


def _coded(text: str, *, quantity: str) -> Iterator[Reading]:
    """Read `TEA@CASE` as a code, or as the code TEA in cases; `TEA CASE` too."""
    yield Reading(text, quantity)
    for mark in ("@", " "):
        code, found, unit = text.rpartition(mark)
        if found and code.strip() and unit.strip() and not unit.strip().isdigit():
            yield Reading(code.strip(), quantity, (unit.strip(),))


def _of_cells(cells: Sequence[str]) -> Reading:
    """Read the cells of a pasted row: a code first, a number somewhere behind it, perhaps a unit.

    A short number before a word is the quantity: `12, TEA`.
    """
    code, rest = cells[0], list(cells[1:])
    if len(code) <= _SHORT_NUMBER and _WHOLE.fullmatch(code) and not _WHOLE.fullmatch(rest[0]):
        return Reading(rest[0], code, tuple(rest[1:]))
    numbers = [one for one in rest if _WHOLE.fullmatch(one)]
    figures = [one for one in rest if one[:1].isdigit()]
    whole = _WHOLE.fullmatch(numbers[0]) if numbers else None
    quantity = whole[1] if whole else (figures[0] if figures else "1")
    return Reading(code, quantity, tuple(one for one in rest if one and one not in numbers))


def codes_in(texts: Iterable[str]) -> set[str]:
    """Give every code that rows may name, as codes are compared."""
    return {look_of_code(way.code) for text in texts for way in readings_of(text)}


def read_row(text: str, known: Mapping[str, Known]) -> BasketRow | NotTaken:
    """Read a row by the codes that are known, which `look_of_code` has made alike."""
    ways = readings_of(text)
    for way in ways:
        product = known.get(look_of_code(way.code))
        if product is not None:
            return _row_of(text, way, product)
    return NotTaken(text, Reason("row_unknown", {"code": ways[0].code}))


def _row_of(text: str, way: Reading, product: Known) -> BasketRow | NotTaken:
    if not product.active:
        code = "row_replaced" if product.replaced_by else "row_stopped"
        other = {"other": product.replaced_by} if product.replaced_by else {}
        return NotTaken(text, Reason(code, {"product": product.name, **other}))
    named = {look_of_code(one): one for one in product.units}
    unit = next((named[look_of_code(one)] for one in way.words if look_of_code(one) in named), None)
    if unit is None and len(way.words) == 1 and "@" in text:
        units = {"product": product.name, "unit": way.words[0], "units": list(product.units)}
        return NotTaken(text, Reason("row_unit", units))
    row = BasketRow(product.sku, way.quantity, _plain(product, unit or product.unit))
    fault = fault_of_quantity(row, product)
    return NotTaken(text, fault) if fault else row


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
