"""Tax and round-off: the rate valid on the order's day, in heads; free goods carry no tax."""

from rules.engine.result import TaxPart, Totals
from rules.engine.tables import TaxRule
from rules.stages.run import ZERO, Line, Run
from rules.values.rounding import share, to_step, without_tax
from rules.values.spreading import spread_rest_last
from rules.values.units import Minor


def add_tax(run: Run) -> None:
    """Tax every sold line; one without a rate holds the order, it is never taxed at zero."""
    table = run.pack.taxes
    mine = table.for_customer(run.keys, run.day)
    for line in run.sold:
        rule = None
        if line.product is not None and table.rules:
            rule = table.first(mine & table.for_product(line.product))
        if rule is not None:
            _tax(run, line, rule)
        elif table.rules:
            text = f"no tax rate for {line.product.name if line.product else line.sku}"
            run.hold(run.explain("tax", "tax_unknown", text, line=line.number))
        line.total = Minor(line.net + line.tax)


def _tax(run: Run, line: Line, rule: TaxRule) -> None:
    if run.pack.tax_inclusive:
        _take_tax_out(line, rule)
    else:
        line.tax = share(line.net, rule.rate)
    amounts = spread_rest_last(line.tax, rule.rates)
    line.taxes = tuple(map(TaxPart, rule.heads, rule.rates, amounts))
    run.explain(
        "tax",
        "taxed",
        f"{rule.label} of {run.money(line.net)}",
        rule=rule.id,
        line=line.number,
        amount=line.tax,
    )


def _take_tax_out(line: Line, rule: TaxRule) -> None:
    """Restate a line's amounts without tax; what is paid stays to the minor unit.

    Each step down from gross to net is taken out of tax by itself, so no discount turns negative.
    """
    paid = line.net
    gross = without_tax(line.gross, rule.rate)
    after_line = without_tax(Minor(line.gross - line.line_discount), rule.rate)
    net = without_tax(paid, rule.rate)
    line.gross = gross
    line.line_discount = Minor(gross - after_line)
    line.order_discount = Minor(after_line - net)
    line.tax = Minor(paid - net)


def round_off(run: Run) -> None:
    """Sum the order up and round what is payable to the pack's step."""
    gross = discount = net = tax = ZERO
    for line in run.sold:
        gross = Minor(gross + line.gross)
        discount = Minor(discount + line.line_discount + line.order_discount)
        net = Minor(net + line.net)
        tax = Minor(tax + line.tax)
    exact = Minor(net + tax)
    payable = to_step(exact, run.pack.round_to)
    difference = Minor(payable - exact)
    if difference:
        text = f"{run.money(exact)} rounded to {run.money(payable)}"
        run.explain("round_off", "rounded", text, amount=difference)
    run.totals = Totals(gross, discount, net, tax, difference, payable)
