"""Words of working days: the codes of why one is not kept."""

from rules import ReasonCode, register

register(
    ReasonCode("workday_gone", {"day": "day"}, "rejects"),
    ReasonCode("workday_not_yours", severity="rejects"),
    ReasonCode("workday_region", {"region": "code"}, "rejects"),
    ReasonCode("workday_seller", severity="rejects"),
    ReasonCode("workday_week", severity="rejects"),
    ReasonCode("workday_why", {"day": "day"}, "rejects"),
    ReasonCode("workday_year", {"first": "day", "last": "day"}, "rejects"),
)
