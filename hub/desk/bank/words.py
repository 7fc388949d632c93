"""Words of bank statements: how rows look, and the codes of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "matched": Look("bank_found.matched", "ow-good", "check"),
        "candidates": Look("bank_found.candidates", "ow-wait", "clock"),
        "unknown": Look("bank_found.unknown", "ow-bad", "x"),
        "out": Look("bank_found.out", "ow-quiet", "ban"),
        "booked": Look("bank_found.booked", "ow-good", "circle-check"),
        "returned": Look("bank_found.returned", "ow-wait", "arrow-back-up"),
        "left": Look("bank_found.left", "ow-quiet", "ban"),
    }
)

register(
    ReasonCode("bank_balance_breaks", severity="rejects"),
    ReasonCode("bank_choice_unknown", {"choice": "code"}, "rejects"),
    ReasonCode("bank_day_ahead", {"day": "day"}, "rejects"),
    ReasonCode("bank_day_unread", {"value": "name"}, "rejects"),
    ReasonCode("bank_days_mixed", severity="rejects"),
    ReasonCode("bank_days_unclear", {"value": "name"}, "rejects"),
    ReasonCode("bank_known", {"file": "name", "rows": "count"}, "rejects"),
    ReasonCode("bank_no_amount", severity="rejects"),
    ReasonCode("bank_no_day", severity="rejects"),
    ReasonCode("bank_no_header", severity="rejects"),
    ReasonCode("bank_no_rows", severity="rejects"),
    ReasonCode("bank_no_side", {"value": "name"}, "rejects"),
    ReasonCode("bank_nothing_chosen", severity="rejects"),
    ReasonCode("bank_payment_booked", {"number": "code"}, "rejects"),
    ReasonCode("bank_row_settled", {"line": "count"}, "rejects"),
    ReasonCode("bank_row_unknown", {"row": "code"}, "rejects"),
    ReasonCode("bank_seller_missing", {"sellers": "codes"}, "rejects"),
    ReasonCode("bank_seller_unknown", {"seller": "code"}, "rejects"),
    ReasonCode("bank_two_sides", {"debit": "money", "credit": "money"}, "rejects"),
    ReasonCode("bank_unknown", {"statement": "code"}, "rejects"),
    ReasonCode("bank_why", severity="rejects"),
)
