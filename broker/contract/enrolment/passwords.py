"""Mosquitto's password lines: PBKDF2 with SHA-512, as `$7$iterations$salt$hash`."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from typing import Final

# Mosquitto's own default. Passwords here are 256 random bits: stretching adds nothing to them, but
# every connect of a thousand terminals that lost their broker together would pay for it.
_ITERATIONS: Final = 101
_SALT_BYTES: Final = 12
_SCHEME: Final = "7"
_LINE: Final = re.compile(rf"\$7\${_ITERATIONS}\$[A-Za-z0-9+/]{{16}}\$[A-Za-z0-9+/]{{86}}==")


def hash_password(password: str) -> str:
    """Give the part of a password line after `user:`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"${_SCHEME}${_ITERATIONS}${_text(salt)}${_text(digest)}"


def is_hashed(line: str) -> bool:
    """Tell whether a line is one that `hash_password` makes: one that costs more is not taken."""
    return _LINE.fullmatch(line) is not None


def verify_password(password: str, hashed: str) -> bool:
    """Compare in constant time; False also for a line that is not of this scheme."""
    try:
        _, scheme, iterations, salt, digest = hashed.split("$")
        if scheme != _SCHEME:
            return False
        expected = base64.b64decode(digest, validate=True)
        given = hashlib.pbkdf2_hmac(
            "sha512", password.encode(), base64.b64decode(salt, validate=True), int(iterations)
        )
    except (ValueError, binascii.Error, OverflowError):
        return False
    return hmac.compare_digest(expected, given)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
