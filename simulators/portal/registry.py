"""What the stand-in has registered: each document once, under the IRN that it computes."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

_FIRST_ACK: Final = 112_610_000_000_001
_FIRST_EWAY: Final = 181_000_000_001
_DAY: Final = timedelta(days=1)
_INDIA: Final = timezone(timedelta(hours=5, minutes=30))
_APRIL: Final = 4
Sign = Callable[[bytes], bytes]
"""Gives the signature of what a code says."""


def _scrawl(said: bytes) -> bytes:
    """Give so many bytes as a signature has, which are none."""
    return hashlib.sha512(said).digest() * 4


@dataclass(frozen=True, slots=True)
class Registered:
    """A document as it was taken, and what was given for it."""

    irn: str
    ack_no: int
    at: datetime
    document: Mapping[str, Any]
    eway: int | None = None
    is_active: bool = True


class ObjectionError(Exception):
    """Raised where the portal objects, by its code and words; `known` is the document it has."""

    def __init__(self, code: str, words: str, known: Registered | None = None) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.known = known


class Registry:
    """Documents by their IRN; `twice` has it take one again that it has, as a bad portal would.

    `sign` gives the signature of what a code says; without it, a signature is nobody's.
    """

    def __init__(self, sign: Sign = _scrawl) -> None:
        self.sign = sign
        self.documents: dict[str, Registered] = {}
        self.given = 0
        """How many acknowledgements were given."""

    def register(
        self, document: Mapping[str, Any], *, at: datetime | None = None, twice: bool = False
    ) -> Registered:
        """Take a document; raises ObjectionError where it is there, or is none."""
        irn = irn_of(document)
        known = self.documents.get(irn)
        if known is not None and not known.is_active:
            raise ObjectionError("2278", "IRN is already generated and is cancelled")
        if known is not None and not twice:
            raise ObjectionError("2150", "Duplicate IRN", known)
        number = _FIRST_ACK + self.given
        self.given += 1
        eway = _FIRST_EWAY + self.given if document.get("EwbDtls") else None
        taken = Registered(irn, number, at or datetime.now(UTC), document, eway)
        self.documents[irn] = taken
        return taken

    def find(self, kind: str, number: str, day: str) -> Registered:
        """Find a document by its kind, number and day; raises ObjectionError."""
        for one in self.documents.values():
            said = one.document["DocDtls"]
            if (said["Typ"], said["No"], said["Dt"]) == (kind, number, day):
                return one
        raise ObjectionError("2154", "IRN details are not found")

    def read(self, irn: str) -> Registered:
        """Give what is registered under an IRN; raises ObjectionError."""
        if irn not in self.documents:
            raise ObjectionError("2148", "Requested IRN data is not available")
        return self.documents[irn]

    def cancel(self, irn: str, *, at: datetime | None = None) -> Registered:
        """Cancel within a day; raises ObjectionError."""
        known = self.read(irn)
        if not known.is_active:
            raise ObjectionError("9999", "Invoice is not active")
        if (at or datetime.now(UTC)) - known.at >= _DAY:
            raise ObjectionError("2270", "The allowed cancellation time limit is crossed")
        self.documents[irn] = replace(known, is_active=False)
        return self.documents[irn]


def irn_of(document: Mapping[str, Any]) -> str:
    """Compute a document's IRN as the portal's pages define it; raises ObjectionError."""
    try:
        said, seller = document["DocDtls"], document["SellerDtls"]["Gstin"]
        day = datetime.strptime(said["Dt"], "%d/%m/%Y").replace(tzinfo=_INDIA)
        first = day.year if day.month >= _APRIL else day.year - 1
        words = f"{seller}{first}-{(first + 1) % 100:02}{said['Typ']}{said['No']}"
    except (KeyError, TypeError, ValueError) as error:
        raise ObjectionError("2140", "Error while validating invoice") from error
    return hashlib.sha256(words.encode()).hexdigest()


def write_registered(one: Registered, sign: Sign = _scrawl) -> dict[str, Any]:
    """Write what is answered for a document, its code signed."""
    given: dict[str, Any] = {
        "AckNo": one.ack_no,
        "AckDt": _written(one.at),
        "Irn": one.irn,
        "SignedInvoice": "",
        "SignedQRCode": write_code(one, sign),
        "Status": "ACT" if one.is_active else "CNL",
    }
    if one.eway is not None:
        given |= {
            "EwbNo": one.eway,
            "EwbDt": _written(one.at),
            "EwbValidTill": _written(one.at + _DAY),
        }
    return given


def write_code(one: Registered, sign: Sign = _scrawl) -> str:
    """Write a code of the form that signed ones have."""
    document = one.document
    lines = document.get("ItemList") or [{}]
    said = {
        "SellerGstin": document["SellerDtls"]["Gstin"],
        "BuyerGstin": document.get("BuyerDtls", {}).get("Gstin", ""),
        "DocNo": document["DocDtls"]["No"],
        "DocTyp": document["DocDtls"]["Typ"],
        "DocDt": document["DocDtls"]["Dt"],
        "TotInvVal": document.get("ValDtls", {}).get("TotInvVal", 0),
        "ItemCnt": len(lines),
        "MainHsnCode": lines[0].get("HsnCd", ""),
        "Irn": one.irn,
        "IrnDt": _written(one.at),
    }
    parts = ({"alg": "RS256", "typ": "JWT"}, {"data": json.dumps(said), "iss": "NIC Sandbox"})
    text = b".".join(_wrapped(json.dumps(part).encode()) for part in parts)
    return (text + b"." + _wrapped(sign(text))).decode()


def _wrapped(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def written_day(one: Registered) -> str:
    """Write when a document was cancelled."""
    return _written(one.at)


def _written(at: datetime) -> str:
    return at.astimezone(_INDIA).strftime("%Y-%m-%d %H:%M:%S")
