"""From what the engine found to the state that an order is in, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Quoted
from rules import ApprovalNeed, CompiledPack, Result
from rules import Reason as EngineReason

Need = tuple[str, str]
"""A hold and the approval rule that releases it: the reason's code, and the rule's id."""

ANYBODY_IN_CHARGE: Final = (("manager", "admin", "owner"),)
"""Who releases what the rule pack names nobody for."""

HOLDS: Final = frozenset(
    {
        "above_mrp",
        "approval_required",
        "below_floor",
        "cash_only",
        "credit_conditional",
        "credit_limit_exceeded",
        "customer_on_hold",
        "discount_above_limit",
        "line_unpriced",
        "mrp_differs",
        "price_changed",
        "rule_failed",
        "tax_unknown",
        "total_changed",
    }
)
"""Reason codes that hold an order."""

STAFF_HOLD: Final = "held_by_staff"
"""The reason code of an order that a person at the hub made wait."""

AWAITED: Final = "orders_awaited"
"""The reason code of an order whose customer may have others that a terminal has to give back."""

UNPRICED: Final = frozenset({"line_unpriced", "no_rule_pack", "rule_failed", "tax_unknown"})
"""Holds for want of a price: nobody can approve them away, as nothing is sold at zero."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state with its reasons, in the order a person should read them.

    `changed` says that a confirmed order is not as it was asked for. `needs` are the approvals
    that would release a held one.
    """

    status: Status
    reasons: tuple[Reason, ...]
    changed: bool = False
    needs: tuple[ApprovalNeed, ...] = ()


def judge(
    result: Result,
    quote: Quoted | None,
    pack: CompiledPack,
    *,
    released: Collection[Need] = (),
) -> Verdict:
    """Decide the state, and say what differs from what the shop was shown.

    An order is as it was asked for only if its prices are the quoted ones and no quantity was cut
    or rounded. Without a quote there is nothing to compare the prices with.
    """
    reasons = tuple(_reason_of(reason) for reason in result.reasons)
    needs = _needs_of(result)
    if result.outcome == "reject":
        return Verdict("rejected", reasons)
    open_needs = tuple(need for need in needs if (need.code, need.rule) not in released)
    if open_needs:
        return Verdict("held", reasons, needs=open_needs)
    told = tuple(reason for reason in reasons if reason.code not in HOLDS)
    difference = _difference(result, quote, pack)
    if difference is not None:
        told = (difference, *told)
        if _is_for_people(quote, pack) and (difference.code, "") not in released:
            return Verdict("held", told, needs=(_unnamed(difference.code, result),))
    changed = bool(told or result.shorts)
    return Verdict(_confirmed(result), told, changed=changed)


def still_held(verdict: Verdict, hold: Reason, result: Result) -> Verdict:
    """Keep an order waiting, whatever the rules say of it; a rejection stays one."""
    if verdict.status == "rejected":
        return verdict
    needs = (*verdict.needs, _unnamed(hold.code, result))
    return Verdict("held", (hold, *verdict.reasons), needs=needs)


def _confirmed(result: Result) -> Status:
    """Tell an order that waits for some quantity from one that has its batches."""
    waits = any(short.action == "backorder" for short in result.shorts)
    return "confirmed" if waits else "allocated"


def _needs_of(result: Result) -> tuple[ApprovalNeed, ...]:
    """Give what releases each hold; what the pack names nobody for is for who is in charge."""
    if result.outcome != "hold":
        return ()
    named = {need.code for need in result.approvals}
    unnamed = dict.fromkeys(
        reason.code
        for reason in result.reasons
        if reason.code in HOLDS and reason.code not in named
    )
    rest = tuple(_unnamed(code, result) for code in unnamed)
    if not result.approvals and not rest:
        rest = (_unnamed(result.reasons[0].code if result.reasons else "held", result),)
    return (*result.approvals, *rest)


def _unnamed(code: str, result: Result) -> ApprovalNeed:
    return ApprovalNeed(code, "", ANYBODY_IN_CHARGE, result.totals.payable)


def _is_for_people(quote: Quoted | None, pack: CompiledPack) -> bool:
    """Say whether other prices than quoted are for a person to decide on."""
    return pack.quotes.otherwise == "approve" and quote is not None and quote.pack != pack.hash


def _reason_of(reason: EngineReason) -> Reason:
    """Take over the engine's reason."""
    return Reason(reason.code, reason.params, reason.rule, reason.line)


def _difference(result: Result, quote: Quoted | None, pack: CompiledPack) -> Reason | None:
    """Say what differs from the quote, in amounts; None where the prices are the quoted ones."""
    if quote is None:
        return None
    payable, quoted = result.totals.payable, quote.payable
    amounts = {"now": payable, "then": quoted}
    if result.price_hash == quote.price_hash:
        return None if payable == quoted else Reason("total_changed", amounts)
    totals = ["price.total", amounts] if payable != quoted else ["price.lines", {"now": payable}]
    versions = {"now": pack.version, "then": quote.pack_version}
    packs = [["price.packs", versions]] if pack.hash != quote.pack else []
    return Reason("price_changed", {"totals": totals, "packs": packs})
