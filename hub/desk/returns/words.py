"""Words of returns: the codes of why something was not taken back."""

from rules import ReasonCode, register

register(
    ReasonCode(
        "return_batch_not_sold",
        {"product": "code", "batch": "code", "quantity": "count"},
        "rejects",
    ),
    ReasonCode("return_key_used", {"number": "code"}, "rejects"),
    ReasonCode("return_note_unknown", {"note": "code"}, "rejects"),
    ReasonCode("return_not_sold", {"product": "code", "quantity": "count"}, "rejects"),
    ReasonCode("return_nothing", severity="rejects"),
    ReasonCode("return_why", severity="rejects"),
)
