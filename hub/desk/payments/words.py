"""Words of payments: how they look, and the codes of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

ASKED: Final = frozenset({"payment_alike", "payment_reference_used"})
"""Refusals that are questions: it may be the same money."""
STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "received": Look("payment_state.received", "ow-wait", "clock"),
        "clearing": Look("payment_state.clearing", "ow-wait", "clock"),
        "cleared": Look("payment_state.cleared", "ow-good", "check"),
        "bounced": Look("payment_state.bounced", "ow-bad", "x"),
        "voided": Look("payment_state.voided", "ow-quiet", "ban"),
    }
)

register(
    ReasonCode("payment_alike", {"number": "code"}, "rejects"),
    ReasonCode("payment_bounced", {"number": "code"}, "rejects"),
    ReasonCode("payment_customer_unknown", {"customer": "code"}, "rejects"),
    ReasonCode("payment_day_ahead", {"day": "day"}, "rejects"),
    ReasonCode("payment_document_unknown", {"document": "code"}, "rejects"),
    ReasonCode("payment_key_used", {"number": "code"}, "rejects"),
    ReasonCode("payment_left", {"left": "money"}, "rejects"),
    ReasonCode("payment_nothing", severity="rejects"),
    ReasonCode("payment_part_above", {"number": "code", "open": "money"}, "rejects"),
    ReasonCode("payment_parts_above", {"amount": "money", "parts": "money"}, "rejects"),
    ReasonCode("payment_reference_missing", severity="rejects"),
    ReasonCode("payment_reference_used", {"reference": "code", "number": "code"}, "rejects"),
    ReasonCode("payment_state", {"state": "code"}, "rejects"),
    ReasonCode("payment_refunded", {"number": "code"}, "rejects"),
    ReasonCode("payment_unknown", {"number": "code"}, "rejects"),
    ReasonCode("payment_void_reason", severity="rejects"),
    ReasonCode("write_off_above", {"amount": "money", "most": "money"}, "rejects"),
    ReasonCode("write_off_reason", severity="rejects"),
)
