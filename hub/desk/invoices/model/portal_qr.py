"""The portal's signed code of a document: three parts of base64, the second says of what it is."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

_PARTS: Final = 3
_ALGORITHM: Final = "RS256"
_SHA256: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a SHA-256 that is signed: its name in DER (RFC 8017, 9.2)."""
_PADDING: Final = 11
"""Bytes of a signature that are neither that name nor the hash, at least."""


@dataclass(frozen=True, slots=True)
class PortalKey:
    """A public key of the portal: the numbers of RSA by which what it signed is known."""

    modulus: int
    exponent: int

    def has_signed(self, said: bytes, signature: bytes) -> bool:
        """Say whether a signature over these bytes is of this key (RSASSA-PKCS1-v1_5, SHA-256)."""
        length = (self.modulus.bit_length() + 7) // 8
        value = int.from_bytes(signature)
        told = _SHA256 + hashlib.sha256(said).digest()
        if len(signature) != length or value >= self.modulus or length < len(told) + _PADDING:
            return False
        found = pow(value, self.exponent, self.modulus).to_bytes(length)
        return hmac.compare_digest(
            found, b"\0\1".ljust(length - len(told) - 1, b"\xff") + b"\0" + told
        )


class QrMismatchError(Exception):
    """A signed code is of another document, not signed by the portal, or cannot be read."""


def check_qr(qr: str, *, irn: str, number: str, keys: Collection[PortalKey] = ()) -> None:
    """See that a signed code is of this document and, with `keys`, signed by one of them.

    What is in it is what the buyer's app shows when the paper is scanned. Raises QrMismatchError.
    """
    said = read_qr(qr)
    if keys and not _is_signed(qr, keys):
        raise QrMismatchError("its signed code is not signed by the portal")
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


def _is_signed(qr: str, keys: Collection[PortalKey]) -> bool:
    head, said, signature = (part.encode() for part in qr.split("."))
    try:
        told = msgspec.json.decode(_unwrapped(head))
        given = _unwrapped(signature)
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError):
        return False
    if not isinstance(told, dict) or told.get("alg") != _ALGORITHM:
        return False
    return any(one.has_signed(head + b"." + said, given) for one in keys)


def _unwrapped(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


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
        said = msgspec.json.decode(_unwrapped(parts[1].encode()))
        inner = said.get("data", said) if isinstance(said, dict) else None
        if isinstance(inner, str):
            inner = msgspec.json.decode(inner.encode())
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError) as error:
        raise QrMismatchError("its signed code cannot be read") from error
    if not isinstance(inner, dict):
        raise QrMismatchError("its signed code says nothing")
    return inner
