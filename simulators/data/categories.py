"""Which shelf a product stands on, told from the words of its name."""

import csv
import re
from dataclasses import dataclass
from typing import Final

from simulators.data.shipped import SHELVES


@dataclass(frozen=True, slots=True)
class Shelf:
    """A root category: its tax class, its price span in rupees, and the size of its case."""

    category: str
    tax_class: str
    cheapest: int
    dearest: int
    case: int
    words: frozenset[str]


def _read() -> tuple[Shelf, ...]:
    with SHELVES.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Shelf(
                row["category"],
                row["tax_class"],
                cheapest=int(row["cheapest"]),
                dearest=int(row["dearest"]),
                case=int(row["case"]),
                words=frozenset(row["words"].split()),
            )
            for row in csv.DictReader(stream)
        )


_SHELVES: Final = _read()
_REST: Final = next(shelf for shelf in _SHELVES if not shelf.words)
_SHELF_OF: Final = {word: shelf for shelf in _SHELVES for word in shelf.words}
_WORD: Final = re.compile(r"[a-z']+")


def shelf_of(name: str) -> Shelf:
    """Find a product's shelf: the last telling word decides (milk chocolate is chocolate)."""
    for word in reversed(_WORD.findall(name.lower())):
        if word in _SHELF_OF:
            return _SHELF_OF[word]
    return _REST
