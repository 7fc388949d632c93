"""Words of targets: the codes of why one is not kept."""

from rules import ReasonCode, register

register(
    ReasonCode("target_changed", {"who": "name"}, "rejects"),
    ReasonCode("target_gone", severity="rejects"),
    ReasonCode("target_goods", severity="rejects"),
    ReasonCode("target_month", {"value": "code"}, "rejects"),
    ReasonCode("target_not_yours", severity="rejects"),
    ReasonCode("target_nothing", severity="rejects"),
    ReasonCode("target_of_all", {"value": "code"}, "rejects"),
    ReasonCode("target_seller", severity="rejects"),
    ReasonCode("target_unknown", {"kind": "code", "value": "code"}, "rejects"),
    ReasonCode("target_why", severity="rejects"),
)
