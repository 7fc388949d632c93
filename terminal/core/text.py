"""Text made safe for paper and screen, its width in columns, and how amounts are written."""

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from rules import DecimalWriter

_KEPT_FORMAT: Final = frozenset("\u200c\u200d")  # joiners: Indic conjuncts and emoji need them
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES: Final = frozenset({"Zs", "Zl", "Zp"})
_TAMIL: Final = ("\u0b80", "\u0bff")
"""Its letters run half as wide again as a column; counted as one they are drawn too small."""
_OTHER_NUMBERS: Final = frozenset({"socket", "ssl"})
"""The modules whose errors have numbers of their own: 1 of `ssl` is not the system's 1."""
_MAJOR_DIGITS: Final = 4  # unit prices carry four decimals


def clean(text: str, limit: int = 500) -> str:
    """Drop every control, bidi, private and unassigned character; make all white space one space.

    A product name could otherwise cut the paper, open the drawer, or show a number backwards.
    """
    kept = []
    for char in unicodedata.normalize("NFC", text[: 2 * limit]):
        category = unicodedata.category(char)
        if char in "\t\n\r\v\f" or category in _SPACES:
            kept.append(" ")
        elif char in _KEPT_FORMAT or category not in _DROPPED:
            kept.append(char)
    return " ".join("".join(kept).split())[:limit]


def plain(error: OSError | UnicodeDecodeError) -> str:
    """Say what the system would not do, without its number and the name of the file."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no text"
    is_known = error.errno is not None and type(error).__module__ not in _OTHER_NUMBERS
    return os.strerror(error.errno or 0) if is_known else error.strerror or str(error)


def width(text: str) -> int:
    """Count the columns of `text`: marks take none, wide East Asian letters and emoji two."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    if _TAMIL[0] <= char <= _TAMIL[1] and unicodedata.category(char) == "Lo":
        return 2
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def leans(char: str) -> bool:
    """Tell whether a character belongs to the letter before it, as marks and joiners do."""
    return unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}


def wrap(text: str, columns: int, first: int | None = None) -> list[str]:
    """Break `text` at spaces into lines of at most `columns`, the first of at most `first`.

    A word longer than a line is broken where the line ends; `%` stays with its number.
    """
    lines: list[str] = []
    line = ""
    room = columns if first is None else first
    for word in re.split(r" (?!%(?: |$))", text):
        rest = word
        if line and width(line) + 1 + width(rest) <= room:
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
            room = columns
        while width(rest) > room:
            head = _fit(rest, room)
            lines.append(head)
            rest = rest[len(head) :]
            room = columns
        line = rest
    return [*lines, line]


def _fit(text: str, columns: int) -> str:
    """Give the longest start of `text` that fits, at least one letter with its marks."""
    taken = 0
    for at, char in enumerate(text):
        taken += _char_width(char)
        if taken > columns and at > 0:
            return text[:at]
    return text


def money(minor: int, scale: int) -> str:
    """Write an amount of the minor unit with `scale` decimals, as `-1234.50`."""
    sign = "-" if minor < 0 else ""
    major, rest = divmod(abs(minor), 10**scale)
    return f"{sign}{major}.{rest:0{scale}d}" if scale else f"{sign}{major}"


def unit_price(price: int, scale: int) -> str:
    """Write a price of 1/10,000 of the major unit, with `scale` decimals or the more it needs."""
    major, rest = divmod(price, 10**_MAJOR_DIGITS)
    digits = f"{rest:0{_MAJOR_DIGITS}d}"
    while len(digits) > scale and digits.endswith("0"):
        digits = digits[:-1]
    return f"{major}.{digits}" if digits else str(major)


@dataclass(frozen=True, slots=True)
class SlipWriter(DecimalWriter):
    """Writes what reasons are about as slips and screen write it everywhere."""

    def money(self, amount: int) -> str:
        """Write an amount as the totals do."""
        return money(amount, self.scale)

    def unit_price(self, price: int) -> str:
        """Write a price as the lines do."""
        sign = "-" if price < 0 else ""
        return sign + unit_price(abs(price), self.scale)
