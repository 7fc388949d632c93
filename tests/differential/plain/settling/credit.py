"""Credit as its rules are written: who may buy on account, up to what, and what follows."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules import Gate
from tests.differential.plain.conditions import (
    Rule,
    holds,
    if_holds,
    names_in,
    narrowest_first,
    words,
)
from tests.differential.plain.desk import Desk, Held
from tests.differential.plain.settling.standing import Standing, credit_situation, standing_of

_MAY_BE_BLANK = {"customer.type"}


def check_credit(desk: Desk, gate: Gate = "order") -> None:
    """Ask who the customer is, then what it owes, at one of the gates."""
    if desk.facts.customer.status == "blocked":
        desk.refusals.append(("customer_blocked", None))
    elif desk.facts.customer.status == "hold":
        desk.holds.append(Held("customer_on_hold"))
    if desk.facts.credit is None or not _is_checked(desk, gate):
        return
    standing = standing_of(desk, desk.facts.credit)
    _check_limit(desk, standing)
    for rule in desk.rules("credit"):
        if gate in words(rule.get("at", gate)) and holds(rule, desk.asker, None):
            _ask(desk, rule, standing, gate=gate)


def _is_checked(desk: Desk, gate: Gate) -> bool:
    usual = gate != "invoice"
    rules = narrowest_first(desk.rules("gates"), desk.asker, None)
    return bool(rules[0].get(gate, usual)) if rules else usual


def _check_limit(desk: Desk, standing: Standing) -> None:
    if desk.order.payment != "credit":
        return
    if standing.state == "cash_only":
        desk.holds.append(Held("cash_only"))
    if standing.limit is not None:
        above = standing.parts["total"] + desk.totals.payable - standing.limit
        if above > 0:
            desk.holds.append(Held("credit_limit_exceeded", None, above))


def _ask(desk: Desk, rule: Rule, standing: Standing, *, gate: Gate) -> None:
    """Ask everything that one credit rule asks for, and do what it says."""
    facts = credit_situation(desk, standing)
    if not all_hold(rule, facts):
        return
    amount = None
    if "overdue" in rule:
        amount = standing.overdue - Decimal(rule["overdue"].get("limit", 0))
    if "limit" in rule:
        ((part, most),) = rule["limit"].items()
        amount = standing.with_order(part, desk.totals.payable, gate) - Decimal(most)
        if desk.order.payment != "credit" or amount <= 0:
            return
    then = rule["then"]
    needed = tuple(sorted(set(words(rule.get("require", ()))) - {desk.order.payment}))
    if then == "stop":
        desk.refusals.append(("credit_stopped", None))
    elif then == "approve":
        desk.holds.append(Held("approval_required", None, amount, rule))
    elif then == "allow_if" and needed:
        desk.holds.append(Held("credit_conditional", None, amount, rule, needed))


def all_hold(rule: Rule, facts: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether `if:` and all bounds hold; what asks for something unknown does not."""

    def fact(name: str) -> Any:
        table, key = name.split(".")
        return facts[table][key]

    bounds = [
        *((name, ">=", least) for name, least in rule.get("at_least", {}).items()),
        *((name, "<=", most) for name, most in rule.get("at_most", {}).items()),
    ]
    if "overdue" in rule:
        bounds.append(("customer.overdue", ">", rule["overdue"].get("limit", 0)))
        bounds.append(("customer.overdue_days", ">", rule["overdue"].get("grace_days", 0)))
    asked = {name for name, _, _ in bounds}
    asked |= names_in(rule.get("if", ""))
    if any(fact(name) is None for name in asked - _MAY_BE_BLANK):
        return False
    compared = {">=": Decimal.__ge__, "<=": Decimal.__le__, ">": Decimal.__gt__}
    within = all(
        compared[sign](Decimal(fact(name)), Decimal(bound)) for name, sign, bound in bounds
    )
    return within and if_holds(rule, facts)
