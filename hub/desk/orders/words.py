"""Words of orders: how states look, and the sentences of the hub's own reasons."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from hub.base.money import HOUSE_SCALE
from hub.base.words import PAGES, Look, PageWords, SentenceWriter
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from rules import NO_NAMES, REGISTRY, Phrase, ReasonCode, UnwordedError, Words, register
from rules.values.reasons import Kind
from rules.words.catalogues import message

STATUSES: Final[Mapping[Status, Look]] = MappingProxyType(
    {
        "draft": Look("order_status.draft", "ow-quiet", "receipt-2"),
        "held": Look("order_status.held", "ow-wait", "player-pause"),
        "confirmed": Look("order_status.confirmed", "ow-wait", "clock"),
        "allocated": Look("order_status.allocated", "ow-good", "check"),
        "dispatched": Look("order_status.dispatched", "ow-good", "package"),
        "delivered": Look("order_status.delivered", "ow-good", "circle-check"),
        "invoiced": Look("order_status.invoiced", "ow-good", "receipt-2"),
        "cancelled": Look("order_status.cancelled", "ow-quiet", "ban"),
        "rejected": Look("order_status.rejected", "ow-bad", "x"),
    }
)

_CHEQUE: Final[Mapping[str, Kind]] = MappingProxyType(
    {"reference": "code", "amount": "money", "balance": "money", "why": "name"}
)

register(
    ReasonCode("above_ceilings", {"who": "name", "amount": "money"}, "rejects"),
    ReasonCode("amended", {"by": "name", "why": "name"}),
    ReasonCode("approval_expired", severity="rejects"),
    ReasonCode("back_order_filled", {"product": "name", "now": "count"}),
    ReasonCode("batch_reason_now", {"product": "name", "why": "name"}, "changes"),
    ReasonCode("cancelled", {"why": "name"}, "rejects"),
    ReasonCode("cancelled_by_customer", {"why": "name"}, "rejects"),
    ReasonCode("counter_cancel_billed", severity="rejects"),
    ReasonCode("counter_cancel_packed", severity="rejects"),
    ReasonCode("counter_cancelled", {"terminal": "code"}, "rejects"),
    ReasonCode("counter_unknown", {"terminal": "code"}, "rejects"),
    ReasonCode("coupons_gone", severity="changes"),
    ReasonCode("coupons_now", {"coupons": "codes"}, "changes"),
    ReasonCode("countered", {"by": "name", "why": "name"}, "changes"),
    ReasonCode("customer_not_served", {"own": "code", "customer": "code"}, "rejects"),
    ReasonCode("customer_unknown", {"customer": "code"}, "rejects"),
    ReasonCode("amount_too_large", severity="holds"),
    ReasonCode("decided_again"),
    ReasonCode("delivery_any", severity="changes"),
    ReasonCode("delivery_far", {"day": "day", "last": "day"}, "rejects"),
    ReasonCode("delivery_now", {"day": "day"}, "changes"),
    ReasonCode("delivery_past", {"day": "day", "first": "day"}, "rejects"),
    ReasonCode(
        "discount_now", {"product": "name", "percent": "percent", "each": "unit_price"}, "changes"
    ),
    ReasonCode("gifts_now", severity="changes"),
    ReasonCode("cheque_returned", {**_CHEQUE, "invoices": "name"}),
    ReasonCode("cheque_returned_alone", _CHEQUE),
    ReasonCode("decided_otherwise", severity="rejects"),
    ReasonCode("decision_not_stored", severity="holds"),
    ReasonCode("held_by_staff", {"why": "name"}, "holds"),
    ReasonCode("key_used", {"order": "code"}, "rejects"),
    ReasonCode("line_added", {"product": "name", "now": "count"}, "changes"),
    ReasonCode("line_taken_off", {"product": "name", "then": "count"}, "changes"),
    ReasonCode("no_manager", {"who": "name", "amount": "money"}, "rejects"),
    ReasonCode("no_price_yet", severity="rejects"),
    ReasonCode("no_rule_pack", severity="holds"),
    ReasonCode("nothing_to_fill", severity="rejects"),
    ReasonCode("nothing_to_split", severity="rejects"),
    ReasonCode("offer_beyond_terms", {"text": "name"}, "rejects"),
    ReasonCode("operator_missing", {"terminal": "code"}, "holds"),
    ReasonCode("orders_awaited", {"terminals": "codes"}, "holds"),
    ReasonCode("outside_assortment", {"products": "codes"}, "holds"),
    ReasonCode("below_minimum_order", {"payable": "money", "least": "money"}, "holds"),
    ReasonCode("order_being_picked", {"note": "code"}, "rejects"),
    ReasonCode("order_billed", {"invoices": "name"}, "rejects"),
    ReasonCode("order_billed_by", {"number": "code", "amount": "money", "balance": "money"}),
    ReasonCode("order_came_back", {"note": "code", "day": "day"}),
    ReasonCode("order_codes_invalid", {"most": "count"}, "rejects"),
    ReasonCode("order_delivered", {"note": "code", "lines": "count"}),
    ReasonCode("order_delivered_part", {"note": "code", "delivered": "count", "sent": "count"}),
    ReasonCode("order_return_cancelled", {"number": "code"}),
    ReasonCode("order_returned", {"invoice": "code", "quantity": "count"}),
    ReasonCode(
        "order_dispatched", {"note": "code", "lines": "count", "day": "day", "word": "code"}
    ),
    ReasonCode("order_discount_invalid", {"product": "name"}, "rejects"),
    ReasonCode("order_key_invalid", {"most": "count"}, "rejects"),
    ReasonCode("order_lines_invalid", {"most": "count"}, "rejects"),
    ReasonCode(
        "order_quantity_invalid",
        {"product": "name", "quantity": "code", "most": "count"},
        "rejects",
    ),
    ReasonCode("order_redirected", {"now": "phrase"}, "rejects"),
    ReasonCode("order_refused_at_door", {"note": "code", "why": "name"}, "rejects"),
    ReasonCode("order_settled", {"status": "phrase"}, "rejects"),
    ReasonCode("order_unknown", {"order": "code"}, "rejects"),
    ReasonCode("order_word_invalid", {"word": "code"}, "rejects"),
    ReasonCode("payment_now", {"then": "payment", "now": "payment"}, "changes"),
    ReasonCode("quantity_now", {"product": "name", "then": "count", "now": "count"}, "changes"),
    ReasonCode("picked_from", {"product": "name", "quantity": "count", "batch": "code"}),
    ReasonCode("picked_short", {"product": "name", "quantity": "count"}, "changes"),
    ReasonCode("price_changed", {"totals": "phrase", "packs": "phrases"}, "changes"),
    ReasonCode("refused_by_approver", {"by": "name", "why": "name"}, "rejects"),
    ReasonCode("release_not_enough", {"by": "name"}, "holds"),
    ReasonCode("released", {"by": "name", "why": "name"}),
    ReasonCode("row_replaced", {"product": "name", "other": "code"}, "rejects"),
    ReasonCode("row_stopped", {"product": "name"}, "rejects"),
    ReasonCode("split_off", {"order": "code"}, "changes"),
    ReasonCode("total_changed", {"now": "money", "then": "money"}, "changes"),
    ReasonCode("unit_unknown", {"product": "name", "unit": "code", "units": "listed"}, "rejects"),
    ReasonCode("warehouse_unknown", {"warehouse": "code"}, "rejects"),
    Phrase("address.at", {"place": "name"}),
    Phrase("address.own"),
    Phrase("price.total", {"now": "money", "then": "money"}),
    Phrase("price.lines", {"now": "money"}),
    Phrase("price.packs", {"now": "count", "then": "count"}),
    Phrase("unit.pack", {"unit": "code", "size": "count"}),
    Phrase("unit.base", {"unit": "code"}),
    *(Phrase(f"status.{status}") for status in STATUSES),
    # What the rules say by the same code without knowing what the hub knows.
    Phrase("hub.decided_already", {"who": "clauses"}),
    Phrase("hub.no_stand_in", {"who": "clauses"}),
    Phrase("hub.order_changed", {"revision": "count"}),
    Phrase("hub.role_not_asked", {"who": "clauses"}),
    Phrase("hub.rule_failed"),
    Phrase("hub.self_approval", {"who": "clauses"}),
    Phrase("hub.route", {"steps": "steps"}),
)


def sentence(
    reason: Reason,
    scale: int = HOUSE_SCALE,
    *,
    language: str = "en",
    names: Mapping[str, str] = NO_NAMES,
    currency: str = "",
) -> str:
    """Word a reason in a language; amounts have `scale` decimals, `names` are those of rules.

    Why something is refused has no order's scale: its amounts are the house's. Amounts are grouped
    as those of their `currency` are: by thousands where none is said.

    One that has nothing but its sentence with it keeps that: those of before the hub kept
    parameters do.
    """
    words = Words.of(language, writer=SentenceWriter(scale, currency, language), names=names)
    whole = reason._replace(params=_parts_in_words(reason.params, words))
    for word in (words.sentence, partial(_own_sentence, words)):
        try:
            return word(whole).removesuffix(": -").removesuffix(": ")
        except UnwordedError:
            continue
    return str(reason.params.get("text", reason.code.replace("_", " ")))


TOLD_TO_SHOPS: Final = frozenset(
    {
        *("cancelled", "cancelled_by_customer", "held_by_staff", "approval_expired"),
        *("cheque_returned", "cheque_returned_alone"),
        *("cash_only", "credit_limit_exceeded", "customer_blocked", "customer_on_hold"),
        *("coupons_gone", "coupons_now", "delivery_any", "delivery_now", "payment_now"),
        *("line_added", "line_taken_off", "quantity_now", "quantity_rounded", "split_off"),
        *("quantity_not_multiple", "quantity_too_small", "total_changed", "back_order_filled"),
        *("order_came_back", "order_delivered", "order_delivered_part", "order_dispatched"),
        *("order_billed_by", "order_return_cancelled", "order_returned", "picked_short"),
        *("customer_unknown", "warehouse_unknown", "unit_unknown", "delivery_past"),
        "delivery_far",
    }
)
"""Reasons whose whole sentence is for a shop: its own numbers, and what was written for it."""

TOLD_ON_SLIPS: Final = TOLD_TO_SHOPS | frozenset(
    {
        *("amended", "countered", "decided_again", "order_refused_at_door", "refused_by_approver"),
        *("release_not_enough", "released", "batch_reason_now", "discount_now", "gifts_now"),
        *("picked_from", "price_changed", "amount_too_large", "below_minimum_order"),
        *("customer_not_served", "decision_not_stored", "no_rule_pack", "operator_missing"),
        *("orders_awaited", "outside_assortment", "counter_cancel_billed", "order_settled"),
        *("counter_cancel_packed", "counter_cancelled", "counter_unknown", "order_unknown"),
    }
)
"""Reasons of the hub that a counter's slips say whole: besides those of a shop's pages, who of the
distributor decided and why, and what only a counter asks."""


_UNTOLD: Final = "••••"


def codes_of_orders() -> Sequence[str]:
    """Give the codes of why orders wait or were refused; reasons of other documents have no label.

    `credit_limit_exceeded` is one of them, `bank_row_unknown` is not.
    """
    return [
        code
        for code, one in REGISTRY.items()
        if one.severity in {"holds", "rejects"} and PAGES.find("en", f"label.{code}")
    ]


def hide_word(reason: Reason) -> Reason:
    """Leave out of a reason the word that the shop says to the driver.

    Whoever brings the goods is of the staff: a word that they read on a page would prove nothing.
    """
    if "word" not in reason.params:
        return reason
    return reason._replace(params={**reason.params, "word": _UNTOLD})


def tell_reason(
    reason: Reason,
    scale: int,
    words: PageWords,
    *,
    staff: bool,
    currency: str,
    names: Mapping[str, str] = NO_NAMES,
) -> str:
    """Word a reason for a reader; a shop is told of others their kind alone.

    `short_stock` says to staff how much of which batch there is, to a shop "Not enough stock". The
    word that is said to the driver is for the shop alone.
    """
    if staff:
        reason = hide_word(reason)
    if staff or reason.code in TOLD_TO_SHOPS:
        return sentence(reason, scale, language=words.language, names=names, currency=currency)
    return words.named("label", reason.code)


def _parts_in_words(params: Mapping[str, Any], words: Words) -> Mapping[str, Any]:
    """Word what a reason holds of other reasons (`faults`) and of roles (`who`)."""
    written = dict(params)
    if "faults" in written:
        faults = [words.sentence(Reason(*one)) for one in written.pop("faults")]
        written["text"] = (message(words.language, "list.clause") or "; ").join(faults)
    if "who" in written:
        role = partial(PageWords(words.language).named, "role")
        routes = [[list(map(role, step)) for step in route] for route in written["who"]]
        written["who"] = [["hub.route", {"steps": steps}] for steps in routes]
    return written


def _own_sentence(words: Words, reason: Reason) -> str:
    """Word what the rules know the code of, and the hub knows more about."""
    return words.phrase(f"hub.{reason.code}", **reason.params)


def look_of(status: Status, *, changed: bool) -> Look:
    """Give how an order's state looks; one that is not as asked says so."""
    if changed and status == "allocated":
        return Look("order_status.changed", "ow-changed", "refresh")
    return STATUSES[status]
