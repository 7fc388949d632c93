"""The pages' words, colours and icons for states and reason codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look

STATUSES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "confirmed": Look("Confirmed", "ow-good", "check"),
        "confirmed_changed": Look("Confirmed, changed", "ow-changed", "refresh"),
        "held": Look("Held", "ow-wait", "player-pause"),
        "rejected": Look("Rejected", "ow-bad", "x"),
        "cancelled": Look("Cancelled", "ow-quiet", "ban"),
    }
)

PRESENCES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "online": Look("Online", "ow-good", "wifi"),
        "offline": Look("Offline", "ow-quiet", "wifi-off"),
        "lost": Look("Lost", "ow-bad", "alert-triangle"),
        "never": Look("Never seen", "ow-quiet", "clock"),
    }
)

PRINTERS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "ready": Look("Ready", "ow-good", "printer"),
        "offline": Look("Offline", "ow-bad", "printer"),
        "paper_out": Look("Paper out", "ow-bad", "printer"),
        "cover_open": Look("Cover open", "ow-wait", "printer"),
        "none": Look("No printer", "ow-quiet", "printer"),
        "unknown": Look("Unknown", "ow-quiet", "printer"),
    }
)

FRESHNESS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "current": Look("Current", "ow-good", "check"),
        "behind": Look("Behind", "ow-wait", "history"),
        "unknown": Look("Unknown", "ow-quiet", "clock"),
    }
)

_WAITS: Final = Look("Waits", "ow-wait", "clock")
_REFUSED: Final = Look("Refused", "ow-bad", "ban")
PACK_REASONS: Final[Mapping[str, tuple[Look, str]]] = MappingProxyType(
    {
        "pack_not_yet": (_WAITS, "for its first day"),
        "pack_clock_unset": (_WAITS, "for the hub's time"),
        "pack_unsigned": (_REFUSED, "not signed"),
        "pack_key_missing": (_REFUSED, "the terminal has no key"),
        "pack_signature_bad": (_REFUSED, "signed by a stranger"),
        "pack_version_older": (_REFUSED, "an older version"),
        "pack_too_new": (_REFUSED, "needs newer software"),
        "pack_unreadable": (_REFUSED, "cannot be read"),
        "pack_cases_failed": (_REFUSED, "its own cases fail"),
        "pack_check_failed": (_REFUSED, "could not be checked"),
    }
)
"""Why a terminal has not put the pack in force that it should have."""

PACK_HELD: Final = (_REFUSED, "")
"""The same of a terminal that gives a reason this hub does not know."""

DELIVERIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "pending": Look("Not sent yet", "ow-wait", "clock"),
        "sent": Look("Sent, not yet acknowledged", "ow-wait", "clock"),
        "acked": Look("Stored at the terminal", "ow-good", "check"),
    }
)

LEVELS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "info": Look("Note", "ow-quiet", "bulb"),
        "warning": Look("Warning", "ow-wait", "alert-triangle"),
        "alarm": Look("Alarm", "ow-bad", "alert-triangle"),
    }
)

PACK_STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "draft": Look("Draft", "ow-quiet", "bulb"),
        "shadow": Look("In shadow", "ow-changed", "moon"),
        "scheduled": Look("Scheduled", "ow-wait", "clock"),
        "published": Look("Serving", "ow-good", "check"),
        "retired": Look("Retired", "ow-quiet", "history"),
    }
)

PACK_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "added": "Added as a draft",
        "shadow_began": "Shadow began",
        "shadow_ended": "Shadow ended",
        "published": "Published",
        "scheduled": "Scheduled",
        "called_off": "Schedule called off",
        "dropped": "Given up",
        "rolled_back": "Published by going back",
    }
)

FILE_CHANGES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "added": Look("new", "ow-good", "check"),
        "removed": Look("removed", "ow-bad", "x"),
        "changed": Look("changed", "ow-changed", "refresh"),
    }
)

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"accept": "accepted", "hold": "held", "reject": "rejected"}
)

SEVERITIES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "warning": Look("Warning", "ow-wait", "alert-triangle"),
        "error": Look("Mistake", "ow-bad", "alert-triangle"),
    }
)

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "batch_expired": "Batch may not be sold any more",
        "batch_out_of_turn": "Another batch leaves first",
        "batch_unknown": "No such batch to sell",
        "cash_only": "Customer buys for cash only",
        "credit_limit_exceeded": "Credit limit exceeded",
        "customer_blocked": "Customer is blocked",
        "customer_not_served": "Not this terminal's customer",
        "customer_on_hold": "Customer is on hold",
        "customer_unknown": "Customer is not known",
        "invalid": "Message breaks the contract",
        "line_unpriced": "A line has no price",
        "malformed": "Not a readable message",
        "order_conflict": "Order sent under another number",
        "out_of_stock": "Out of stock",
        "price_changed": "Prices changed since the slip",
        "product_unknown": "Product is not known",
        "rule_failed": "A rule failed",
        "sequence_conflict": "Number used twice",
        "short_stock": "Not enough stock",
        "too_large": "Message is too large",
        "total_changed": "Total changed since the slip",
        "unit_unknown": "Not sold in this pack",
        "unknown_type": "Unknown kind of message",
        "unknown_version": "Unknown version of the contract",
        "wrong_sender": "Sent in another terminal's name",
    }
)


def reason(code: str) -> str:
    """Say a reason code in words; one we do not know keeps its own, with spaces."""
    return REASONS.get(code, code.replace("_", " ").capitalize())
