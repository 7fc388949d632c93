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
    for place in places(table.for_customer(run.keys, run.day)):
        _check_rule(run, table.rules[place], credit)


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


def _check_rule(run: Run, rule: CreditRule, credit: Credit) -> None:
    if rule.needs_limit and credit.state != "amount":
        return
    if not run.holds_true(rule.id, rule.condition):
        return
    if rule.then == "stop":
        run.reject(run.explain("credit", "credit_stopped", rule.text, rule=rule.id))
    elif rule.then == "approve":
        reason = run.explain(
            "credit", "approval_required", rule.text, rule=rule.id, amount=run.totals.payable
        )
        run.hold(reason)
    else:
        run.explain("credit", "credit_allowed", rule.text, rule=rule.id)


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
