"""Codes of a second factor: those that an authenticator shows (TOTP, RFC 6238), and spare ones."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

_STEP_MS: Final = 30_000
_DIGITS: Final = 6
_DRIFTS: Final = (0, -1, 1)
"""By how many steps the clocks of a phone and of the hub may differ."""
SECRET_BYTES: Final = 20
"""As long as the digest (RFC 4226, section 4)."""
RECOVERY_CODES: Final = 10
"""How many spare codes a user has, each for one sign-in without the phone."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A user's second factor as stored; without `confirmed_at` (Unix ms) it is not asked for yet.

    Codes of `last_step` and of steps before it do not count any more.
    """

    secret: str
    confirmed_at: int | None
    last_step: int


def code_at(secret: bytes, step: int) -> str:
    """Give the code of a step of 30 seconds since 1970, such as `287082` for step 1 of the RFC."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def step_of_code(factor: Factor, code: str, *, now_ms: int) -> int | None:
    """Find the step of which a code is, at most one from now and after the last one that was used.

    So no code opens twice, also where somebody watched it being typed. None where there is none.
    """
    secret, now = bytes_of_secret(factor.secret), now_ms // _STEP_MS
    typed = "".join(code.split())
    for step in (now + drift for drift in _DRIFTS):
        is_it = typed.isascii() and hmac.compare_digest(code_at(secret, step), typed)
        if is_it and step > factor.last_step:
            return step
    return None


def write_secret(secret: bytes) -> str:
    """Write a secret the way authenticators take it: base 32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def bytes_of_secret(written: str) -> bytes:
    """Read a written secret."""
    return base64.b32decode(written + "=" * (-len(written) % 8))


def address_of(secret: str, *, user: str, hub: str) -> str:
    """Write the address by which an authenticator takes a secret in: `otpauth://totp/...`."""
    label = quote(f"{hub}:{user}", safe="")
    asked = urlencode({"secret": secret, "issuer": hub, "digits": _DIGITS, "period": 30})
    return f"otpauth://totp/{label}?{asked}"


def plain_recovery(code: str) -> str:
    """Give the one spelling of a spare code: `ABCD-efgh 2345 WXYZ` is `abcdefgh2345wxyz`."""
    return "".join(one for one in code.lower() if one.isalnum())
