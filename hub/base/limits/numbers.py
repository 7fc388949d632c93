"""Numbers as strangers write them."""

from typing import Final

_MOST_DIGITS: Final = 18


def whole_number(text: str, *, otherwise: int) -> int:
    """Read a whole number of at most 18 digits; anything else gives `otherwise`.

    Python reads other scripts' digits too, and refuses more than 4,300 of them with an error.
    """
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return otherwise
    return int(text)
