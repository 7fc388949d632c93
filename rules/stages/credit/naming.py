"""Approvals named: who releases each hold of an order, by the amount it is about."""

from collections.abc import Sequence
from typing import Any

from rules.engine.result import ApprovalNeed, Escalation, Reason
from rules.engine.settlement.tables import ApprovalRule, CreditRule
from rules.stages.credit.checks import know_standing, unmet_conditions
from rules.stages.run import Run
from rules.values.reasons import Params


def name_approvals(run: Run) -> None:
    """Name the roles whose approval releases each hold, by the amount it is about."""
    if not run.holds:
        return
    know_standing(run)
    found = run.pack.approvals.holding(run.side.approvals)
    approvals = [approval for approval in found if _holds(run, approval)]
    rules = {rule.id: rule for rule in run.pack.credit.rules}
    for reason in run.holds:
        rule = rules.get(reason.rule)
        approval = _approval(reason, rule, approvals)
        if approval is not None:
            require = unmet_conditions(run, rule) if rule else ()
            _name(run, reason, approval, require=require)


def _holds(run: Run, approval: ApprovalRule) -> bool:
    """Tell whether an approval's condition holds; about what is not known none does."""
    known = approval.asks <= run.values().keys()
    return known and run.holds_true(approval.id, approval.condition)


def _approval(
    reason: Reason, rule: CreditRule | None, approvals: Sequence[ApprovalRule]
) -> ApprovalRule | None:
    """Give the approval of a hold: the first of its credit rule's routes, or the narrowest."""
    if rule is not None:
        by_id = {approval.id: approval for approval in approvals}
        return next((by_id[name] for name in rule.routes if name in by_id), None)
    return next((approval for approval in approvals if reason.code in approval.codes), None)


def _name(run: Run, reason: Reason, approval: ApprovalRule, *, require: tuple[str, ...]) -> None:
    amount = run.totals.payable if reason.amount is None else reason.amount
    at, level = next(
        (at, level)
        for at, level in enumerate(approval.levels)
        if level.up_to is None or amount <= level.up_to
    )
    need = ApprovalNeed(
        code=reason.code,
        rule=approval.id,
        steps=level.steps,
        amount=amount,
        within_min=level.within_min,
        otherwise=level.otherwise,
        next_steps=approval.levels[at + 1].steps if level.otherwise == "next" else (),
        require=require,
        never=approval.never,
        delegate=level.delegate,
        escalations=level.escalations,
        offer=approval.offer,
    )
    if need in run.approvals:
        return
    run.approvals.append(need)
    params: Params = {
        "who": [list(step) for step in need.steps],
        "code": reason.code,
        "amount": amount,
        "terms": _terms(need),
    }
    run.explain("approvals", "approval_named", params, rule=approval.id, amount=amount)


def _terms(need: ApprovalNeed) -> list[Any]:
    """Tell by when, what may be offered instead, and what follows silence."""
    terms: list[Any] = []
    if need.within_min is not None:
        terms.append(["approval.within", {"minutes": need.within_min}])
    if need.offer is not None:
        offers: list[Any] = [["offer.smaller", {}]] if need.offer.smaller else []
        offers += [["offer.payment", {"payment": payment}] for payment in need.offer.payments]
        terms.append(["approval.offer", {"offers": offers}])
    return terms + [_escalation(step) for step in need.escalations]


def _escalation(step: Escalation) -> list[Any]:
    if step.action == "expire":
        return ["approval.expire", {"minutes": step.after_min}]
    name = "approval.notify" if step.action == "notify" else "approval.reassign"
    return [name, {"minutes": step.after_min, "roles": list(step.roles)}]
