"""Approvals named: who releases each hold of an order, by the amount it is about."""

from rules.engine.result import ApprovalNeed, Reason
from rules.engine.settlement.tables import ApprovalRule
from rules.stages.credit.checks import unmet_conditions
from rules.stages.run import Run


def name_approvals(run: Run) -> None:
    """Name the roles whose approval releases each hold, by the amount it is about."""
    if not run.holds:
        return
    rules = {rule.id: rule for rule in run.pack.credit.rules}
    for reason in run.holds:
        rule = rules.get(reason.rule)
        for approval in run.pack.approvals:
            if (rule and rule.route == approval.id) or reason.code in approval.codes:
                require = unmet_conditions(run, rule) if rule else ()
                _name(run, reason, approval, require=require)
                break


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
    )
    if need in run.approvals:
        return
    run.approvals.append(need)
    text = f"{need.who} may release {reason.code} of {run.money(amount)}"
    if need.within_min is not None:
        text += f" within {need.within_min} min"
    run.explain("approvals", "approval_named", text, rule=approval.id, amount=amount)
