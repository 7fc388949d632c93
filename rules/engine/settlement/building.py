"""Packed rules of credit, approvals and allocation to the rules that the engine holds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from rules.engine.expressions import compile_condition, facts_of
from rules.engine.result import Escalation, OfferTerms
from rules.engine.settlement.tables import (
    AllocationRule,
    ApprovalLevel,
    ApprovalRule,
    CreditRule,
    GateRule,
    LimitRule,
)
from rules.language.vocabulary import GATES, NEVER_DECIDE
from rules.values.units import Minor, Rate

Packed = Mapping[str, Any]

_SOONEST_FIRST: Final = AllocationRule("", "fefo", 0, split=True, short="cut")


def build_limit(rule: Packed) -> LimitRule:
    """Build the limit of customers who have none of their own."""
    return LimitRule(rule["id"], rule["state"], Minor(rule.get("limit", 0)))


def build_gates(rule: Packed) -> GateRule:
    """Build at which gates credit is checked."""
    return GateRule(rule["id"], frozenset(rule["checks"]))


def build_credit(rule: Packed) -> CreditRule:
    """Build a credit rule."""
    part, most = rule.get("limit", ("total", None))
    return CreditRule(
        id=rule["id"],
        then=rule["then"],
        routes=_routes(rule),
        text=_text(rule["text"]),
        asks=facts_of(rule["if"]) if "if" in rule else frozenset(),
        condition=compile_condition(rule["if"]) if "if" in rule else None,
        gates=frozenset(rule.get("at", GATES)),
        require=tuple(rule.get("require", ())),
        overdue_limit=rule.get("overdue_limit"),
        ceiling=None if most is None else (part, Minor(most)),
    )


def _text(text: str | Mapping[str, str]) -> str | list[Any]:
    """Give a text as parameters of reasons have it."""
    return text if isinstance(text, str) else [list(one) for one in sorted(text.items())]


def _offer(counter: Packed) -> OfferTerms:
    return OfferTerms(bool(counter["smaller"]), tuple(counter["payments"]))


def _routes(rule: Packed) -> tuple[str, ...]:
    route = rule.get("route", ())
    return (route,) if isinstance(route, str) else tuple(route)


def build_approval(rule: Packed) -> ApprovalRule:
    """Build who releases what is held."""
    levels = tuple(
        ApprovalLevel(
            tuple(tuple(roles) for roles in level["steps"]),
            level.get("up_to"),
            level.get("within_min"),
            level.get("otherwise", "wait"),
            delegate="no_delegate" not in level,
            escalations=tuple(
                Escalation(after, action, tuple(roles))
                for after, action, roles in level.get("escalate", ())
            ),
        )
        for level in rule["levels"]
    )
    return ApprovalRule(
        rule["id"],
        frozenset(rule["on"]),
        levels,
        asks=facts_of(rule["if"]) if "if" in rule else frozenset(),
        condition=compile_condition(rule["if"]) if "if" in rule else None,
        never=(NEVER_DECIDE[0], *rule.get("never", ())),
        offer=_offer(rule["counter"]) if "counter" in rule else None,
    )


def build_allocation(rule: Packed, document: Packed) -> AllocationRule:
    """Build how batches are picked in the pack of that document."""
    made = AllocationRule(
        rule["id"],
        rule["pick"],
        rule["min_life_days"],
        bool(rule["split"]),
        rule["short"],
        min_life=Rate(rule.get("min_life", 0)),
        warehouses=tuple(rule["warehouses"]) if "warehouses" in rule else None,
        biggest_first="biggest_first" in rule,
        whole_order="whole_order" in rule,
        nearest="nearest" in rule,
        manual=rule.get("manual", "reason"),
        wait_days=rule.get("wait_days"),
        backorder_most=rule.get("backorder_most"),
        safety=rule.get("safety", 0),
    )
    today = rule.get("expires_today", "keep" if "keep_expiring" in document else "sell")
    return _keeping(made) if today == "keep" else made


def soonest_first(document: Packed) -> AllocationRule:
    """Build how batches are picked where no rule says how."""
    return _keeping(_SOONEST_FIRST) if "keep_expiring" in document else _SOONEST_FIRST


def _keeping(rule: AllocationRule) -> AllocationRule:
    """Let what expires today stay: a batch then lives one day at least."""
    return replace(rule, min_life_days=max(rule.min_life_days, 1))
