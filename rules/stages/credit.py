"""Credit and approvals: who may buy on account, up to what, and who releases what is held."""

from rules.engine.index import places
from rules.engine.inputs import Credit
from rules.engine.result import ApprovalNeed, Reason
from rules.engine.tables import ApprovalRule, CreditRule
from rules.stages.run import Run
from rules.values.units import Minor


def check_credit(run: Run) -> None:
    """Hold or refuse what the customer's standing does not allow; every hit is reported."""
    status = run.facts.customer.status
    if status == "blocked":
        run.reject(run.explain("credit", "customer_blocked", "the customer is blocked"))
    elif status == "hold":
        run.hold(run.explain("credit", "customer_on_hold", "the customer is on hold"))
    credit = run.facts.credit
    if credit is None:
        run.explain("credit", "credit_not_known", "left to the hub: no credit facts here")
        return
    _check_limit(run, credit)
    table = run.pack.credit
    run.begin_stage()
    hits = [
        rule
        for place in places(table.for_customer(run.keys, run.day))
        if _holds(run, rule := table.rules[place], credit)
    ]
    conditional = [reason for rule in hits if (reason := _tell(run, rule, credit))]
    # What an approval stands in the way of is told before what conditions would open.
    for reason in conditional:
        run.hold(reason)


def _check_limit(run: Run, credit: Credit) -> None:
    if run.order.payment != "credit":
        run.explain("credit", "credit_not_used", f"paid by {run.order.payment}")
    elif credit.state == "cash_only":
        run.hold(run.explain("credit", "cash_only", "the customer buys for cash only"))
    elif credit.state == "none":
        run.explain("credit", "credit_unlimited", "the customer has no credit limit")
    else:
        _check_amount(run, credit)


def _check_amount(run: Run, credit: Credit) -> None:
    exposed = credit.exposure + run.totals.payable
    over = Minor(exposed - credit.limit)
    sums = f"{run.money(exposed)} of a limit of {run.money(credit.limit)}"
    if over > 0:
        text = f"{sums}, {run.money(over)} too much"
        run.hold(run.explain("credit", "credit_limit_exceeded", text, amount=over))
    else:
        run.explain("credit", "credit_within_limit", sums, amount=Minor(-over))


def _holds(run: Run, rule: CreditRule, credit: Credit) -> bool:
    if rule.needs_limit and credit.state != "amount":
        return False
    return run.holds_true(rule.id, rule.condition)


def _tell(run: Run, rule: CreditRule, credit: Credit) -> Reason | None:
    """Do what a rule says, and give the hold of one whose conditions are not met."""
    text, amount = rule.text, run.totals.payable
    if rule.overdue_limit is not None:
        amount = Minor(credit.overdue - rule.overdue_limit)
        text += f": {run.money(credit.overdue)} overdue by {credit.overdue_days} days"
        text += f", {run.money(rule.overdue_limit)} may be"
    unmet = _unmet(run, rule)
    if rule.then == "stop":
        run.reject(run.explain("credit", "credit_stopped", text, rule=rule.id))
    elif rule.then == "approve":
        run.hold(run.explain("credit", "approval_required", text, rule=rule.id, amount=amount))
    elif unmet:
        text += f"; needs {', '.join(unmet)}"
        return run.explain("credit", "credit_conditional", text, rule=rule.id, amount=amount)
    else:
        run.explain("credit", "credit_allowed", text, rule=rule.id)
    return None


def _unmet(run: Run, rule: CreditRule) -> tuple[str, ...]:
    """Give the conditions that are open; paying the way that is asked for meets one."""
    return tuple(one for one in rule.require if one != run.order.payment)


def name_approvals(run: Run) -> None:
    """Name the roles whose approval releases each hold, by the amount it is about."""
    if not run.holds:
        return
    rules = {rule.id: rule for rule in run.pack.credit.rules}
    for reason in run.holds:
        rule = rules.get(reason.rule)
        for approval in run.pack.approvals:
            if (rule and rule.route == approval.id) or reason.code in approval.codes:
                _name(run, reason, approval, require=_unmet(run, rule) if rule else ())
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
