"""Words of claims: how their states look, and the codes of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "draft": Look("claim_state.draft", "ow-quiet", "pencil"),
        "sent": Look("claim_state.sent", "ow-wait", "clock"),
        "accepted": Look("claim_state.accepted", "ow-wait", "check"),
        "short_paid": Look("claim_state.short_paid", "ow-bad", "alert-triangle"),
        "settled": Look("claim_state.settled", "ow-good", "check"),
        "withdrawn": Look("claim_state.withdrawn", "ow-quiet", "ban"),
    }
)

register(
    ReasonCode("claim_funder_unknown", {"funder": "code"}, "rejects"),
    ReasonCode("claim_key_used", {"number": "code"}, "rejects"),
    ReasonCode("claim_line_unknown", {"line": "code"}, "rejects"),
    ReasonCode("claim_narrowed", severity="rejects"),
    ReasonCode("claim_none", {"funder": "code", "day": "day"}, "rejects"),
    ReasonCode("claim_nothing", {"funder": "code", "day": "day", "amount": "money"}, "rejects"),
    ReasonCode("claim_paid", {"number": "code"}, "rejects"),
    ReasonCode("claim_short_above", {"line": "count", "left": "money"}, "rejects"),
    ReasonCode("claim_short_nothing", severity="rejects"),
    ReasonCode("claim_state", {"number": "code", "state": "code"}, "rejects"),
    ReasonCode("claim_unknown", {"number": "code"}, "rejects"),
    ReasonCode("claim_until_ahead", {"day": "day"}, "rejects"),
    ReasonCode("claim_value_unknown", {"value": "code"}, "rejects"),
    ReasonCode("claim_why", severity="rejects"),
)
