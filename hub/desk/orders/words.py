"""Words of orders: how states look, and the sentences of the hub's own reasons."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from hub.base.words import Look, SentenceWriter
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause
from rules import Phrase, ReasonCode, UnwordedError, Words, register

STATUSES: Final[Mapping[Status, Look]] = MappingProxyType(
    {
        "draft": Look("Draft", "ow-quiet", "receipt-2"),
        "held": Look("Held", "ow-wait", "player-pause"),
        "confirmed": Look("Waits for stock", "ow-wait", "clock"),
        "allocated": Look("Confirmed", "ow-good", "check"),
        "dispatched": Look("Dispatched", "ow-good", "package"),
        "delivered": Look("Delivered", "ow-good", "circle-check"),
        "invoiced": Look("Invoiced", "ow-good", "receipt-2"),
        "cancelled": Look("Cancelled", "ow-quiet", "ban"),
        "rejected": Look("Rejected", "ow-bad", "x"),
    }
)

CAUSES: Final[Mapping[Cause, str]] = MappingProxyType(
    {
        "placed": "Placed",
        "amended": "Amended",
        "held": "Held",
        "countered": "Counter-offer",
        "released": "Released",
        "refused": "Refused",
        "expired": "Approval expired",
        "back_ordered": "Back-order filled",
        "cancelled": "Cancelled",
        "restored": "Restored",
    }
)

register(
    ReasonCode("amended", {"by": "name", "why": "name"}),
    ReasonCode("approval_expired", severity="rejects"),
    ReasonCode("cancelled", {"why": "name"}, "rejects"),
    ReasonCode("countered", {"by": "name", "why": "name"}, "changes"),
    ReasonCode("customer_not_served", {"own": "code", "customer": "code"}, "rejects"),
    ReasonCode("customer_unknown", {"customer": "code"}, "rejects"),
    ReasonCode("decided_again"),
    ReasonCode("decision_not_stored", severity="holds"),
    ReasonCode("held_by_staff", {"why": "name"}, "holds"),
    ReasonCode("key_used", {"order": "code"}, "rejects"),
    ReasonCode("line_added", {"product": "name", "now": "count"}, "changes"),
    ReasonCode("line_taken_off", {"product": "name", "then": "count"}, "changes"),
    ReasonCode("no_price_yet", severity="rejects"),
    ReasonCode("no_rule_pack", severity="holds"),
    ReasonCode("offer_beyond_terms", {"text": "name"}, "rejects"),
    ReasonCode("order_key_invalid", {"most": "count"}, "rejects"),
    ReasonCode("order_lines_invalid", {"most": "count"}, "rejects"),
    ReasonCode(
        "order_quantity_invalid",
        {"product": "name", "quantity": "code", "most": "count"},
        "rejects",
    ),
    ReasonCode("order_settled", {"status": "phrase"}, "rejects"),
    ReasonCode("order_unknown", {"order": "code"}, "rejects"),
    ReasonCode("order_word_invalid", {"word": "code"}, "rejects"),
    ReasonCode("payment_now", {"then": "payment", "now": "payment"}, "changes"),
    ReasonCode("quantity_now", {"product": "name", "then": "count", "now": "count"}, "changes"),
    ReasonCode("price_changed", {"totals": "phrase", "packs": "phrases"}, "changes"),
    ReasonCode("refused_by_approver", {"by": "name", "why": "name"}, "rejects"),
    ReasonCode("release_not_enough", {"by": "name"}, "holds"),
    ReasonCode("released", {"by": "name", "why": "name"}),
    ReasonCode("total_changed", {"now": "money", "then": "money"}, "changes"),
    ReasonCode("unit_unknown", {"product": "name", "unit": "code", "units": "listed"}, "rejects"),
    ReasonCode("warehouse_unknown", {"warehouse": "code"}, "rejects"),
    Phrase("price.total", {"now": "money", "then": "money"}),
    Phrase("price.lines", {"now": "money"}),
    Phrase("price.packs", {"now": "count", "then": "count"}),
    Phrase("unit.pack", {"unit": "code", "size": "count"}),
    Phrase("unit.base", {"unit": "code"}),
    *(Phrase(f"status.{status}") for status in STATUSES),
    # What the rules say by the same code without knowing what the hub knows.
    Phrase("hub.decided_already", {"who": "name"}),
    Phrase("hub.no_stand_in", {"who": "name"}),
    Phrase("hub.order_changed", {"revision": "count"}),
    Phrase("hub.role_not_asked", {"who": "name"}),
    Phrase("hub.rule_failed"),
    Phrase("hub.self_approval", {"who": "name"}),
)


def sentence(reason: Reason, scale: int, *, language: str = "en") -> str:
    """Word a reason in a language; amounts have `scale` decimals.

    One that has nothing but its sentence with it keeps that: those of before the hub kept
    parameters do.
    """
    words = Words.of(language, writer=SentenceWriter(scale))
    for word in (words.sentence, partial(_own_sentence, words)):
        try:
            return word(reason).removesuffix(": -").removesuffix(": ")
        except UnwordedError:
            continue
    return str(reason.params.get("text", reason.code.replace("_", " ")))


def _own_sentence(words: Words, reason: Reason) -> str:
    """Word what the rules know the code of, and the hub knows more about."""
    return words.phrase(f"hub.{reason.code}", **reason.params)


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "above_mrp": "Above the printed price",
        "amended": "Amended",
        "approval_expired": "Nobody decided in time",
        "approval_required": "Needs an approval",
        "batch_expired": "Batch may not be sold any more",
        "batch_out_of_turn": "Another batch leaves first",
        "batch_unknown": "No such batch to sell",
        "below_floor": "Below the lowest price",
        "cancelled": "Cancelled",
        "cash_only": "Customer buys for cash only",
        "countered": "Counter-offer",
        "credit_conditional": "Credit on conditions",
        "credit_limit_exceeded": "Credit limit exceeded",
        "credit_stopped": "Credit is stopped",
        "customer_blocked": "Customer is blocked",
        "customer_not_served": "Not this terminal's customer",
        "customer_on_hold": "Customer is on hold",
        "customer_unknown": "Customer is not known",
        "decided_again": "Decided again",
        "decision_not_stored": "Decision could not be stored",
        "free_goods_short": "Free goods short",
        "held_by_staff": "Held by staff",
        "line_repeated": "A line number twice",
        "line_unpriced": "A line has no price",
        "mrp_differs": "Batch bears another MRP",
        "no_rule_pack": "No rules are published",
        "order_empty": "No lines",
        "order_incomplete": "Not complete in stock",
        "out_of_stock": "Out of stock",
        "price_changed": "Prices changed since the counter showed them",
        "product_unknown": "Product is not known",
        "quantity_invalid": "Quantity makes no sense",
        "quantity_rounded": "Quantity rounded to whole packs",
        "refused_by_approver": "Refused",
        "release_not_enough": "Needs another approval",
        "released": "Released",
        "rule_failed": "A rule failed",
        "short_stock": "Not enough stock",
        "tax_unknown": "Tax is not known",
        "total_changed": "Total changed since the counter showed it",
        "unit_unknown": "Not sold in this pack",
    }
)
"""What a reason is about, in a few words, for lists."""


def label(code: str) -> str:
    """Say in a few words what a reason code is about."""
    return LABELS.get(code, code.replace("_", " ").capitalize())


SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "terminal": "Terminal",
        "staff": "Staff",
        "partner": "Partner",
        "field": "Field",
        "api": "API",
        "import": "Import",
    }
)

PAYMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"cash": "cash", "credit": "credit", "advance": "advance"}
)


def look_of(status: Status, *, changed: bool) -> Look:
    """Give how an order's state looks; one that is not as asked says so."""
    if changed and status == "allocated":
        return Look("Confirmed, changed", "ow-changed", "refresh")
    return STATUSES[status]
