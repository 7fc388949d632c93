"""GS1 numbers and element strings: GTIN, batch, expiry, serial and count.

GS1 General Specifications, section 3 (application identifiers) and 7.8 (processing). Only what a
counter needs is kept, but every identifier is stepped over, and one bad element (a date of 30
February is common) loses that element, never the product number before it.
"""

import calendar
from dataclasses import dataclass, replace
from typing import Final

GS: Final = "\x1d"

_GS1_SYMBOLOGIES: Final = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})

# Identifiers whose element ends by its length alone, by their first two digits; figure 7.8.4-2.
_FIXED: Final = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8,
    "15": 8, "16": 8, "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10,
    "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
# Digits of the identifier itself, where it is not two.
_IDENTIFIER_DIGITS: Final = {
    "23": 3, "24": 3, "25": 3, "31": 4, "32": 4, "33": 4, "34": 4, "35": 4, "36": 4, "39": 4,
    "40": 3, "41": 3, "42": 3, "43": 4, "70": 4, "71": 3, "72": 4, "80": 4, "81": 4, "82": 4,
}  # fmt: skip
_SHORTEST: Final = 16  # `01` and a GTIN
_MAX_COUNT_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Elements:
    """What an element string says of one product; `expiry` is ISO 8601 or empty."""

    gtin: str | None = None
    batch: str = ""
    serial: str = ""
    expiry: str = ""
    count: int | None = None


def is_gs1(symbology: str) -> bool:
    """Tell whether a symbology identifier says that GS1 element strings follow."""
    return symbology in _GS1_SYMBOLOGIES


def check_digit_fits(digits: str) -> bool:
    """Check the last digit of a GTIN of any length (GS1 7.9: weights 3 and 1 from the right)."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(
        int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0


def parse_elements(code: str, *, forced: bool) -> Elements | None:
    """Read an element string; None where `code` is not one.

    `forced` is set where the scanner said so (FNC1, `]C1`); otherwise only a string that starts
    with a correct GTIN under 01 or 02 is taken for one.
    """
    if code.startswith("(") and ")" in code:
        pairs = _bracketed(code)
    else:
        text = code.lstrip(GS)
        looks = text[:2] in {"01", "02"} and len(text) >= _SHORTEST and check_digit_fits(text[2:16])
        if not (forced or looks):
            return None
        pairs = _pairs(text)
    elements = Elements()
    for identifier, value in pairs:
        elements = _take(elements, identifier, value)
    return elements


def _bracketed(code: str) -> list[tuple[str, str]]:
    """Split text as printed under a barcode: `(01)...(10)...`."""
    pairs = []
    for part in code.split("(")[1:]:
        identifier, found, value = part.partition(")")
        if found:
            pairs.append((identifier, value.strip(GS)))
    return pairs


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    while len(text) > 2:  # noqa: PLR2004  # an identifier alone says nothing
        prefix = text[:2]
        digits = _IDENTIFIER_DIGITS.get(prefix, 2)
        end = _FIXED.get(prefix)
        if end is None:
            found = text.find(GS)
            end = found if found >= 0 else len(text)
        pairs.append((text[:digits], text[digits:end]))
        text = text[end:].lstrip(GS)
    return pairs


def _take(elements: Elements, identifier: str, value: str) -> Elements:
    match identifier:
        case "01" | "02" if elements.gtin is None and len(value) == 14:  # noqa: PLR2004
            return replace(elements, gtin=value)
        case "10" if not elements.batch:
            return replace(elements, batch=value[:20])
        case "21" if not elements.serial:
            return replace(elements, serial=value[:20])
        case "17" if not elements.expiry:
            return replace(elements, expiry=_date(value))
        case "30" | "37" if value.isascii() and value.isdigit():
            return replace(elements, count=int(value[:_MAX_COUNT_DIGITS]))
        case _:
            return elements


def _date(value: str) -> str:
    """Read YYMMDD; day 00 is the month's last; empty where there is no such day."""
    if len(value) != 6 or not (value.isascii() and value.isdigit()):  # noqa: PLR2004
        return ""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:  # noqa: PLR2004
        return ""
    last = calendar.monthrange(year, month)[1]
    return f"{year}-{month:02d}-{day or last:02d}" if day <= last else ""
