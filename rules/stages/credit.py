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
    # Paying the way that is asked for meets that condition.
    unmet = [one for one in rule.require if one != run.order.payment]
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


def name_approvals(run: Run) -> None:
    """Name the role whose approval releases each hold, by the amount it is about."""
    if not run.holds:
        return
    routes = {rule.id: rule.route for rule in run.pack.credit.rules}
    for reason in run.holds:
        for approval in run.pack.approvals:
            if approval.id == routes.get(reason.rule) or reason.code in approval.codes:
                _name(run, reason, approval)
                break


def _name(run: Run, reason: Reason, approval: ApprovalRule) -> None:
    amount = run.totals.payable if reason.amount is None else reason.amount
    for level in approval.levels:
        if level.up_to is None or amount <= level.up_to:
            need = ApprovalNeed(reason.code, approval.id, level.role, amount)
            if need not in run.approvals:
                run.approvals.append(need)
                text = f"{level.role} may release {reason.code} of {run.money(amount)}"
                run.explain("approvals", "approval_named", text, rule=approval.id, amount=amount)
            return
