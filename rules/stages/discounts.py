"""Discounts that whoever places an order asks for on a line, and what a rule gives of them."""

from typing import Final

from rules.engine.inputs import OrderLine
from rules.engine.result import Reason
from rules.engine.tables import DiscountRule
from rules.stages.run import Line, Run
from rules.stages.trace import Step, rule_and_amount
from rules.values.reasons import Params
from rules.values.rounding import MILLION, extend, share
from rules.values.units import Minor, Rate, UnitPrice

_GAVE: Final = Step("line_schemes", "scheme_applied", rule_and_amount)


def refuse_wrong_discounts(run: Run) -> None:
    """Refuse an order that asks for less than nothing off, or for more than all."""
    for asked in _asking(run):
        if not (0 <= asked.percent_off <= MILLION and asked.off_each >= 0):
            run.reject(run.explain("price", "discount_invalid", line=asked.number))


def give_asked_discounts(run: Run) -> None:
    """Take off each line what was asked for, after what its schemes give; no line below zero.

    Percentages are of the gross amount of the line. Of what is above the limit of the narrowest
    rule an approval decides, or it is cut or refused; where no rule holds nothing is given.
    """
    asking = {asked.number: asked for asked in _asking(run)}
    if not asking or run.rejected:
        return
    table, mine = run.pack.discounts, run.side.discounts
    for line in run.sold:
        asked = asking.get(line.number)
        if asked is not None:
            rule = table.first(mine & line.goods.discounts) if line.goods is not None else None
            _give(run, line, rule, asked=_asked(run, line, asked))


def _asking(run: Run) -> list[OrderLine]:
    return [one for one in run.order.lines if one.percent_off or one.off_each]


def _asked(run: Run, line: Line, asked: OrderLine) -> Minor:
    return _worth(run, line, percent=asked.percent_off, each=asked.off_each)


def _worth(run: Run, line: Line, *, percent: Rate, each: UnitPrice) -> Minor:
    """Give what a share of a line's gross and so much for each base unit come to."""
    return Minor(share(line.gross, percent) + extend(each, line.quantity, run.pack.scale))


def _give(run: Run, line: Line, rule: DiscountRule | None, *, asked: Minor) -> None:
    if rule is None:
        run.change(_told(run, line, "", code="discount_not_given", params={"asked": asked}))
        return
    limit = _worth(run, line, percent=rule.percent, each=rule.each)
    given = asked
    if asked > limit:
        given = _above(run, line, rule, asked=asked, limit=limit)
    given = min(given, line.net)
    if given:
        line.line_discount = Minor(line.line_discount + given)
        run.rows.append((_GAVE, rule.id, line.number, given, None))


def _above(run: Run, line: Line, rule: DiscountRule, *, asked: Minor, limit: Minor) -> Minor:
    """Do what a rule says of more than its limit; gives what is taken off all the same.

    What is above the limit goes to who approves so much.
    """
    params: Params = {"asked": asked, "limit": limit}
    if rule.above == "approve":
        above = Minor(asked - limit)
        code = "discount_above_limit"
        run.hold(_told(run, line, rule.id, code=code, params=params, amount=above))
        return asked
    if rule.above == "cut":
        run.change(_told(run, line, rule.id, code="discount_cut", params=params))
        return limit
    run.reject(_told(run, line, rule.id, code="discount_refused", params=params))
    return Minor(0)


def _told(
    run: Run, line: Line, rule: str, *, code: str, params: Params, amount: Minor | None = None
) -> Reason:
    """Tell of what is not given as it was asked for."""
    named: Params = {**params, "product": line.product.name if line.product else line.sku}
    return run.explain("line_schemes", code, named, rule=rule, line=line.number, amount=amount)
