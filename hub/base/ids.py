"""Ids and secrets that nobody else has."""

import hashlib
import os
import secrets
from typing import Final, Protocol

_RANDOM_BYTES: Final = 10
_SECRET_BYTES: Final = 32


class Ids(Protocol):
    """Makes ids of messages and orders."""

    def __call__(self, now_ms: int) -> str:
        """Give a new version 7 UUID."""


def new_id(now_ms: int) -> str:
    """Make a version 7 UUID (RFC 9562, 5.7) of Unix milliseconds and 74 random bits."""
    drawn = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    value = (now_ms & ((1 << 48) - 1)) << 80 | drawn
    value &= ~(0xF << 76) & ~(0x3 << 62)
    value |= 0x7 << 76 | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_secret() -> tuple[str, str]:
    """Make a secret of 256 bits; gives the secret and its SHA-256, which alone is kept."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    return secret, hashlib.sha256(secret.encode()).hexdigest()
