"""Words of invoices: how they look, and the codes of why something was not done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from hub.desk.invoices.model.portal_fields import CODED, NAMED, PLACES
from hub.desk.invoices.model.registration import UNNEEDED
from rules import Phrase, ReasonCode, register, shown
from rules.values.reasons import Kind

_RATE_SCALE: Final = 6
SERIES_KINDS: Final = (
    *("invoice", "credit_note", "debit_note", "payment", "claim", "delivery", "supplier_return"),
)
"""The kinds of documents that are numbered without a gap."""
STATES: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "open": Look("invoice_state.open", "ow-wait", "clock"),
        "part": Look("invoice_state.part", "ow-wait", "clock"),
        "overdue": Look("invoice_state.overdue", "ow-bad", "alert-triangle"),
        "paid": Look("invoice_state.paid", "ow-good", "check"),
        "cancelled": Look("invoice_state.cancelled", "ow-quiet", "ban"),
        "issued": Look("invoice_state.issued", "ow-good", "receipt-2"),
    }
)
"""How an invoice stands; a credit note is `issued`."""

REGISTRATIONS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "waiting": Look("einvoice_state.waiting", "ow-wait", "clock"),
        "registered": Look("einvoice_state.registered", "ow-good", "check"),
        "refused": Look("einvoice_state.refused", "ow-bad", "alert-triangle"),
        "dropped": Look("einvoice_state.dropped", "ow-quiet", "ban"),
        "cancelling": Look("einvoice_state.cancelling", "ow-wait", "clock"),
        "cancelled": Look("einvoice_state.cancelled", "ow-quiet", "ban"),
        "stuck": Look("einvoice_state.stuck", "ow-bad", "alert-triangle"),
        "given_up": Look("einvoice_state.given_up", "ow-bad", "alert-triangle"),
    }
)
"""How a document stands at the portal of e-invoices."""
_FIELD: Final[Mapping[str, Kind]] = MappingProxyType(
    {"place": "phrase", "field": "phrase", "name": "code", "value": "name"}
)

register(
    *(Phrase(f"portal.{place}") for place in (*sorted(set(PLACES.values())), "document")),
    *(Phrase(f"portal.{name}") for name in (*sorted({*NAMED.values(), *CODED.values()}), "mark")),
    Phrase("portal.line", {"line": "count"}),
    ReasonCode("billing_changed", severity="rejects"),
    ReasonCode("billing_done", {"order": "code"}, "rejects"),
    ReasonCode("billing_mixed", severity="rejects"),
    ReasonCode("billing_nothing", severity="rejects"),
    ReasonCode("billing_state", {"order": "code"}, "rejects"),
    ReasonCode("billing_tax_unknown", {"order": "code"}, "rejects"),
    ReasonCode("billing_unknown", {"what": "code"}, "rejects"),
    ReasonCode("credit_above_line", {"line": "count", "left": "money"}, "rejects"),
    ReasonCode("credit_batch_unknown", {"batch": "code", "line": "count"}, "rejects"),
    ReasonCode("credit_goods_not_delivered", {"order": "code"}, "rejects"),
    ReasonCode(
        "credit_goods_owed", {"product": "name", "quantity": "count", "order": "code"}, "rejects"
    ),
    ReasonCode("credit_line_unknown", {"line": "code"}, "rejects"),
    ReasonCode("credit_never_came", {"line": "count", "left": "count"}, "rejects"),
    ReasonCode("credit_not_absent", {"line": "count", "left": "count"}, "rejects"),
    ReasonCode("credit_nothing", severity="rejects"),
    ReasonCode("credit_order_parts", {"order": "code"}, "rejects"),
    ReasonCode("credit_quantity", {"line": "count", "left": "count"}, "rejects"),
    *(ReasonCode(f"einvoice_{why}", {"number": "code"}, "rejects") for why in UNNEEDED),
    ReasonCode(
        "einvoice_other_document",
        {"number": "code", "field": "phrase", "theirs": "code", "ours": "code"},
        "rejects",
    ),
    ReasonCode("eway_not_sent", {"number": "code"}, "rejects"),
    ReasonCode("eway_of_credit_note", {"number": "code"}, "rejects"),
    ReasonCode("eway_trips", {"number": "code", "trips": "count"}, "rejects"),
    ReasonCode("eway_vehicle", {"vehicle": "code"}, "rejects"),
    ReasonCode("invoice_address", {"who": "name"}, "rejects"),
    ReasonCode("invoice_buyer_gstin", {"customer": "name"}, "rejects"),
    ReasonCode("invoice_buyer_state", {"customer": "name"}, "rejects"),
    ReasonCode("invoice_cancelled", {"number": "code"}, "rejects"),
    ReasonCode("invoice_credited", {"number": "code"}, "rejects"),
    ReasonCode(
        "invoice_heads_misfit", {"head": "code", "seller": "code", "customer": "code"}, "rejects"
    ),
    ReasonCode("invoice_hsn_missing", {"product": "name"}, "rejects"),
    ReasonCode("invoice_order_done", {"order": "code"}, "rejects"),
    ReasonCode("invoice_registered", {"number": "code"}, "rejects"),
    ReasonCode("invoice_seller_gstin", {"seller": "name"}, "rejects"),
    ReasonCode("invoice_seller_state", {"seller": "name"}, "rejects"),
    ReasonCode("invoice_unknown", {"number": "code"}, "rejects"),
    ReasonCode("note_comes_with", {"number": "code", "credit": "code"}, "rejects"),
    ReasonCode("note_settled_on", {"number": "code", "later": "code"}, "rejects"),
    ReasonCode("portal_form", _FIELD, "rejects"),
    ReasonCode(
        "portal_length", {**_FIELD, "length": "count", "least": "count", "most": "count"}, "rejects"
    ),
    ReasonCode("portal_lines", {"lines": "count", "most": "count"}, "rejects"),
    ReasonCode("portal_range", {**_FIELD, "least": "code", "most": "code"}, "rejects"),
    ReasonCode("series_number", {"value": "code", "after": "code"}, "rejects"),
    ReasonCode("series_unknown", {"kind": "code"}, "rejects"),
    ReasonCode("series_why", severity="rejects"),
    ReasonCode("series_full", {"kind": "code"}, "rejects"),
    ReasonCode("series_begun", {"prefix": "code", "year": "code"}, "rejects"),
    ReasonCode("series_letters", {"number": "code"}, "rejects"),
    ReasonCode("series_long", {"number": "code", "most": "count"}, "rejects"),
    ReasonCode("series_same", severity="rejects"),
)


def percent(rate: int) -> str:
    """Write a rate in millionths as a percentage: 25000 is `2.5 %`."""
    whole = str(shown(rate * 100, _RATE_SCALE)).rstrip("0").removesuffix(".")
    return f"{whole}\N{NO-BREAK SPACE}%"
