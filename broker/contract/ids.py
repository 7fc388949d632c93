"""Identifiers on the wire: terminal names and time-ordered UUIDs."""

import re
import uuid

_ID = re.compile(r"[a-z0-9-]{1,32}")


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
