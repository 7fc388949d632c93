"""A doubt about a rule, and how lint's modules name the part of the rule it is about."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

Packed = Mapping[str, Any]
Path = tuple[str | int, ...]

FOREVER: Final = ("0001-01-01", "9999-12-31")


class Doubt(NamedTuple):
    """A code, what is odd in words, and the way from the rule to what is odd in its text.

    Of the way, whatever the text does not have is left out: the rule itself always has a place.
    """

    code: str
    text: str
    path: Path = ()


def at_slab(number: int, key: str) -> Path:
    """Point at a key of one slab."""
    return ("slabs", number, key)
