"""Text set in columns of a terminal window: marks of Indic scripts take no column of their own."""

import unicodedata
from typing import Final

_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})


def width(text: str) -> int:
    """Count the columns of a text."""
    if text.isascii():
        return len(text)
    return sum(unicodedata.category(char) not in _NO_WIDTH for char in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text up with blanks, on its left where it is to stand at the right."""
    blanks = " " * max(columns - width(text), 0)
    return blanks + text if right else text + blanks
