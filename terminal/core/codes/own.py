"""Codes that a shop or its scale makes: an own prefix, an article, and a weight, price or count.

GS1 General Specifications 2.1.12: prefixes 02 and 20 to 29 are for whoever prints them, so a table
of the catalogue says what stands behind each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from rules.values.gtin import check_digit_of
from terminal.core.words import Said, said

_DIGITS: Final = 12
"""Of an EAN-13, before its check digit."""
_OWN: Final = ("02", "2")

_GRAMS: Final = {"G": 1, "GM": 1, "GRAM": 1, "KG": 1000, "KGS": 1000}
"""Base units that are weighed, in grams."""

Kind = Literal["weight", "price", "count"]


class OwnPrefixError(ValueError):
    """A table of own prefixes cannot be used."""


@dataclass(frozen=True, slots=True)
class OwnPrefix:
    """What stands behind one prefix: `article` digits that name it, then how much of it.

    A weight is in grams, a price in minor units. The article's own code in the catalogue is the one
    with nothing behind it: of `21 12345 01234 6` that is `21 12345 00000 8`.
    """

    prefix: str
    article: int
    measures: Kind

    @property
    def named(self) -> int:
        """Count the digits that name the article."""
        return len(self.prefix) + self.article


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a code says there is."""

    kind: Kind
    amount: int


def read_own(gtin: str, table: Iterable[OwnPrefix]) -> tuple[str, Measure] | None:
    """Give the article's own GTIN, as 14 digits, and the measure; None for no own code."""
    digits = gtin.removeprefix("0")
    for own in table:
        if gtin.startswith("0") and digits.startswith(own.prefix):
            named = digits[: own.named]
            body = named.ljust(_DIGITS, "0")
            amount = int(digits[own.named : _DIGITS])
            return f"0{body}{check_digit_of(body)}", Measure(own.measures, amount)
    return None


def is_own(gtin: str) -> bool:
    """Tell whether a GTIN of 14 digits is an EAN-13 for whoever prints it."""
    return gtin.startswith("0") and gtin[1:].startswith(_OWN)


def counted(measure: Measure, base_unit: str) -> int | None:
    """Count a measure in the product's base unit; None for a weight of what is not weighed.

    A price says nothing of how much there is: 1.
    """
    match measure.kind:
        case "price":
            return 1
        case "count":
            return measure.amount or None
        case "weight":
            grams = _GRAMS.get(base_unit.upper())
            whole, rest = divmod(measure.amount, grams) if grams else (0, 0)
            return None if rest else whole or None


def uncounted(measure: Measure, name: str, unit: str) -> Said:
    """Say why a measure is no quantity of a product that is counted in this unit."""
    if measure.kind == "count":
        return said("code.count_zero", code=name)
    return said("code.weight_uncounted", name=name, unit=unit, grams=measure.amount)


def is_gram(base_unit: str) -> bool:
    """Tell whether a product is counted in grams."""
    return _GRAMS.get(base_unit.upper()) == 1


def own_prefixes(rows: object) -> tuple[OwnPrefix, ...]:
    """Read the table of a catalogue; raises OwnPrefixError."""
    match rows:
        case list():
            table = tuple(_own_prefix(row) for row in rows)
        case _:
            raise OwnPrefixError("the own prefixes are no list")
    for own in table:
        others = [other.prefix for other in table if other is not own]
        if any(other.startswith(own.prefix) for other in others):
            raise OwnPrefixError(f"own prefix {own.prefix} is the beginning of another")
    return table


def _own_prefix(row: object) -> OwnPrefix:
    match row:
        case {"prefix": str(prefix), "article": int(article), "measures": str(measures)}:
            kind = next((kind for kind in get_args(Kind) if kind == measures), None)
            is_own = prefix.isascii() and prefix.isdigit() and prefix.startswith(_OWN)
            if kind and is_own and article > 0 and len(prefix) + article < _DIGITS:
                return OwnPrefix(prefix, article, kind)
    raise OwnPrefixError(f"not an own prefix: {str(row)[:100]}")
