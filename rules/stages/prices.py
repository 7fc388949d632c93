"""Price stage: exactly one price a line, from the strongest level down; and the floor under it."""

from operator import attrgetter
from typing import Final

from rules.engine.index import places
from rules.engine.tables import FloorRule, PriceRule
from rules.stages.run import Line, Run
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.rounding import adjusted, extend, share_down
from rules.values.units import Minor, UnitPrice

_BY_PRODUCT: Final = attrgetter("sku", "quantity", "number")


def price_lines(run: Run) -> None:
    """Find every line's unit price and gross amount."""
    table = run.pack.prices
    mine = table.for_customer(run.keys, run.day)
    for line in sorted(run.lines, key=_BY_PRODUCT):
        if line.product is None:
            text = f"product {line.sku} is not in the catalogue"
            run.reject(run.explain("price", "product_unknown", text, line=line.number))
            continue
        found = _find(line.sku, mine & table.for_product(line.product), table.rules)
        if found is not None:
            _set_price(run, line, found)
        if line.unit_price is None:
            text = f"no price for {line.product.name}"
            run.hold(run.explain("price", "line_unpriced", text, line=line.number))
        elif line.quantity:
            run.sold.append(line)


Found = tuple[UnitPrice, PriceRule, list[PriceRule]]


def price_of(run: Run, sku: str) -> UnitPrice | None:
    """Give the unit price of a product this customer would pay; None where there is none."""
    product = run.facts.products.get(sku)
    if product is None:
        return None
    table = run.pack.prices
    mask = table.for_customer(run.keys, run.day) & table.for_product(product)
    found = _find(sku, mask, table.rules)
    return None if found is None else found[0]


def _find(sku: str, mask: int, rules: tuple[PriceRule, ...]) -> Found | None:
    """Walk down the rules that hold until one lists the product, then come back up adjusting."""
    adjusting: list[PriceRule] = []
    for place in places(mask):
        rule = rules[place]
        if adjusting and adjusting[-1].level == rule.level:
            continue
        if rule.rates is None:
            adjusting.append(rule)
            continue
        price = rule.rates.get(sku)
        if price is not None:
            for change in reversed(adjusting):
                price = adjusted(price, change.percent)
            return price, rule, adjusting
    return None


def _set_price(run: Run, line: Line, found: Found) -> None:
    price, base, adjusting = found
    gross = extend(price, line.quantity, run.pack.scale)
    if price <= 0 or (gross <= 0 and line.quantity):
        return
    line.unit_price = price
    line.gross = gross
    line.price_rule = adjusting[0].id if adjusting else base.id
    text = f"{shown_unit_price(price)} each, from {base.id}"
    for change in reversed(adjusting):
        text += f" and {shown_percent(change.percent)} % by {change.id}"
    run.explain("price", "priced", text, rule=line.price_rule, line=line.number, amount=gross)


def check_floors(run: Run) -> None:
    """Hold an order with a line that all discounts together bring below its floor."""
    table = run.pack.floors
    mine = table.for_customer(run.keys, run.day)
    if not mine:
        return
    for line in run.sold:
        if line.product is None:
            continue
        mask = mine & table.for_product(line.product)
        found = _floor(run, line, [table.rules[place] for place in places(mask)])
        if found is not None and line.net < found[1]:
            rule, floor = found
            text = f"{line.product.name} for {run.money(line.net)}, the floor is {run.money(floor)}"
            under = Minor(floor - line.net)
            run.hold(
                run.explain(
                    "floor", "below_floor", text, rule=rule.id, line=line.number, amount=under
                )
            )


def _floor(run: Run, line: Line, rules: list[FloorRule]) -> tuple[FloorRule, Minor] | None:
    """Give the first rule that knows the product, and what its line is not sold below."""
    for rule in rules:
        if rule.rates is None:
            return rule, share_down(line.gross, rule.percent)
        if line.sku in rule.rates:
            return rule, extend(rule.rates[line.sku], line.quantity, run.pack.scale)
    return None
