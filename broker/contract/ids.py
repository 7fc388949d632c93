"""Identifiers on the wire: terminal names, time-ordered UUIDs, the square code of an order."""

import re
import uuid
from typing import Final

_ID = re.compile(r"[a-z0-9-]{1,32}")
FOLLOW: Final = "/follow/"
"""Where the hub tells whoever holds an order's slip how it stands; the order's id comes after."""
_CODE: Final = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*)?/follow/"
    r"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})/?(?:[?#].*)?",
    re.IGNORECASE,
)


def check_id(name: str) -> str:
    """Return `name` if it can be one level of a topic, an MQTT user and a certificate name.

    Raises ValueError for anything but 1 to 32 of `a-z`, `0-9` and `-`.
    """
    if not _ID.fullmatch(name):
        msg = f"{name!r} is not an id: use 1 to 32 of a-z, 0-9 and -"
        raise ValueError(msg)
    return name


def uuid7(now_ms: int, random: bytes) -> str:
    """Make a version 7 UUID (RFC 9562, 5.7) from Unix milliseconds and 10 random bytes.

    Clock and randomness are arguments, so that the pure cores may call it.
    """
    value = (now_ms & ((1 << 48) - 1)) << 80 | int.from_bytes(random[:10], "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    value |= 0x7 << 76 | 0x2 << 62
    return str(uuid.UUID(int=value))


def order_code(hub: str, order: str) -> str:
    """Write what an order's slip has as its code; without the hub's address the order's id."""
    return f"{hub.rstrip('/')}{FOLLOW}{order}" if hub else order


def order_in(code: str) -> str | None:
    """Find the order whose code was scanned; None where it is any other code.

    Some scanners send letters in the other case.
    """
    found = _CODE.fullmatch(code)
    return found.group(1).lower() if found else None
