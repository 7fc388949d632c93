"""The steps of a return: what it gives and takes, and why."""

from collections.abc import Iterator
from typing import Any, Final

from rules.engine.result import Reason
from rules.engine.returns import OwedGoods, Return
from rules.stages.returns.keeping import Kept, Sold
from rules.stages.run import name_of
from rules.values.reasons import Params
from rules.values.units import Minor

HOLDS: Final = frozenset({"return_costs", "free_goods_unpriced"})
"""What a person has to decide."""


def told(sold: Sold, returned: Return, kept: tuple[Kept, Kept]) -> Iterator[Reason]:
    """Tell the steps of a return: goods, discounts, free goods, and what is credited."""
    had, has = kept
    yield from _goods(sold, returned)
    yield from _discounts(sold, had, has)
    for one in has.owed:
        yield _owed(sold, one)
    for number in sorted({*had.charges, *has.charges}):
        amounts = [line.total if (line := one.charges.get(number)) else 0 for one in (had, has)]
        yield from _charged(sold, number, Minor(amounts[1] - amounts[0]))
    credit = Minor(had.totals.payable - has.totals.payable)
    code = "return_costs" if credit < 0 else "return_credited"
    amount = Minor(abs(credit))
    yield Reason("returns", code, {"amount": amount}, amount=amount)


def _goods(sold: Sold, returned: Return) -> Iterator[Reason]:
    facts = sold.sale.facts
    for line in sold.result.lines:
        count = returned.lines.get(line.number, 0)
        if count:
            params: Params = {
                "count": count,
                "sold": line.quantity,
                "product": name_of(facts, line.sku),
                "price": line.unit_price or 0,
            }
            yield Reason("returns", "returned", params, line.price_rule, line.number)
    for goods in sold.result.free:
        count = returned.free.get(goods.number, 0)
        if count:
            params = {"count": count, "product": name_of(facts, goods.sku), "rule": goods.rule}
            yield Reason("returns", "free_goods_returned", params, goods.rule)


def _discounts(sold: Sold, had: Kept, has: Kept) -> Iterator[Reason]:
    if sold.pack.returns.discounts == "keep":
        yield Reason("returns", "discounts_kept", {})
        return
    for rule in sorted({*had.discounts, *has.discounts}):
        before, now = had.discounts.get(rule, 0), has.discounts.get(rule, 0)
        if now != before:
            params: Params = {"rule": rule, "now": _sum(now), "before": _sum(before)}
            amount = Minor(now - before)
            yield Reason("returns", "discount_recomputed", params, rule, amount=amount)


def _sum(amount: int) -> list[Any]:
    return ["sum.money", {"amount": amount}] if amount else ["sum.nothing", {}]


def _owed(sold: Sold, one: OwedGoods) -> Reason:
    """Tell of free goods that are no longer earned; a person decides on what has no price."""
    code, way = "free_goods_owed", ["owed.priced", {"price": one.unit_price}]
    if one.unit_price is None:
        way = ["owed.unpriced", {}]
        code = "free_goods_unpriced" if _charges(sold) else code
    params: Params = {
        "count": one.quantity,
        "product": name_of(sold.sale.facts, one.sku),
        "rule": one.rule,
        "way": way,
    }
    return Reason("returns", code, params, one.rule)


def _charges(sold: Sold) -> bool:
    return sold.pack.returns.free_goods == "charge"


def _charged(sold: Sold, number: int, amount: Minor) -> Iterator[Reason]:
    if not amount:
        return
    goods = next(one for one in sold.result.free if one.number == number)
    params: Params = {
        "product": name_of(sold.sale.facts, goods.sku),
        "rule": goods.rule,
        "charge": ["charge.more" if amount > 0 else "charge.less", {"amount": abs(amount)}],
    }
    yield Reason("returns", "free_goods_charged", params, goods.rule, amount=amount)
