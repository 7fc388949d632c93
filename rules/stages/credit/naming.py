"""Approvals named: who releases each hold of an order, by the amount it is about."""

from collections.abc import Sequence

from rules.engine.result import ApprovalNeed, Escalation, Reason
from rules.engine.settlement.tables import ApprovalRule, CreditRule
from rules.stages.credit.checks import know_standing, unmet_conditions
from rules.stages.run import Run


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
    text = f"{need.who} may release {reason.code} of {run.money(amount)}{_terms(need)}"
    run.explain("approvals", "approval_named", text, rule=approval.id, amount=amount)


def _terms(need: ApprovalNeed) -> str:
    """Tell by when, what follows silence, and what may be offered instead."""
    text = "" if need.within_min is None else f" within {need.within_min} min"
    if need.offer is not None:
        offers = ["smaller quantities"] * need.offer.smaller
        offers += [f"payment by {payment}" for payment in need.offer.payments]
        text += f", or offer {' or '.join(offers)}"
    return text + "".join(f"; {_told(step)}" for step in need.escalations)


def _told(step: Escalation) -> str:
    roles = " or ".join(step.roles)
    what = {"notify": f"{roles} is told", "reassign": f"{roles} decides", "expire": "it expires"}
    return f"after {step.after_min} min {what[step.action]}"
