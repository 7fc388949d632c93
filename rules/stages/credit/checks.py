"""Credit: who may buy on account and up to what, at the order and at the gates after it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from rules.engine.expressions import Value
from rules.engine.inputs import Credit, Facts, Gate, Order
from rules.engine.result import Reason
from rules.engine.settlement.tables import CreditPart, CreditRule, GateRule
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import GATES_BY_DEFAULT
from rules.stages.run import Run
from rules.values.reasons import Params
from rules.values.units import Minor

_BY_DEFAULT: Final = GateRule("", frozenset(GATES_BY_DEFAULT))
_JOINS: Final[Mapping[Gate, CreditPart]] = {
    "order": "open_orders",
    "delivery": "deliveries",
    "invoice": "invoices",
}
"""The part of the exposure that an order is in once it has passed a gate."""


def check_credit(run: Run, gate: Gate = "order") -> None:
    """Hold or refuse what the customer's standing does not allow; every hit is reported."""
    status = run.facts.customer.status
    if status == "blocked":
        run.reject(run.explain("credit", "customer_blocked"))
    elif status == "hold":
        run.hold(run.explain("credit", "customer_on_hold"))
    credit = granted_credit(run.order, run.facts, run.pack)
    if credit is None:
        run.explain("credit", "credit_not_known")
        return
    gates = run.pack.gates.first(run.side.gates) or _BY_DEFAULT
    if gate not in gates.checks:
        run.explain("credit", "credit_gate_off", {"gate": gate}, rule=gates.id)
        return
    if gates.id:
        run.explain("credit", "credit_gate_on", {"gate": gate}, rule=gates.id)
    if credit is not run.facts.credit:
        _tell_granted(run)
    _check_limit(run, credit)
    if run.side.credit:
        _check_rules(run, credit, gate)


def granted_credit(order: Order, facts: Facts, pack: CompiledPack) -> Credit | None:
    """Give the credit that counts for an order: the customer's own, else the pack's, else none.

    Whoever has no limit of either kind buys for cash; None is where credit is not known.
    """
    credit = facts.credit
    if credit is None or credit.state != "unset":
        return credit
    side = pack.sides.of_customer(facts.customer, order, order.business_date.toordinal())
    rule = pack.limits.first(side.limits)
    if rule is None:
        return replace(credit, state="cash_only")
    return replace(credit, state=rule.state, limit=rule.limit)


def _tell_granted(run: Run) -> None:
    rule = run.pack.limits.first(run.side.limits)
    if rule is None:
        run.explain("credit", "credit_not_granted")
    else:
        run.explain("credit", "credit_granted", {"rule": rule.id}, rule=rule.id)


def _check_limit(run: Run, credit: Credit) -> None:
    if run.order.payment != "credit":
        run.explain("credit", "credit_not_used", {"payment": run.order.payment})
    elif credit.state == "cash_only":
        run.hold(run.explain("credit", "cash_only"))
    elif credit.state == "none":
        run.explain("credit", "credit_unlimited")
    else:
        _check_amount(run, credit)


def _check_amount(run: Run, credit: Credit) -> None:
    exposed = credit.exposure + run.totals.payable
    over = Minor(exposed - credit.limit)
    if over > 0:
        beyond: Params = {"exposed": exposed, "limit": credit.limit, "over": over}
        run.hold(run.explain("credit", "credit_limit_exceeded", beyond, amount=over))
    else:
        within: Params = {"exposed": exposed, "limit": credit.limit}
        run.explain("credit", "credit_within_limit", within, amount=Minor(-over))


def _check_rules(run: Run, credit: Credit, gate: Gate) -> None:
    know_standing(run)
    rules = run.pack.credit.holding(run.side.credit)
    hits = [rule for rule in rules if gate in rule.gates and _holds(run, rule, credit, gate=gate)]
    conditional = [reason for rule in hits if (reason := _tell(run, rule, credit, gate=gate))]
    # What an approval stands in the way of is told before what conditions would open.
    for reason in conditional:
        run.hold(reason)


def know_standing(run: Run) -> None:
    """Let conditions see the order's sums and where the customer stands, where that is known."""
    run.begin_stage()
    credit = granted_credit(run.order, run.facts, run.pack)
    if credit is not None:
        run.values().update(_facts(run, credit))


def _facts(run: Run, credit: Credit) -> dict[str, Value]:
    """Give what conditions may ask for; what is not known is left out, and no rule is about it."""
    values: dict[str, Value] = {
        "customer.credit": credit.state,
        "customer.exposure": credit.exposure,
        "customer.open_orders": credit.open_orders,
        "customer.deliveries": credit.deliveries,
        "customer.invoices": credit.invoices,
        "customer.cheques": credit.cheques,
        "customer.overdue": credit.overdue,
        "customer.overdue_days": credit.overdue_days,
    }
    if credit.state == "amount":
        values["customer.limit"] = credit.limit
    if run.facts.customer.age_days is not None:
        values["customer.age_days"] = run.facts.customer.age_days
    return values


def _holds(run: Run, rule: CreditRule, credit: Credit, *, gate: Gate) -> bool:
    if not rule.asks <= run.values().keys() or not run.holds_true(rule.id, rule.condition):
        return False
    return rule.ceiling is None or _exceeded(run, rule, credit, gate=gate) > 0


def _used(run: Run, part: CreditPart, credit: Credit, *, gate: Gate) -> int:
    """Give what a part of the exposure comes to with this order; only credit adds to any."""
    if part == "total":
        return credit.exposure + run.totals.payable
    used: int = getattr(credit, part)
    return used + run.totals.payable if part == _JOINS[gate] else used


def _exceeded(run: Run, rule: CreditRule, credit: Credit, *, gate: Gate) -> Minor:
    """Give by how much a rule's own limit is exceeded; it is asked of orders on credit only."""
    if rule.ceiling is None or run.order.payment != "credit":
        return Minor(0)
    part, most = rule.ceiling
    return Minor(max(_used(run, part, credit, gate=gate) - most, 0))


def _tell(run: Run, rule: CreditRule, credit: Credit, *, gate: Gate) -> Reason | None:
    """Do what a rule says, and give the hold of one whose conditions are not met."""
    amount, facts = run.totals.payable, _overdue(rule, credit)
    if rule.overdue_limit is not None:
        amount = Minor(credit.overdue - rule.overdue_limit)
    if rule.ceiling is not None:
        part, most = rule.ceiling
        amount = _exceeded(run, rule, credit, gate=gate)
        used = {"amount": amount + most, "part": part, "limit": most}
        facts.append(["credit.part", used])
    params: Params = {"text": rule.text, "facts": facts}
    unmet = unmet_conditions(run, rule)
    if rule.then == "stop":
        run.reject(run.explain("credit", "credit_stopped", params, rule=rule.id))
    elif rule.then == "approve":
        run.hold(run.explain("credit", "approval_required", params, rule=rule.id, amount=amount))
    elif unmet:
        params = {**params, "require": list(unmet)}
        return run.explain("credit", "credit_conditional", params, rule=rule.id, amount=amount)
    else:
        run.explain("credit", "credit_allowed", params, rule=rule.id)
    return None


def _overdue(rule: CreditRule, credit: Credit) -> list[Any]:
    """Say how much is overdue, for how long, and how much may be, where a rule is about that."""
    if rule.overdue_limit is None:
        return []
    late = {"overdue": credit.overdue, "days": credit.overdue_days, "limit": rule.overdue_limit}
    return [["credit.overdue", late]]


def unmet_conditions(run: Run, rule: CreditRule) -> tuple[str, ...]:
    """Give the conditions that are open; paying the way that is asked for meets one."""
    return tuple(one for one in rule.require if one != run.order.payment)
