"""Words of parties: how a customer looks, and the codes of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look, PageWords
from rules import ReasonCode, register

PENDING: Final = Look("customer_status.pending", "ow-wait", "clock")
WAITING: Final = Look("customer_status.waiting", "ow-wait", "clock")
STATUSES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "active": Look("customer_status.active", "ow-good", "check"),
        "hold": Look("customer_status.hold", "ow-wait", "player-pause"),
        "blocked": Look("customer_status.blocked", "ow-bad", "ban"),
    }
)

register(
    ReasonCode("customer_code_reserved", {"code": "code"}, "rejects"),
    ReasonCode("customer_code_taken", {"code": "code", "other": "code"}, "rejects"),
    ReasonCode("customer_may_be_there", {"name": "name"}, "rejects"),
    ReasonCode("customer_not_found", {"code": "code"}, "rejects"),
    ReasonCode("gstin_missing", severity="rejects"),
    ReasonCode("gstin_of_unregistered", {"gstin": "code"}, "rejects"),
    ReasonCode("gstin_state_differs", {"gstin": "code", "state": "code"}, "rejects"),
    ReasonCode("mapping_days", severity="rejects"),
    ReasonCode("mapping_unknown", {"who": "code"}, "rejects"),
    ReasonCode("parent_below", severity="rejects"),
    ReasonCode("parent_unknown", {"code": "code"}, "rejects"),
    ReasonCode("request_decided", {"request": "count"}, "rejects"),
    ReasonCode("request_outdated", {"of": "code", "now": "name"}, "rejects"),
    ReasonCode("request_own", {"who": "name"}, "rejects"),
    ReasonCode("request_unknown", {"request": "count"}, "rejects"),
    ReasonCode("status_end_of_active", severity="rejects"),
    ReasonCode("status_reason_missing", severity="rejects"),
    ReasonCode("terms_without_days", severity="rejects"),
)


def name_choice(words: PageWords, field: str, code: str) -> str:
    """Name one of the choices of a field in the words of a page."""
    return words.named("customer_choice", f"{field}_{code}")


def look_of(status: str, *, pending: bool) -> Look:
    """Give how a customer looks: one that nobody has let pass yet says so."""
    return PENDING if pending and status == "active" else STATUSES[status]
