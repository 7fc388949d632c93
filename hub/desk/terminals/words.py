"""Words of terminals: how they look, and why messages of theirs were refused."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look

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

REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid": "Message breaks the contract",
        "malformed": "Not a readable message",
        "order_conflict": "Order sent under another number",
        "sequence_conflict": "Number used twice",
        "too_large": "Message is too large",
        "unknown_type": "Unknown kind of message",
        "unknown_version": "Unknown version of the contract",
        "wrong_sender": "Sent in another terminal's name",
        "terminal_revoked": "Terminal was revoked",
        "terminal_unknown": "Terminal is not known",
        "unknown_topic": "No terminal's topic",
        "too_many_messages": "More messages than a terminal may send",
    }
)


def refusal(code: str) -> str:
    """Say in a few words why a message was refused."""
    return REFUSALS.get(code, code.replace("_", " ").capitalize())
