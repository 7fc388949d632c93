"""The decision on one order: the stages in their order, again where stock lowered a quantity."""

from collections.abc import Sequence

from rules.engine.errors import RuleFailedError
from rules.engine.inputs import Counters, Facts, Order
from rules.engine.result import Reason, Result, Short
from rules.engine.tables import CompiledPack
from rules.stages.all_schemes import apply_schemes
from rules.stages.credit.checks import check_credit
from rules.stages.credit.naming import name_approvals
from rules.stages.decision import Decision
from rules.stages.discounts import refuse_wrong_discounts
from rules.stages.mrp import check_batch_mrp, check_mrp
from rules.stages.prices import check_floors, price_lines
from rules.stages.quantities import fit_quantities, whole_packs
from rules.stages.run import Line, Run
from rules.stages.schemes.coupons import note_coupons
from rules.stages.schemes.free_goods import count_given
from rules.stages.stock.allocation import allocate
from rules.stages.taxes import add_tax, round_off
from rules.values.reasons import Params
from rules.values.units import Quantity


def evaluate(order: Order, facts: Facts, counters: Counters, pack: CompiledPack) -> Result:
    """Decide an order; pure, and the only code that prices.

    A business refusal is a result. A rule that fails holds the order without a price.
    """
    run = Run(order, facts, counters, pack=pack)
    try:
        return _decide(run)
    except RuleFailedError as error:
        return _failed(Run(order, facts, counters, pack=pack), error.rule)


def _decide(run: Run) -> Result:
    _price(run)
    shown = run
    quantities = [line.quantity for line in run.lines]
    _settle(run)
    changes: list[Reason] = []
    shorts: list[Short] = []
    # A pass may give more than the one before (free goods by whole multiples do), but each one
    # lowers the quantity of some line and raises none, so this ends.
    while (lower := _lowered(run, quantities)) != quantities:
        changes += [reason for reason in run.changes if _about_cut(reason, run)]
        shorts += [short for short in run.shorts if short.action == "cut" and not short.free]
        quantities = lower
        run = Run(run.order, run.facts, run.counters, pack=run.pack)
        _price(run, quantities)
        _settle(run)
    run.shorts[:0] = shorts
    run.changes[:0] = changes
    run.rows += changes
    if not run.rejected and quantities and not any(quantities):
        params: Params = {"stock": ["stock.nothing", {}], "rest": []}
        run.reject(run.explain("allocation", "out_of_stock", params))
    return Decision.of(run, shown=shown)


def _price(run: Run, cut: Sequence[Quantity] | None = None) -> None:
    """Run the stages a terminal runs too; `cut` is what stock leaves of each line."""
    products, sides = run.facts.products, run.pack.sides
    for asked in run.order.lines:
        product = products.get(asked.sku)
        goods = sides.of_product(product) if product is not None else None
        run.lines.append(Line(asked, product, goods))
    _check_order(run)
    fit_quantities(run)
    for line, quantity in zip(run.lines, cut or (), strict=False):
        line.uncut, line.quantity = line.quantity, quantity
    price_lines(run)
    apply_schemes(run)
    note_coupons(run)
    check_floors(run)
    add_tax(run)
    check_mrp(run)
    round_off(run)


def _check_order(run: Run) -> None:
    if not run.order.lines:
        run.reject(run.explain("price", "order_empty"))
    numbers = [line.number for line in run.lines]
    if len(set(numbers)) != len(numbers):
        run.reject(run.explain("price", "line_repeated"))
    for line in run.lines:
        if line.ordered < 1:
            params: Params = {"quantity": line.ordered}
            run.reject(run.explain("price", "quantity_invalid", params, line=line.number))
            line.quantity = Quantity(0)
    refuse_wrong_discounts(run)


def _settle(run: Run) -> None:
    """Run the stages that need the hub's facts."""
    check_credit(run)
    if not run.rejected:
        allocate(run)
        count_given(run)
        check_batch_mrp(run)
    name_approvals(run)


def _lowered(run: Run, quantities: list[Quantity]) -> list[Quantity]:
    missing: dict[int, int] = {}
    for short in run.shorts:
        if short.action == "cut" and not short.free:
            missing[short.number] = missing.get(short.number, 0) + short.missing
    if run.rejected or not missing:
        return quantities
    left = [Quantity(line.quantity - missing.get(line.number, 0)) for line in run.lines]
    return whole_packs(run, left)


def _about_cut(reason: Reason, run: Run) -> bool:
    cut = {short.number for short in run.shorts if short.action == "cut" and not short.free}
    return reason.stage == "allocation" and reason.line in cut


def _failed(run: Run, rule: str) -> Result:
    """Hold an order whose rules could not be evaluated, with no amount that could be believed."""
    run.lines = [Line(asked, None, None) for asked in run.order.lines]
    params: Params = {"rule": rule, "then": ["failed.unpriced", {}]}
    run.hold(run.explain("price", "rule_failed", params, rule=rule))
    return Decision.of(run, shown=run)
