"""Quantities, prices, floors and tax: for every line the narrowest rule that holds."""

from decimal import Decimal

from tests.differential.plain.conditions import Rule, narrowest_first
from tests.differential.plain.desk import Desk, Row
from tests.differential.plain.sums import EXACT, NOTHING, cut_down, percent_of, rounded


def fit_quantities(desk: Desk) -> None:
    """Raise, hold or refuse what no quantity rule allows, product by product."""
    wanted = [row for row in desk.rows if row.ordered > 0 and row.product is not None]
    for sku in sorted({row.sku for row in wanted}):
        rows = [row for row in wanted if row.sku == sku]
        largest = max(rows, key=lambda row: (row.ordered, row.number))
        rules = narrowest_first(desk.rules("quantities"), desk.asker, largest.product)
        per = largest.per(rules[0].get("in")) if rules else 0
        if not per:
            continue
        least = rules[0].get("min", 0) * per
        step = rules[0].get("multiple", 0) * per or 1
        asked = sum(row.ordered for row in rows)
        fitting = asked
        while fitting < least or fitting % step:
            fitting += 1
        if fitting == asked:
            continue
        code = "quantity_too_small" if asked < least else "quantity_not_multiple"
        if rules[0]["then"] == "round_up":
            largest.quantity += fitting - asked
        elif rules[0]["then"] == "hold":
            desk.holds.append((code, largest.number))
        else:
            desk.refusals.append((code, largest.number))


def price_rows(desk: Desk) -> None:
    """Price every line; what sells is then taken by product, quantity and number."""
    for row in sorted(desk.rows, key=lambda row: (row.sku, row.quantity, row.number)):
        if row.product is None:
            desk.refusals.append(("product_unknown", row.number))
            continue
        price, rule = price_of(desk, row.sku)
        if price is not None and price > 0:
            gross = rounded(EXACT.multiply(price, Decimal(row.quantity)), desk.scale)
            if gross > 0 or row.quantity == 0:
                row.price, row.price_rule, row.gross = price, rule, gross
        if row.price is None:
            desk.holds.append(("line_unpriced", row.number))
        elif row.quantity:
            desk.sold.append(row)


def price_of(desk: Desk, sku: str) -> tuple[Decimal | None, str]:
    """Give a customer's price of a product and the rule that made it."""
    product = desk.facts.products.get(sku)
    if product is None:
        return None, ""
    return _lower(narrowest_first(desk.rules("prices"), desk.asker, product), sku)


def _lower(rules: list[Rule], sku: str) -> tuple[Decimal | None, str]:
    """Ask the first rule; an adjustment asks the first one of the levels below it."""
    if not rules:
        return None, ""
    first = rules[0]
    if "rates" in first:
        if sku in first["rates"]:
            return Decimal(first["rates"][sku]), first["id"]
        return _lower(rules[1:], sku)
    below = [rule for rule in rules if rule["level"] != first["level"]]
    price, _ = _lower(below, sku)
    if price is None:
        return None, ""
    return rounded(price + percent_of(price, Decimal(first["adjust"]["percent"])), 4), first["id"]


def check_floors(desk: Desk) -> None:
    """Hold the order for every line that is sold below its floor."""
    for row in desk.sold:
        for rule in narrowest_first(desk.rules("floors"), desk.asker, row.product):
            floor = _floor(desk, row, rule)
            if floor is not None:
                if row.net < floor:
                    desk.holds.append(("below_floor", row.number))
                break


def _floor(desk: Desk, row: Row, rule: Rule) -> Decimal | None:
    if "percent" in rule:
        return cut_down(percent_of(row.gross, Decimal(rule["percent"])), desk.scale)
    if row.sku not in rule["rates"]:
        return None
    return rounded(Decimal(rule["rates"][row.sku]) * row.quantity, desk.scale)


def add_tax(desk: Desk) -> None:
    """Tax every line that sells, or take the tax out of prices that include it."""
    for row in desk.sold:
        rules = narrowest_first(desk.rules("taxes"), desk.asker, row.product)
        if rules:
            _tax(desk, row, rules[0])
        elif desk.rules("taxes"):
            desk.holds.append(("tax_unknown", row.number))


def _tax(desk: Desk, row: Row, rule: Rule) -> None:
    rates = {head: Decimal(rate) for head, rate in rule["heads"].items()}
    rate = sum(rates.values(), NOTHING)
    if desk.document["pack"].get("tax") == "inclusive":
        gross, after_line, net = (
            rounded(EXACT.divide(EXACT.multiply(amount, Decimal(100)), 100 + rate), desk.scale)
            for amount in (row.gross, row.gross - row.line_off, row.net)
        )
        row.tax = row.net - net
        row.gross, row.line_off, row.order_off = gross, gross - after_line, after_line - net
    else:
        row.tax = rounded(percent_of(row.net, rate), desk.scale)
    *firsts, last = rates
    for head in firsts:
        share = EXACT.divide(EXACT.multiply(row.tax, rates[head]), rate) if rate else NOTHING
        row.heads.append((head, cut_down(share, desk.scale)))
    rest = row.tax - sum((amount for _, amount in row.heads), NOTHING)
    row.heads.append((last, rest if rate else NOTHING))
