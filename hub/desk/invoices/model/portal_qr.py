"""The portal's signed code of a document: three parts of base64, the second says of what it is."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_PARTS: Final = 3


class QrMismatchError(Exception):
    """A signed code is of another document, or none that can be read."""


def check_qr(qr: str, *, irn: str, number: str) -> None:
    """See that a signed code is of this document; raises QrMismatchError.

    What is in it is what the buyer's app shows when the paper is scanned.
    """
    said = read_qr(qr)
    if str(said.get("Irn", "")) != irn or str(said.get("DocNo", "")).upper() != number.upper():
        raise QrMismatchError(f"its signed code is of {said.get('DocNo')!s:.40}")


def read_qr(qr: str) -> Mapping[str, Any]:
    """Read what a signed code says; raises QrMismatchError."""
    parts = qr.split(".")
    if len(parts) != _PARTS:
        raise QrMismatchError("its signed code has not three parts")
    try:
        said = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        inner = said.get("data", said) if isinstance(said, dict) else None
        if isinstance(inner, str):
            inner = msgspec.json.decode(inner.encode())
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError) as error:
        raise QrMismatchError("its signed code cannot be read") from error
    if not isinstance(inner, dict):
        raise QrMismatchError("its signed code says nothing")
    return inner
