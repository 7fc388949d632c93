"""The square code on an order's slip: the address at which the hub says how the order stands."""

import re
from typing import Final

FOLLOW: Final = "/follow/"
"""Where the hub tells whoever holds an order's slip how it stands; the order's id comes after."""
_CODE: Final = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*)?/follow/"
    r"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})/?(?:[?#].*)?",
    re.IGNORECASE,
)


def order_code(hub: str, order: str) -> str:
    """Write what an order's slip has as its code; without the hub's address the order's id."""
    return f"{hub.rstrip('/')}{FOLLOW}{order}" if hub else order


def order_in(code: str) -> str | None:
    """Find the order whose code was scanned; None where it is any other code.

    Some scanners send letters in the other case.
    """
    found = _CODE.fullmatch(code)
    return found.group(1).lower() if found else None
