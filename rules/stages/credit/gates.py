"""The gates after the order: credit checked again when goods leave and when they are billed."""

from dataclasses import dataclass

from rules.engine.errors import RuleFailedError
from rules.engine.inputs import Counters, Facts, Gate, Order, OrderLine
from rules.engine.result import ApprovalNeed, Outcome, Reason, Totals
from rules.engine.tables import CompiledPack
from rules.stages.credit.checks import check_credit
from rules.stages.credit.naming import name_approvals
from rules.stages.decision import outcome_of
from rules.stages.run import Line, Run
from rules.stages.trace import written_out
from rules.values.reasons import Params
from rules.values.units import Quantity


@dataclass(frozen=True, slots=True)
class GateCheck:
    """What a gate says: pass, hold for the approvals named, or stop; and every reason."""

    gate: Gate
    outcome: Outcome
    reasons: tuple[Reason, ...]
    approvals: tuple[ApprovalNeed, ...]
    trace: tuple[Reason, ...]


def check_gate(
    gate: Gate, order: Order, totals: Totals, *, facts: Facts, pack: CompiledPack
) -> GateCheck:
    """Check at a gate what was ordered, delivered or billed, with the rules of the order gate.

    `order` and `totals` are of what passes the gate, `facts.credit` where the customer stands
    without it: one sum for every gate, so that nothing counts twice. Pure, as `evaluate` is.
    """
    run = Run(order, facts, Counters(), pack=pack)
    run.lines = [Line(asked, facts.products.get(asked.sku), None) for asked in order.lines]
    run.sold = [_all_of(totals)]
    run.totals = totals
    try:
        check_credit(run, gate)
        name_approvals(run)
    except RuleFailedError as error:
        params: Params = {"rule": error.rule, "then": ["failed.stopped", {}]}
        run.hold(run.explain("credit", "rule_failed", params, rule=error.rule))
    trace = written_out(run.rows)
    return GateCheck(gate, outcome_of(run), run.reasons, tuple(run.approvals), trace)


def _all_of(totals: Totals) -> Line:
    """Stand in one line for all: at a gate, conditions ask for sums only."""
    line = Line(OrderLine(0, "", Quantity(0)), None, None)
    line.gross, line.line_discount = totals.gross, totals.discount
    return line
