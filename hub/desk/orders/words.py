"""Words of orders: how states look, and the sentences of the hub's own reasons."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hub.base.words import Look
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause
from rules import UnwordedError
from rules import sentence as rules_sentence

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

_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "amended": "amended by {by}: {why}",
        "approval_expired": "nobody decided in time: ask again, or order otherwise",
        "cancelled": "cancelled by the distributor: {why}",
        "countered": "{by} offers this instead: {why}",
        "customer_not_served": "this terminal orders for {own}, not for {customer}",
        "customer_unknown": "customer {customer} is not known",
        "decided_already": "{who} decided already",
        "decided_again": "decided again by the rules of today",
        "decision_not_stored": "the decision could not be stored; the distributor was told",
        "held_by_staff": "held by the distributor: {why}",
        "no_offer_allowed": "nothing may be offered instead: say yes or no",
        "no_price_yet": "there is still no price: correct the rules, or amend the order",
        "no_rule_pack": "no rule pack is published",
        "no_stand_in": "nobody may stand in for {who}",
        "offer_beyond_terms": "this cannot be offered: {text}",
        "order_changed": "the order has changed meanwhile: look at revision {revision}",
        "order_key_invalid": "the order's key has 1 to {most} characters that print",
        "order_lines_invalid": "an order has 1 to {most} lines",
        "order_quantity_invalid": "of {product} 1 to {most} can be ordered, not {quantity}",
        "order_settled": "the order is {status}: this cannot be done any more",
        "order_unknown": "there is no order {order}",
        "order_word_invalid": "{word} is no code: 64 characters that print at most",
        "refused_by_approver": "refused by {by}: {why}",
        "release_not_enough": "{by} said yes, but the order now needs more: it is asked for again",
        "released": "released by {by}",
        "role_not_asked": "{who} decides",
        "rule_failed": "the rules failed on this order; the distributor was told",
        "said_yes_already": "you said yes already: somebody else decides next",
        "self_approval": "whoever asked for an order does not approve it: {who} decides",
        "total_changed": "the total is {now}, the slip said {then}",
        "unit_unknown": "{product} is not sold by {unit}: order it {units}",
        "warehouse_unknown": "there is no warehouse {warehouse}",
    }
)
_AMOUNTS: Final = frozenset({"now", "then"})


def sentence(reason: Reason, scale: int) -> str:
    """Word a reason; amounts have `scale` decimals.

    One that has its sentence with it keeps it: those of before the hub kept parameters do.
    """
    params = reason.params
    words = _SENTENCES.get(reason.code)
    if "text" in params and "{text}" not in (words or ""):
        return str(params["text"])
    try:
        return rules_sentence(reason, scale=scale)
    except UnwordedError:
        return _own_sentence(reason, words, scale)


def _own_sentence(reason: Reason, words: str | None, scale: int) -> str:
    """Word a reason that the hub gives, not the rules; of one that is gone, its code."""
    params = reason.params
    if reason.code == "price_changed":
        return _price_changed(params, scale)
    written = {
        name: _money(value, scale) if name in _AMOUNTS and isinstance(value, int) else value
        for name, value in params.items()
    }
    if words is None:
        return reason.code.replace("_", " ")
    return words.format(**written).removesuffix(": -").removesuffix(": ")


def _money(amount: int, scale: int) -> str:
    """Write minor units with thousands parted: 1210000 at 2 is `12,100.00`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**scale)
    return f"{sign}{whole:,}.{part:0{scale}d}" if scale else f"{sign}{whole:,}"


def _price_changed(params: Mapping[str, Any], scale: int) -> str:
    now, then = int(params["now"]), int(params["then"])
    text = (
        f"the total is {_money(now, scale)}, the slip said {_money(then, scale)}"
        if now != then
        else f"prices of lines have changed since the slip; the total is still {_money(now, scale)}"
    )
    if "pack_now" in params:
        text += f" (priced with rule pack {params['pack_then']}, now {params['pack_now']})"
    return text


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
