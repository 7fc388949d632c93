"""Words of stock: how its states look, and the sentences of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from rules import ReasonCode, register

UNIT_PRICE_SCALE: Final = 4
DOCUMENTS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "waiting": Look("stock_state.waiting", "ow-wait", "clock"),
        "dispatched": Look("stock_state.dispatched", "ow-wait", "truck"),
        "counting": Look("stock_state.counting", "ow-wait", "pencil"),
        "counted": Look("stock_state.counted", "ow-wait", "clock"),
        "done": Look("stock_state.done", "ow-good", "check"),
        "refused": Look("stock_state.refused", "ow-bad", "ban"),
    }
)
BATCHES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "fresh": Look("batch_state.fresh", "ow-good", "check"),
        "near": Look("batch_state.near", "ow-wait", "clock"),
        "expired": Look("batch_state.expired", "ow-bad", "ban"),
        "blocked": Look("batch_state.blocked", "ow-bad", "ban"),
    }
)

register(
    ReasonCode("stock_alone_why", {"who": "name"}, "rejects"),
    ReasonCode("arrival_missing", {"sent": "count"}, "rejects"),
    ReasonCode("stock_day_unlikely", {"day": "day"}, "rejects"),
    ReasonCode("batch_dates_crossed", {"expiry": "day", "made": "day"}, "rejects"),
    ReasonCode(
        "batch_dates_differ",
        {"batch": "code", "warehouse": "code", "there": "code", "given": "code"},
        "rejects",
    ),
    ReasonCode("batch_not_for_sale", {"batch": "code"}, "rejects"),
    ReasonCode("batch_past_expiry", {"batch": "code", "expiry": "day"}, "rejects"),
    ReasonCode("batch_expiry_missing", {"batch": "code"}, "rejects"),
    ReasonCode(
        "stock_batch_unknown", {"batch": "code", "sku": "code", "warehouse": "code"}, "rejects"
    ),
    ReasonCode("count_changed", {"counted": "count", "who": "name", "count": "count"}, "rejects"),
    ReasonCode("count_same_person", severity="rejects"),
    ReasonCode("count_incomplete", {"lines": "count"}, "rejects"),
    ReasonCode("count_empty", {"warehouse": "code"}, "rejects"),
    ReasonCode("count_nothing", {"warehouse": "code"}, "rejects"),
    ReasonCode("mrp_of_nothing", severity="rejects"),
    ReasonCode("scan_batch_unclear", severity="tells"),
    ReasonCode("scan_count_unclear", severity="rejects"),
    ReasonCode("scan_no_count", severity="rejects"),
    ReasonCode("scan_no_day", {"date": "code"}, "rejects"),
    ReasonCode("scan_no_product", severity="rejects"),
    ReasonCode("scan_of_none", severity="rejects"),
    ReasonCode("scan_strange_separator", severity="rejects"),
    ReasonCode("scan_unclear", severity="rejects"),
    ReasonCode("stock_document_unknown", {"document": "count"}, "rejects"),
    ReasonCode("stock_document_settled", {"document": "count"}, "rejects"),
    ReasonCode("stock_key", {"value": "code"}, "rejects"),
    ReasonCode("stock_key_taken", {"value": "code"}, "rejects"),
    ReasonCode("stock_line_twice", {"typed": "count", "scanned": "count"}, "rejects"),
    ReasonCode("stock_line_unknown", {"line": "count"}, "rejects"),
    ReasonCode("stock_no_lines", severity="rejects"),
    ReasonCode("stock_note_missing", severity="rejects"),
    ReasonCode("stock_opened", {"batch": "code", "quantity": "count"}, "rejects"),
    ReasonCode("stock_own", {"who": "name"}, "rejects"),
    ReasonCode("stock_product_unknown", {"code": "code"}, "rejects"),
    ReasonCode("stock_reason_missing", severity="rejects"),
    ReasonCode(
        "stock_reserved",
        {"batch": "code", "wanted": "count", "free": "count", "orders": "codes"},
        "rejects",
    ),
    ReasonCode("stock_same_warehouse", {"warehouse": "code"}, "rejects"),
    ReasonCode("stock_short", {"batch": "code", "wanted": "count", "there": "count"}, "rejects"),
    ReasonCode("stock_supplier_missing", severity="rejects"),
    ReasonCode("stock_too_many_lines", {"lines": "count", "most": "count"}, "rejects"),
    ReasonCode("stock_warehouse_unknown", {"warehouse": "code"}, "rejects"),
)
