"""Text made safe for paper and screen, its width in columns, and how amounts are written."""

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Protocol

from rules import DecimalWriter, shown_amount

_KEPT_FORMAT: Final = frozenset("\u200c\u200d")  # joiners: Indic conjuncts and emoji need them
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES: Final = frozenset({"Zs", "Zl", "Zp"})
_TAMIL: Final = ("\u0b80", "\u0bff")
"""Its letters run half as wide again as a column; counted as one they are drawn too small."""
_OTHER_NUMBERS: Final = frozenset({"socket", "ssl"})
"""The modules whose errors have numbers of their own: 1 of `ssl` is not the system's 1."""
_UNIT_PRICE_SCALE: Final = 4


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


class _InCurrency(Protocol):
    """What has amounts: a pack, an answer of the hub, where a shop stands."""

    @property
    def currency(self) -> str: ...

    @property
    def scale(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Currency:
    """The one writer of amounts on slips and screen: a currency's name and its decimals."""

    name: str = ""
    scale: int = 0

    @classmethod
    def of(cls, one: _InCurrency) -> "Currency":
        """Give the currency that amounts came in."""
        return cls(clean(one.currency), one.scale)

    def amount(self, minor: int) -> str:
        """Write an amount of the minor unit: `-1,23,456.50` of rupees, `-123,456.50` of euros."""
        return shown_amount(minor, self.name, self.scale)

    def named(self, minor: int) -> str:
        """Write an amount with its currency before it: `INR 1,23,456.50`."""
        return f"{self.name} {self.amount(minor)}".lstrip()

    def unit_price(self, price: int) -> str:
        """Write a price of 1/10,000 of the major unit, with its decimals or the more it needs."""
        written = shown_amount(price, self.name, _UNIT_PRICE_SCALE)
        spare = len(written) - (_UNIT_PRICE_SCALE - self.scale)
        return (written[:spare] + written[spare:].rstrip("0")).removesuffix(".")

    def named_unit_price(self, price: int) -> str:
        """Write a price with its currency before it: `INR 12.50`."""
        return f"{self.name} {self.unit_price(price)}".lstrip()


@dataclass(frozen=True, slots=True)
class SlipWriter(DecimalWriter):
    """Writes what reasons are about as slips and screen write it everywhere."""

    def money(self, amount: int) -> str:
        """Write an amount as the totals do."""
        return Currency(self.currency, self.scale).amount(amount)

    def unit_price(self, price: int) -> str:
        """Write a price as the lines do."""
        return Currency(self.currency, self.scale).unit_price(price)
