"""Words of deliveries: how their states look, and why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from hub.desk.deliveries.model.life import State
from rules import ReasonCode, register

STATES: Final[Mapping[State, Look]] = MappingProxyType(
    {
        "picking": Look("delivery_state.picking", "ow-wait", "pencil"),
        "picked": Look("delivery_state.picked", "ow-wait", "package"),
        "dispatched": Look("delivery_state.dispatched", "ow-wait", "truck"),
        "delivered": Look("delivery_state.delivered", "ow-good", "circle-check"),
        "part": Look("delivery_state.part", "ow-changed", "circle-check"),
        "refused": Look("delivery_state.refused", "ow-bad", "x"),
        "closed_shop": Look("delivery_state.closed_shop", "ow-wait", "clock"),
        "cancelled": Look("delivery_state.cancelled", "ow-quiet", "ban"),
    }
)

register(
    ReasonCode("delivery_closed_but_delivered", severity="rejects"),
    ReasonCode("delivery_day_far", {"day": "day", "last": "day"}, "rejects"),
    ReasonCode("delivery_day_past", {"day": "day"}, "rejects"),
    ReasonCode("delivery_gate", {"note": "code"}, "rejects"),
    ReasonCode("delivery_line_unknown", {"line": "count"}, "rejects"),
    ReasonCode("delivery_lines_differ", severity="rejects"),
    ReasonCode("delivery_more_back", {"sent": "count", "back": "count"}, "rejects"),
    ReasonCode("delivery_no_orders", severity="rejects"),
    ReasonCode("delivery_nothing_held", {"order": "code"}, "rejects"),
    ReasonCode("delivery_order_on_note", {"order": "code", "note": "code"}, "rejects"),
    ReasonCode("delivery_order_state", {"order": "code", "status": "phrase"}, "rejects"),
    ReasonCode("delivery_not_sent", {"note": "code"}, "rejects"),
    ReasonCode("delivery_pass_not_asked", {"note": "code"}, "rejects"),
    ReasonCode("delivery_reason_missing", {"line": "count"}, "rejects"),
    ReasonCode("delivery_receiver_missing", severity="rejects"),
    ReasonCode("delivery_settled", {"note": "code"}, "rejects"),
    ReasonCode("delivery_two_warehouses", severity="rejects"),
    ReasonCode("delivery_unknown", {"delivery": "count"}, "rejects"),
    ReasonCode("delivery_vehicle_missing", severity="rejects"),
    ReasonCode("delivery_driver_missing", severity="rejects"),
    ReasonCode("delivery_why_missing", severity="rejects"),
    ReasonCode("delivery_word_wrong", severity="rejects"),
    ReasonCode("pick_batch_blocked", {"product": "name", "batch": "code"}, "rejects"),
    ReasonCode(
        "pick_batch_expired", {"product": "name", "batch": "code", "expiry": "day"}, "rejects"
    ),
    ReasonCode("pick_batch_missing", {"product": "code", "batches": "codes"}, "rejects"),
    ReasonCode("pick_not_count", {"value": "code"}, "rejects"),
    ReasonCode("pick_nothing_left", {"product": "name"}, "rejects"),
    ReasonCode(
        "pick_too_many",
        {"product": "code", "batch": "code", "scanned": "count", "left": "count"},
        "rejects",
    ),
    ReasonCode(
        "pick_wrong_batch", {"product": "code", "batch": "code", "batches": "codes"}, "rejects"
    ),
    ReasonCode("pick_wrong_product", {"product": "code"}, "rejects"),
    ReasonCode("signature_nobody", severity="rejects"),
    ReasonCode("signature_short", severity="rejects"),
    ReasonCode("signature_wrong", severity="rejects"),
)
