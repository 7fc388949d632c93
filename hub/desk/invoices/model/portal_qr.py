"""The portal's signed code of a document: three parts of base64, the second says of what it is."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
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


def find_differences(qr: str, written: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Find what a signed code says of its document otherwise than the file of ours.

    Gives the field, the portal's value and ours: `DocDt`, `20/11/2026`, `21/11/2026`. A field that
    the code has not is passed over. Raises QrMismatchError.
    """
    said = read_qr(qr)
    ours = {
        "BuyerGstin": written["BuyerDtls"]["Gstin"],
        "DocDt": written["DocDtls"]["Dt"],
        "TotInvVal": written["ValDtls"]["TotInvVal"],
    }
    for name, own in ours.items():
        given = said.get(name)
        if given is not None and not _is_same(given, own):
            yield name, f"{given!s:.40}", str(own)


def _is_same(given: object, own: object) -> bool:
    if not isinstance(own, Decimal):
        return given == own
    try:
        return Decimal(str(given)) == own
    except InvalidOperation:
        return False


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
