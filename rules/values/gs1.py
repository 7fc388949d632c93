"""GS1 element strings: product, batch, expiry, count and weight, or why they are unclear.

GS1 General Specifications, section 3 (application identifiers) and 7.8 (processing). An element of
variable length ends at a separator, and many scanners lose it: what follows is then swallowed, and
6 pieces of batch 7 read as 6,107 pieces. So every element is held against its format, and a count
that may hold another element is refused, not guessed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from rules.values.gtin import check_digit_fits

GS: Final = "\x1d"

_GS1_SYMBOLOGIES: Final = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
STAND_INS: Final = (
    "{GS}", "<GS>", "[GS]", "{FNC1}", "<FNC1>", "<1D>", "\\x1D", "\\x1d", "\\u001d", "\\F",
    "#029", "]C1", "^]", "\u241d", "|", "~", "^", "#", "@",
)  # fmt: skip
"""What scanners send in a separator's place; none of them can be part of an element's value."""
_VALUE: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
"""The letters of an element's value, figure 7.11-1."""

# Identifiers whose element ends by its length alone, by their first two digits; figure 7.8.5-2.
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
# The most letters of an element of variable length; 90 where it is not said.
_MOST: Final = {
    "10": 20, "21": 20, "22": 20, "23": 28, "24": 30, "25": 30, "30": 8, "37": 8, "39": 18,
    "40": 30, "42": 20, "7003": 10, "71": 20,
}  # fmt: skip
_VARIABLE: Final = frozenset(
    {*_MOST, "43", "70", "72", "80", "81", "82", *(str(number) for number in range(90, 100))}
    - {"7003"}
)
_MOST_LETTERS: Final = 90
_NUMERIC: Final = frozenset({"30", "37"})
_DATES: Final = frozenset({"11", "12", "13", "15", "16", "17"})
_GTINS: Final = frozenset({"01", "02", "03"})
_SHORTEST: Final = 16  # `01` and a GTIN


Unclear = Literal[
    "unclear",
    "strange_separator",
    "no_count",
    "count_unclear",
    "check_digit",
    "link_without_product",
]
"""Why a code cannot be read for sure."""


class UnclearError(Exception):
    """A code cannot be read for sure; `why` names the reason, which the reader words."""

    def __init__(self, why: Unclear) -> None:
        super().__init__(why)
        self.why: Final[Unclear] = why


@dataclass(frozen=True, slots=True)
class Elements:
    """What an element string says of one product; both dates are ISO 8601 or empty.

    `contained` tells that the GTIN is of what a case holds, which `count` counts. `grams` is a net
    weight. `batch_unclear` tells that more than a batch may stand where one is. `no_day` is a date
    as it stands in the code where there is no such day: 261340.
    """

    gtin: str | None = None
    batch: str = ""
    expiry: str = ""
    manufactured: str = ""
    count: int | None = None
    grams: int | None = None
    contained: bool = False
    batch_unclear: bool = False
    no_day: str = ""


def is_gs1(symbology: str) -> bool:
    """Tell whether a symbology identifier says that GS1 element strings follow."""
    return symbology in _GS1_SYMBOLOGIES


def parse_elements(code: str, *, forced: bool) -> Elements | None:
    """Read an element string; None where `code` is not one. Raises UnclearError.

    `forced` is set where the scanner said so (FNC1, `]C1`); otherwise only a string that starts
    with a correct GTIN under 01 or 02 is taken for one.
    """
    if code.startswith("(") and code[1:3].isdigit():
        return _elements(_bracketed(code), sure=True)
    text = with_separators(code)
    if not (forced or text.startswith(GS) or _looks_so(text)):
        return None
    text = text.strip(GS)
    if not set(text) <= {*_VALUE, GS}:
        raise UnclearError("strange_separator")
    return _elements(_pairs(text), sure=GS in text)


def of_pairs(pairs: list[tuple[str, str]]) -> Elements:
    """Read elements that something else has told apart. Raises UnclearError."""
    for identifier, value in pairs:
        _check(identifier, value)
    return _elements(pairs, sure=True)


def with_separators(code: str) -> str:
    """Put the separator back where a scanner sent something in its place.

    Only in what is an element string: `A|B` may be a SKU.
    """
    start = code
    while stand_in := next((one for one in (*STAND_INS, GS) if start.startswith(one)), ""):
        start = start[len(stand_in) :]
    if not _looks_so(start):
        return code
    for stand_in in STAND_INS:
        start = start.replace(stand_in, GS)
    return start if start == code else GS + start if code.startswith(GS) else start


def _looks_so(text: str) -> bool:
    return text[:2] in {"01", "02"} and len(text) >= _SHORTEST and check_digit_fits(text[2:16])


def _bracketed(code: str) -> list[tuple[str, str]]:
    """Split text as printed under a barcode: `(01)...(10)...`."""
    pairs = []
    for part in code.split("(")[1:]:
        identifier, found, value = part.partition(")")
        if not (found and identifier.isdigit()):
            raise UnclearError("unclear")
        value = value.strip(f"{GS} ")
        _check(identifier, value)
        pairs.append((identifier, value))
    return pairs


def _pairs(text: str) -> list[tuple[str, str]]:
    """Split into identifiers and values, each of its format."""
    pairs = []
    while text:
        identifier = text[: _IDENTIFIER_DIGITS.get(text[:2], 2)]
        end = _FIXED.get(text[:2])
        if end is None:
            found = text.find(GS)
            end = found if found >= 0 else len(text)
        value = text[len(identifier) : end]
        _check(identifier, value)
        pairs.append((identifier, value))
        text = text[end:].lstrip(GS)
    return pairs


def _check(identifier: str, value: str) -> None:
    """Hold an element against its format. Raises UnclearError."""
    if not (identifier.isascii() and identifier.isdigit() and set(value) <= _VALUE):
        raise UnclearError("unclear")
    prefix = identifier[:2]
    if prefix in _FIXED:
        right = len(identifier) + len(value) == _FIXED[prefix] and value.isdigit()
    else:
        most = _MOST.get(identifier, _MOST.get(prefix, _MOST_LETTERS))
        right = prefix in _VARIABLE and 1 <= len(value) <= most
        if prefix in _NUMERIC:
            right = right and value.isdigit()
    if not right or len(identifier) != _IDENTIFIER_DIGITS.get(prefix, 2):
        raise UnclearError("unclear")


def _elements(pairs: list[tuple[str, str]], *, sure: bool) -> Elements:
    elements = Elements()
    for identifier, value in pairs:
        elements = _take(elements, identifier, value, sure=sure)
    if elements.contained and elements.count is None:
        raise UnclearError("no_count")
    return elements


def _take(elements: Elements, identifier: str, value: str, *, sure: bool) -> Elements:
    match identifier:
        case "01" | "02" if elements.gtin is None:
            return replace(elements, gtin=value, contained=identifier == "02")
        case "10" if not elements.batch:
            unclear = not sure and any(_is_dated(value[at:]) for at in range(1, len(value)))
            return replace(elements, batch="" if unclear else value, batch_unclear=unclear)
        case "11" | "17":
            day = _date(value)
            return _dated(elements, identifier, day) if day else replace(elements, no_day=value)
        case "30" | "37":
            # Without any separator in the code, one may have been lost: 6107 is 6 of batch 7, too.
            if not sure and any(_is_whole(value[at:]) for at in range(1, len(value))):
                raise UnclearError("count_unclear")
            return replace(elements, count=int(value))
        case _ if identifier.startswith("310"):
            return replace(elements, grams=_grams(int(value), decimals=int(identifier[3])))
        case _:
            return elements


def _dated(elements: Elements, identifier: str, day: str) -> Elements:
    """Keep the first expiry, 17, and the first day of production, 11."""
    if identifier == "17":
        return replace(elements, expiry=elements.expiry or day)
    return replace(elements, manufactured=elements.manufactured or day)


def _is_whole(tail: str) -> bool:
    """Tell whether a tail could be elements of its own."""
    try:
        pairs = _pairs(tail)
    except UnclearError:
        return False
    return all(_is_likely(identifier, value) for identifier, value in pairs)


def _is_dated(tail: str) -> bool:
    """Tell whether a tail could be elements that begin with a date, as 17 and 15 follow a batch."""
    return tail[:2] in _DATES and _is_whole(tail)


def _is_likely(identifier: str, value: str) -> bool:
    if identifier in _DATES:
        return bool(_date(value))
    return identifier not in _GTINS or check_digit_fits(value)


def _grams(value: int, *, decimals: int) -> int | None:
    """Read kilograms with so many decimals; None for fractions of a gram."""
    grams, rest = divmod(value * 1000, 10**decimals)
    return None if rest else grams


def _date(value: str) -> str:
    """Read YYMMDD; day 00 is the month's last; empty where there is no such day."""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:  # noqa: PLR2004
        return ""
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return f"{year}-{month:02d}-{day or last:02d}" if day <= last else ""
