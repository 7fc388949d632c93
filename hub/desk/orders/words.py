"""Words of orders: how states look, and the sentences of the hub's own reasons."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.base.words import Look
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Parameter, Reason
from hub.desk.orders.model.request import Cause
from rules import shown

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
        "order_key_invalid": "the order's key has 1 to {most} characters",
        "order_lines_invalid": "an order has 1 to {most} lines",
        "order_settled": "the order is {status}: this cannot be done any more",
        "order_unknown": "there is no order {order}",
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
    """Word a reason; amounts have `scale` decimals."""
    params = reason.params
    if "text" in params and reason.code not in _SENTENCES:
        return str(params["text"])
    if reason.code == "price_changed":
        return _price_changed(params, scale)
    written = {
        name: shown(value, scale) if name in _AMOUNTS and isinstance(value, int) else value
        for name, value in params.items()
    }
    words = _SENTENCES.get(reason.code)
    if words is None:
        return reason.code.replace("_", " ")
    return words.format(**written).removesuffix(": -").removesuffix(": ")


def _price_changed(params: Mapping[str, Parameter], scale: int) -> str:
    now, then = int(params["now"]), int(params["then"])
    text = (
        f"the total is {shown(now, scale)}, the slip said {shown(then, scale)}"
        if now != then
        else f"prices of lines have changed since the slip; the total is still {shown(now, scale)}"
    )
    if "pack_now" in params:
        text += f" (priced with rule pack {params['pack_then']}, now {params['pack_now']})"
    return text
