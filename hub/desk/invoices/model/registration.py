"""Registering a document at the portal of e-invoices: who has to, under which IRN, what it said."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final, Literal, get_args

import msgspec

from hub.base.fields import Reason
from hub.desk.invoices.model.portal_qr import PortalKey, QrMismatchError, check_qr
from hub.desk.parties.model.sides import Side

State = Literal["waiting", "registered", "refused", "dropped", "cancelling", "cancelled", "stuck"]
"""How a document stands at the portal.

`dropped` was cancelled before it was sent; `stuck` is cancelled here and stays registered there, as
the portal did not cancel it.
"""
STATES: Final[tuple[State, ...]] = get_args(State)
HAS_IRN: Final[frozenset[State]] = frozenset({"registered", "cancelling", "cancelled", "stuck"})
Standing = State | Literal["given_up"]
"""How people are told that a document stands: one whose job was given up does not wait any more."""
STANDINGS: Final[tuple[Standing, ...]] = (*STATES, "given_up")
TO_MEND: Final[tuple[Standing, ...]] = ("refused", "stuck", "given_up")
"""Where a person has to do something."""
SENT_AGAIN: Final[frozenset[State]] = frozenset({"refused", "waiting", "stuck"})
"""States out of which a person may have the document sent once more."""
Unneeded = Literal["off", "no_seller_gstin", "no_buyer_gstin", "before"]
"""Why a document is not to be registered: nobody set a portal, or the law does not ask for it."""
UNNEEDED: Final[tuple[Unneeded, ...]] = get_args(Unneeded)
Mend = Literal[
    "customer", "address", "product", "seller", "number", "amounts", "eway", "time", "other"
]
"""What is to be mended after a refusal."""
MENDS: Final[tuple[Mend, ...]] = get_args(Mend)
TYPES: Final[Mapping[str, str]] = {
    "invoice": "INV",
    "bill_of_supply": "INV",
    "credit_note": "CRN",
    "debit_note": "DBN",
}
SEND: Final = "einvoice"
CANCEL: Final = "einvoice_cancel"
"""The kinds of jobs; the key of one is the document and its round: `17/1`."""
CANCEL_MS: Final = 24 * 3_600_000
"""For so long after its acknowledgement the portal cancels a document."""
_DUPLICATE: Final = frozenset({"2150", "2295"})
_UNKNOWN: Final = frozenset({"2148", "2154"})
_CANCELLED_ALREADY: Final = frozenset({"9999"})
_TROUBLE: Final = frozenset(
    {*(str(code) for code in range(1004, 1016)), "2140", "2146", "2147", "5001", "5002"}
)
"""Codes that are about the portal or our way to it, and not about the document."""
_MENDED_BY: Final[Mapping[str, Mend]] = {
    **dict.fromkeys(("2211", "3028", "3029"), "customer"),
    **dict.fromkeys(("3038", "3039"), "address"),
    "2176": "product",
    "2143": "seller",
    **dict.fromkeys(("2244", "2278"), "number"),
    **dict.fromkeys(("2172", "2182", "2189", "2193", "2194", "2227", "2234", "2235"), "amounts"),
    "2230": "eway",
    "2270": "time",
}
_INDIA: Final = timezone(timedelta(hours=5, minutes=30))
_OF_OWN: Final = 3
_MOST_WORDS: Final = 300
_MOST_REFUSALS: Final = 20


class PortalAnswerError(Exception):
    """An answer that says nothing of the document: a page of HTML, a fault of the portal."""


class ForeignAnswerError(PortalAnswerError):
    """An answer that is about another document than the one that was sent."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was set of the portal: from which day on documents are sent, and whether with e-way.

    With `keys`, a code that none of them signed is not kept.
    """

    is_on: bool = False
    since: date | None = None
    eway: bool = False
    paths: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[PortalKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Registered:
    """What the portal gave for a document; `is_active` says that it is not cancelled there.

    `eway` is the number of its e-way bill, `eway_until_ms` how long that holds.
    """

    irn: str
    ack_no: str
    ack_at_ms: int
    qr: str
    is_active: bool = True
    eway: str = ""
    eway_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The portal has the document already, under this IRN."""

    irn: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One of the portal's objections in its own words, or a reason why nothing was sent to it."""

    code: str
    text: str
    own: Reason | None = None

    @property
    def mend(self) -> Mend:
        """Say what is to be mended."""
        return _MENDED_BY.get(self.code, "other")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The portal's objections to a document."""

    refusals: tuple[Refusal, ...]

    @property
    def is_unknown(self) -> bool:
        """Say whether it only means that there is no such document."""
        return any(one.code in _UNKNOWN for one in self.refusals)

    @property
    def is_cancelled(self) -> bool:
        """Say whether it only means that the document is cancelled already."""
        return any(one.code in _CANCELLED_ALREADY for one in self.refusals)


Answer = Registered | Known | NotTaken


def write_refusals(refusals: Collection[Refusal]) -> str:
    """Write objections as JSON; none is an empty text."""
    said = [
        [one.own.code, one.own.params, one.own.field] if one.own else [one.code, one.text]
        for one in refusals
    ]
    return msgspec.json.encode(said).decode() if said else ""


def read_refusals(written: str) -> tuple[Refusal, ...]:
    """Read objections back: of three parts are the hub's own."""
    found = msgspec.json.decode(written) if written else []
    return tuple(
        Refusal("", "", Reason(*one)) if len(one) == _OF_OWN else Refusal(*one) for one in found
    )


def why_unneeded(
    row: Mapping[str, Any], *, seller: Side, buyer: Side, terms: Terms
) -> Unneeded | None:
    """Say why a document is not to be registered; None where it is.

    Sales to people without a GSTIN are not, nor what a seller issued before it had to.
    """
    if not terms.is_on:
        return "off"
    if row["kind"] == "bill_of_supply" or not seller.gstin:
        return "no_seller_gstin"
    if not buyer.gstin:
        return "no_buyer_gstin"
    return "before" if terms.since is not None and row["day"] < terms.since else None


def irn_of(gstin: str, *, year: str, kind: str, number: str) -> str:
    """Compute the IRN of a document: SHA-256 of `29...ZR` + `2026-27` + `INV` + `INV26-27/000001`.

    The portal takes numbers in capitals.
    """
    return hashlib.sha256(f"{gstin}{year}{TYPES[kind]}{number.upper()}".encode()).hexdigest()


def may_cancel(ack_at_ms: int, *, at_ms: int) -> bool:
    """Say whether the portal would still cancel what it acknowledged then."""
    return at_ms < ack_at_ms + CANCEL_MS


def day_in_india(at_ms: int) -> date:
    """Give the day of a moment where the portal is."""
    return datetime.fromtimestamp(at_ms / 1000, _INDIA).date()


def read_answer(
    status: int, body: bytes, *, irn: str, number: str, keys: Collection[PortalKey] = ()
) -> Answer:
    """Read what the portal said of a document; with its `keys`, see that it signed the code.

    Raises PortalAnswerError where that is nothing about it, and ForeignAnswerError where it is
    about another one: an IRN is computed, so that a wrong one is seen.
    """
    said = _decode(body)
    if said is None:
        raise PortalAnswerError(f"HTTP {status}, and no JSON: {_shortened(body)}")
    given = _inner(said)
    if _text(given, "Irn") and _text(given, "AckNo"):
        return _registered(given, irn=irn, number=number, keys=keys)
    known = next(_known(said), None)
    refusals = tuple(_refusals(said))[:_MOST_REFUSALS]
    if known is not None and any(one.code in _DUPLICATE for one in refusals):
        if known != irn:
            raise ForeignAnswerError(f"it knows this document under the IRN {known}")
        return Known(known)
    if any(one.code in _DUPLICATE for one in refusals):
        return Known(irn)
    if not refusals or any(one.code in _TROUBLE for one in refusals):
        told = "; ".join(f"{one.code} {one.text}" for one in refusals) or _shortened(body)
        raise PortalAnswerError(f"HTTP {status}: {told}")
    return NotTaken(refusals)


def read_cancelled(status: int, body: bytes, *, irn: str) -> NotTaken | None:
    """Read what the portal said of a cancellation; None where it is done.

    Raises PortalAnswerError, and ForeignAnswerError where it cancelled another document.
    """
    said = _decode(body)
    if said is None:
        raise PortalAnswerError(f"HTTP {status}, and no JSON: {_shortened(body)}")
    done = _text(_inner(said), "Irn")
    if done and _text(_inner(said), "CancelDate"):
        if done != irn:
            raise ForeignAnswerError(f"it cancelled the IRN {done}")
        return None
    refusals = tuple(_refusals(said))[:_MOST_REFUSALS]
    if not refusals or any(one.code in _TROUBLE for one in refusals):
        raise PortalAnswerError(f"HTTP {status}: {_shortened(body)}")
    not_taken = NotTaken(refusals)
    return None if not_taken.is_cancelled else not_taken


def _registered(
    given: Mapping[str, Any], *, irn: str, number: str, keys: Collection[PortalKey]
) -> Registered:
    if _text(given, "Irn") != irn:
        raise ForeignAnswerError(f"it answers with the IRN {_text(given, 'Irn')[:64]}")
    qr = _text(given, "SignedQRCode")
    try:
        check_qr(qr, irn=irn, number=number, keys=keys)
    except QrMismatchError as error:
        raise ForeignAnswerError(str(error)) from error
    return Registered(
        irn,
        _text(given, "AckNo")[:32],
        _moment(_text(given, "AckDt")),
        qr,
        _text(given, "Status") != "CNL",
        _text(given, "EwbNo")[:32],
        _moment(_text(given, "EwbValidTill")) if _text(given, "EwbValidTill") else None,
    )


def _decode(body: bytes) -> Mapping[str, Any] | None:
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _inner(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what an answer is about: some gateways hand it over as JSON inside of JSON."""
    for name in ("Data", "data", "result"):
        given = said.get(name)
        if isinstance(given, str):
            given = _decode(given.encode())
        if isinstance(given, dict):
            return given
    return said


def _text(given: Mapping[str, Any], name: str) -> str:
    """Give a field as text: numbers of acknowledgements come as numbers, too."""
    value = given.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _known(said: Mapping[str, Any]) -> Iterator[str]:
    """Give the IRN that an answer names as known."""
    for one in _members(said, "InfoDtls", "info"):
        told = one.get("Desc")
        if _text(one, "InfCd") == "DUPIRN" and isinstance(told, dict) and _text(told, "Irn"):
            yield _text(told, "Irn")


def _refusals(said: Mapping[str, Any]) -> Iterator[Refusal]:
    for one in _members(said, "ErrorDetails", "errors"):
        code = _text(one, "ErrorCode") or _text(one, "error_code")
        words = _text(one, "ErrorMessage") or _text(one, "error_message")
        if code or words:
            yield Refusal(code[:32], words.strip()[:_MOST_WORDS])


def _members(said: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    for name in names:
        found = said.get(name)
        if isinstance(found, str):
            try:
                found = msgspec.json.decode(found.encode())
            except (msgspec.DecodeError, RecursionError):
                continue
        if isinstance(found, list):
            yield from (one for one in found if isinstance(one, dict))


def _moment(text: str) -> int:
    """Read the portal's time, `2026-11-29 15:30:00`, which is India's; raises PortalAnswerError."""
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p"):
        try:
            read = datetime.strptime(text.strip(), form)  # noqa: DTZ007  # the next line says which
        except ValueError:
            continue
        return int(read.replace(tzinfo=_INDIA).astimezone(UTC).timestamp()) * 1000
    raise PortalAnswerError(f"it answers with the time {text[:40]!r}")


def _shortened(body: bytes) -> str:
    return body[:120].decode(errors="replace")
