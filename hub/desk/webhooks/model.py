"""What other programs are told of, how a message is signed, and when one is sent again."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import urlsplit

from hub.desk.orders.model.request import Cause

Subject = Literal["order", "invoice", "payment", "stock", "test"]
"""What an event is about."""
EVENTS: Final[Mapping[str, Subject]] = MappingProxyType(
    {
        "order.placed": "order",
        "order.held": "order",
        "order.decided": "order",
        "order.changed": "order",
        "order.cancelled": "order",
        "delivery.dispatched": "order",
        "delivery.ended": "order",
        "invoice.issued": "invoice",
        "invoice.cancelled": "invoice",
        "payment.taken": "payment",
        "payment.changed": "payment",
        "stock.low": "stock",
    }
)
"""The kinds of events with what each is about; an endpoint names those that it wants."""
TEST: Final = "webhook.test"
NEEDED: Final[Mapping[Subject, str]] = MappingProxyType(
    {
        "order": "orders.read",
        "invoice": "invoices.read",
        "payment": "payments.read",
        "stock": "stock.read",
        "test": "webhooks.change",
    }
)
"""What the owner of an endpoint has to be permitted for it to be told of something."""
_BY_CAUSE: Final[Mapping[Cause, str]] = MappingProxyType(
    {
        "held": "order.held",
        "released": "order.decided",
        "refused": "order.decided",
        "expired": "order.decided",
        "countered": "order.decided",
        "amended": "order.changed",
        "back_ordered": "order.changed",
        "picked_short": "order.changed",
        "returned": "order.changed",
        "cheque_returned": "order.changed",
        "cancelled": "order.cancelled",
        "dispatched": "delivery.dispatched",
        "delivered": "delivery.ended",
        "came_back": "delivery.ended",
    }
)
State = Literal["waiting", "sent", "failed", "dropped"]
"""Where a delivery stands; `dropped` is one of which the owner may not see what it is about."""
STATES: Final[tuple[State, ...]] = ("waiting", "sent", "failed", "dropped")
ATTEMPTS: Final = 12
"""How often a delivery is tried."""
_SECOND: Final = 1_000
_HOUR: Final = 3_600 * _SECOND
PAUSES_MS: Final = (
    *(5 * _SECOND, 30 * _SECOND, 120 * _SECOND, 600 * _SECOND, 1_800 * _SECOND),
    *(_HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR),
)
"""How long an endpoint is left alone after so many failures in a row; then the last one each."""
STOPPED_AFTER_MS: Final = 3 * 24 * _HOUR
"""After failing so long, and at every attempt, an endpoint is told of nothing any more."""
LEAST_FAILURES: Final = 8
OLD_SECRET_MS: Final = 24 * _HOUR
"""How long messages are signed by the secret of before as well, once there is a new one."""
KEPT_DAYS: Final = 90
"""How long a message that is no longer waiting is shown, and may be sent once more."""
KEPT_MS: Final = KEPT_DAYS * 24 * _HOUR
_PREFIX: Final = "whsec_"
_LONGEST_URL: Final = 500
_LONGEST_NAME: Final = 100
SCHEMES: Final = ("https", "http")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: `ref` names the row that it is about, `facts` what it was at that moment.

    `key` is the same for the same event, and `uuid` is the id that receivers are told.
    """

    kind: str
    ref: str
    revision: int = 0
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name the event, so that it is kept once."""
        facts = ":".join(f"{self.facts[name]}" for name in sorted(self.facts))
        return f"{self.kind}:{self.ref}:{self.revision}:{facts}"[:200]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is to be sent now: to where, signed by what, about which event."""

    id: int
    webhook: int
    state: State
    turn: int
    attempts: int
    url: str
    active: bool
    held_until: int
    secret: str
    old_secret: str | None
    old_until: int | None
    failures: int
    failing_since: int | None
    owner: str
    uuid: str
    kind: str
    ref: str
    revision: int
    facts: Mapping[str, str | int]
    at: int

    def pause_left_ms(self, now_ms: int) -> int:
        """Say how long the endpoint is left alone yet: 0 where it may be asked."""
        key = str(self.webhook)
        return pause_left_ms(self.held_until, self.failures, key=key, now_ms=now_ms)

    def secrets_at(self, now_ms: int) -> tuple[str, ...]:
        """Give the secrets that hold: the newest first, and for a while the secret before it."""
        old = self.old_secret if self.old_until is not None and now_ms < self.old_until else None
        return (self.secret, old) if old else (self.secret,)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the answer's status, or why there was none."""

    status: int | None
    took_ms: int | None = None
    error: str = ""

    @property
    def is_taken(self) -> bool:
        """Say whether the receiver took the message: any answer of 200 to 299."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 -- HTTP's own

    @property
    def is_gone(self) -> bool:
        """Say whether the receiver wants no more: 410."""
        return self.status == 410  # noqa: PLR2004 -- HTTP's own


def kind_of(cause: Cause) -> str | None:
    """Give the kind of event that a change of an order is; None where nobody is told of such."""
    return _BY_CAUSE.get(cause)


def pause_ms(failures: int, key: str) -> int:
    """Say how long an endpoint is left alone after so many failures: spread by a fifth each way.

    After 3 failures 120 s, of one endpoint 104 s and of another 133 s: not all come at once.
    """
    base = PAUSES_MS[min(failures, len(PAUSES_MS)) - 1]
    drawn = int.from_bytes(hashlib.sha256(f"{key}:{failures}".encode()).digest()[:4])
    return base * 4 // 5 + base * 2 // 5 * drawn // 2**32


def pause_left_ms(held_until_ms: int, failures: int, *, key: str, now_ms: int) -> int:
    """Say how long an endpoint is left alone yet: 0 where its pause is over.

    One held for longer than its pause lasts failed while the hub's clock was fast: it may be asked.
    """
    left_ms = held_until_ms - now_ms
    return left_ms if 0 < left_ms <= pause_ms(failures, key) else 0


def message_of(uuid: str) -> str:
    """Give the id under which receivers are told of an event, the same on every repeat."""
    return f"msg_{uuid}"


def write_secret(drawn: bytes) -> str:
    """Write a secret as receivers are given it: `whsec_` and base64."""
    return _PREFIX + base64.b64encode(drawn).decode()


def sign(secret: str, message: str, at_s: int, *, body: bytes) -> str:
    """Sign a message as `v1,` and the base64 of HMAC-SHA256 over its id, its time and its body."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = b".".join((message.encode(), str(at_s).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers_of(
    message: str, at_s: int, *, body: bytes, secrets: tuple[str, ...]
) -> Mapping[str, str]:
    """Give the headers of a message, signed by each of the secrets that hold."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Orderwire",
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(sign(one, message, at_s, body=body) for one in secrets),
    }


def is_secret(text: str) -> bool:
    """Say whether a text is a secret: 24 to 64 bytes behind the prefix."""
    try:
        drawn = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return False
    return text.startswith(_PREFIX) and 24 <= len(drawn) <= 64  # noqa: PLR2004 -- the form's bounds


def fault_of(name: str, url: str, kinds: tuple[str, ...]) -> tuple[str, str] | None:
    """Give the field and the code of what is wrong with an endpoint; None where nothing is."""
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        return "name", "webhook_name"
    if not _is_address(url):
        return "url", "webhook_address"
    if not kinds or not set(kinds) <= EVENTS.keys():
        return "kinds", "webhook_kinds"
    return None


def _is_address(url: str) -> bool:
    """Say whether a text is an address that can be posted to: no user, no password, no fragment."""
    if len(url) > _LONGEST_URL or not (url.isascii() and url.isprintable()) or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not parts.username and not parts.password and not parts.fragment
    return parts.scheme in SCHEMES and bool(parts.hostname) and plain and port != 0
