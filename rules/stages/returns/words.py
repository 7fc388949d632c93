"""Says in plain words what a return gives and takes."""

from collections.abc import Iterator
from typing import Final

from rules.engine.result import Reason
from rules.engine.returns import OwedGoods, Return
from rules.stages.returns.keeping import Kept, Sold
from rules.values.decimals import shown, shown_unit_price
from rules.values.units import Minor, UnitPrice

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
    if credit < 0:
        text = f"what is kept earns less: {_money(sold, -credit)} is to pay"
        yield Reason("returns", "return_costs", text, amount=Minor(-credit))
    else:
        text = f"{_money(sold, credit)} is credited"
        yield Reason("returns", "return_credited", text, amount=credit)


def _goods(sold: Sold, returned: Return) -> Iterator[Reason]:
    for line in sold.result.lines:
        count = returned.lines.get(line.number, 0)
        if count:
            text = f"{count} of {line.quantity} {_name(sold, line.sku)} come back"
            if line.unit_price is not None:
                text += f" at {_each(line.unit_price)}"
            yield Reason("returns", "returned", text, line.price_rule, line.number)
    for goods in sold.result.free:
        count = returned.free.get(goods.number, 0)
        if count:
            text = f"{count} {_name(sold, goods.sku)} given free by {goods.rule} come back"
            yield Reason("returns", "free_goods_returned", text, goods.rule)


def _discounts(sold: Sold, had: Kept, has: Kept) -> Iterator[Reason]:
    if sold.pack.returns.discounts == "keep":
        text = "what comes back takes its share of all discounts along"
        yield Reason("returns", "discounts_kept", text)
        return
    for rule in sorted({*had.discounts, *has.discounts}):
        before, now = had.discounts.get(rule, 0), has.discounts.get(rule, 0)
        if now != before:
            old, new = (_money(sold, one) if one else "nothing" for one in (before, now))
            text = f"{rule} takes {new} off what is kept, {old} before"
            amount = Minor(now - before)
            yield Reason("returns", "discount_recomputed", text, rule, amount=amount)


def _owed(sold: Sold, one: OwedGoods) -> Reason:
    text = f"{one.quantity} {_name(sold, one.sku)} given free by {one.rule} are no longer earned"
    if one.unit_price is None:
        text += " and have to come back: they have no price"
        code = "free_goods_unpriced" if _charges(sold) else "free_goods_owed"
        return Reason("returns", code, text, one.rule)
    text += f": they come back or cost {_each(one.unit_price)}"
    return Reason("returns", "free_goods_owed", text, one.rule)


def _charges(sold: Sold) -> bool:
    return sold.pack.returns.free_goods == "charge"


def _charged(sold: Sold, number: int, amount: Minor) -> Iterator[Reason]:
    goods = next(one for one in sold.result.free if one.number == number)
    name = f"{_name(sold, goods.sku)} given free by {goods.rule}"
    if amount > 0:
        text = f"{name}, no longer earned, cost {_money(sold, amount)}"
        yield Reason("returns", "free_goods_charged", text, goods.rule, amount=amount)
    elif amount:
        text = f"{name} cost {_money(sold, -amount)} less"
        yield Reason("returns", "free_goods_charged", text, goods.rule, amount=amount)


def _name(sold: Sold, sku: str) -> str:
    product = sold.sale.facts.products.get(sku)
    return sku if product is None else product.name


def _money(sold: Sold, amount: int) -> str:
    return shown(amount, sold.pack.scale)


def _each(price: UnitPrice) -> str:
    return f"{shown_unit_price(price)} each"
