"""Tax and round-off: the rate valid on the order's day, in heads; free goods carry no tax."""

from typing import Final

from rules.engine.result import TaxPart, Totals
from rules.engine.tables import TaxRule
from rules.stages.run import Line, Run
from rules.stages.trace import Row, Step
from rules.values.reasons import Params
from rules.values.rounding import share, to_step, without_tax
from rules.values.spreading import spread_rest_last
from rules.values.units import Minor


def _params(row: Row) -> Params:
    label, taxed = row[4]
    return {"tax": label, "net": taxed}


_TAXED: Final = Step("tax", "taxed", _params)


def add_tax(run: Run) -> None:
    """Tax every sold line; one without a rate holds the order, it is never taxed at zero."""
    table, mine = run.pack.taxes, run.side.taxes
    inclusive = run.pack.tax_inclusive
    for line in run.sold:
        rule = table.first(mine & line.goods.taxes) if line.goods is not None else None
        if rule is not None:
            line.tax_rule = rule
            if inclusive:
                _take_tax_out(line, rule)
                net = line.net
            else:
                net = line.net
                line.tax = share(net, rule.rate)
            line.total = Minor(net + line.tax)
            run.rows.append((_TAXED, rule.id, line.number, line.tax, (rule.label, net)))
        else:
            if table.rules:
                name = line.product.name if line.product else line.sku
                run.hold(run.explain("tax", "tax_unknown", {"product": name}, line=line.number))
            line.total = line.net


def tax_parts(line: Line) -> tuple[TaxPart, ...]:
    """Split a line's tax into its heads."""
    rule = line.tax_rule
    if rule is None:
        return ()
    return tuple(map(TaxPart, rule.heads, rule.rates, spread_rest_last(line.tax, rule.rates)))


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
    gross = discount = tax = 0
    for line in run.sold:
        gross += line.gross
        discount += line.line_discount + line.order_discount
        tax += line.tax
    net = gross - discount
    exact = Minor(net + tax)
    payable = to_step(exact, run.pack.round_to)
    difference = Minor(payable - exact)
    if difference:
        params: Params = {"exact": exact, "payable": payable}
        run.explain("round_off", "rounded", params, amount=difference)
    run.totals = Totals(Minor(gross), Minor(discount), Minor(net), Minor(tax), difference, payable)
