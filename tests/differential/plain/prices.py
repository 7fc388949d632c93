"""Quantities, prices, floors and tax: for every line the narrowest rule that holds."""

from dataclasses import dataclass, replace
from decimal import Decimal

from tests.differential.plain.conditions import Rule, narrowest_first
from tests.differential.plain.desk import Desk, Held, Row
from tests.differential.plain.sums import EXACT, NOTHING, cut_down, percent_of, rounded


def fit_quantities(desk: Desk) -> None:
    """Raise, hold or refuse what no quantity rule allows; then write down what is asked for."""
    _fit(desk)
    for row in desk.rows:
        row.fitting = row.quantity


def _fit(desk: Desk) -> None:
    wanted = [row for row in desk.rows if row.ordered > 0 and row.product is not None]
    for sku in sorted({row.sku for row in wanted}):
        rows = [row for row in wanted if row.sku == sku]
        largest = max(rows, key=lambda row: (row.ordered, row.number))
        rule, per = _quantity_rule(desk, largest)
        if rule is None:
            continue
        least, step = rule.get("min", 0) * per, _step(rule, per)
        asked = sum(row.ordered for row in rows)
        fitting = asked
        while fitting < least or fitting % step:
            fitting += 1
        if fitting == asked:
            continue
        code = "quantity_too_small" if asked < least else "quantity_not_multiple"
        if rule["then"] == "round_up":
            largest.quantity += fitting - asked
        elif rule["then"] == "hold":
            desk.holds.append(Held(code, largest.number))
        else:
            desk.refusals.append((code, largest.number))


def _quantity_rule(desk: Desk, row: Row) -> tuple[Rule | None, int]:
    """Give the narrowest rule with the base units of its own; none for who lacks the unit."""
    rules = narrowest_first(desk.rules("quantities"), desk.asker, row.product)
    per = row.per(rules[0].get("in")) if rules else 0
    return (rules[0], per) if per else (None, 0)


def multiple_of(desk: Desk, row: Row) -> int:
    """Say of how many pieces stock leaves whole multiples.

    A rule that holds the order leaves it to a person what is sold, also of what is left.
    """
    rule, per = _quantity_rule(desk, row)
    return 1 if rule is None or rule["then"] == "hold" else _step(rule, per)


def _step(rule: Rule, per: int) -> int:
    return rule.get("multiple", 0) * per or 1


@dataclass(frozen=True)
class Listed:
    """What a list says that so many pieces cost, and what moves it, from the lowest level up."""

    price: Decimal
    size: int
    rule: str
    moves: tuple[Rule, ...] = ()
    printed: bool = False
    above: str = ""

    def moved(self) -> Decimal:
        """Put all margins on, then adjust."""
        price = self.price
        for way in ("margin", "adjust"):
            for move in (rule[way] for rule in self.moves if way in rule):
                if "amount" in move:
                    price += Decimal(move["amount"]) * self.size
                else:
                    price = rounded(price + percent_of(price, Decimal(move["percent"])), 4)
        return price


def price_rows(desk: Desk) -> None:
    """Price every line; what sells is then taken by product, quantity and number."""
    for row in sorted(desk.rows, key=lambda row: (row.sku, row.quantity, row.number)):
        if row.product is None:
            desk.refusals.append(("product_unknown", row.number))
            continue
        rules = narrowest_first(desk.rules("prices"), desk.asker_of("prices"), row.product)
        listed = _lower(rules, row)
        if listed is not None:
            price = listed.moved()
            each = rounded(price / listed.size, 4)
            gross = rounded(price * row.quantity / listed.size, desk.scale)
            if each > 0 and (gross > 0 or row.quantity == 0):
                row.price, row.price_rule, row.gross = each, listed.rule, gross
                row.listed, row.pack, row.from_mrp = price, listed.size, listed.printed
                row.above_mrp = listed.above
        if row.price is None:
            desk.holds.append(Held("line_unpriced", row.number))
        elif row.quantity:
            desk.sold.append(row)


def price_of(desk: Desk, sku: str) -> Decimal | None:
    """Give what a piece costs the customer: as in the order, where it is in the order."""
    for row in desk.sold:
        if row.sku == sku:
            return row.price
    product = desk.facts.products.get(sku)
    if product is None:
        return None
    rules = narrowest_first(desk.rules("prices"), desk.asker_of("prices"), product)
    mrp = None if product.mrp is None else Decimal(product.mrp).scaleb(-4)
    listed = _lower(rules, Row(0, sku, 1, 1, product, mrp=mrp, fitting=1))
    price = NOTHING if listed is None else listed.moved()
    return price if price > 0 else None


def _lower(rules: list[Rule], row: Row) -> Listed | None:
    """Ask the first rule; one that moves a price asks the first one of the levels below it."""
    if not rules:
        return None
    first, *others = rules
    if "adjust" in first or "margin" in first:
        listed = _lower([rule for rule in others if rule["level"] != first["level"]], row)
        if listed is None:
            return None
        above = first.get("above_mrp", listed.above)
        return replace(listed, rule=first["id"], moves=(*listed.moves, first), above=above)
    return _listed(first, row) or _lower(others, row)


def _listed(rule: Rule, row: Row) -> Listed | None:
    product = row.product
    if product is None:
        return None
    above = rule.get("above_mrp", "")
    if "mrp" in rule:
        if row.mrp is None:
            return None
        off = percent_of(row.mrp, Decimal(rule["mrp"]["percent"]))
        return Listed(rounded(row.mrp + off, 4), 1, rule["id"], printed=True, above=above)
    if row.sku not in rule["rates"]:
        return None
    size = row.per(rule.get("per"))
    asked_so = rule.get("per") in {None, row.unit or product.base_unit}
    if not asked_so or not size or row.fitting % size:
        return None
    return Listed(Decimal(rule["rates"][row.sku]), size, rule["id"], above=above)


def check_mrp(desk: Desk) -> None:
    """Hold or refuse the order for every line that costs more, with its tax, than is printed."""
    for row in desk.sold:
        way = row.above_mrp or desk.document["pack"].get("above_mrp", "hold")
        if row.mrp is None or way == "allow":
            continue
        above = row.net + row.tax - cut_down(row.mrp * row.quantity, desk.scale)
        if above > 0 and way == "reject":
            desk.refusals.append(("above_mrp", row.number))
        elif above > 0:
            desk.holds.append(Held("above_mrp", row.number, above))


def check_floors(desk: Desk) -> None:
    """Hold the order for every line that is sold below its floor."""
    for row in desk.sold:
        for rule in narrowest_first(desk.rules("floors"), desk.asker_of("prices"), row.product):
            floor = _floor(desk, row, rule)
            if floor is not None:
                if row.net < floor:
                    # The amount would tell what the product costs.
                    missing = None if "cost" in rule else floor - row.net
                    desk.holds.append(Held("below_floor", row.number, missing))
                break


def _floor(desk: Desk, row: Row, rule: Rule) -> Decimal | None:
    if "cost" in rule:
        if row.product is None or row.product.cost is None:
            return None
        cost = Decimal(row.product.cost).scaleb(-4) * row.quantity
        return -cut_down(-percent_of(cost, Decimal(rule["cost"]["percent"])), desk.scale)
    if "percent" in rule:
        return cut_down(percent_of(row.gross, Decimal(rule["percent"])), desk.scale)
    if row.sku not in rule["rates"]:
        return None
    return rounded(Decimal(rule["rates"][row.sku]) * row.quantity, desk.scale)


def add_tax(desk: Desk) -> None:
    """Tax every line that sells, or take the tax out of prices that include it."""
    for row in desk.sold:
        rules = narrowest_first(desk.rules("taxes"), desk.asker_of("taxes"), row.product)
        if rules:
            _tax(desk, row, rules[0])
        elif desk.rules("taxes"):
            desk.holds.append(Held("tax_unknown", row.number))


def _tax(desk: Desk, row: Row, rule: Rule) -> None:
    rates = {head: Decimal(rate) for head, rate in rule["heads"].items() if isinstance(rate, str)}
    each = {
        head: Decimal(one["amount"]) for head, one in rule["heads"].items() if head not in rates
    }
    fixed = {head: rounded(amount * row.quantity, desk.scale) for head, amount in each.items()}
    if desk.document["pack"].get("tax") == "inclusive":
        _take_out(desk, row, rates, fixed)
    else:
        for head, rate in rates.items():
            fixed[head] = rounded(percent_of(row.net, rate), desk.scale)
    row.heads = [(head, fixed[head]) for head in rule["heads"]]
    row.tax = sum(fixed.values(), NOTHING)
    if desk.document["pack"].get("tax") == "inclusive":
        row.gross -= row.tax


def _take_out(desk: Desk, row: Row, rates: dict[str, Decimal], fixed: dict[str, Decimal]) -> None:
    """Find the heads in what is paid, and take its tax out of each discount by itself."""
    whole = 100 + sum(rates.values(), NOTHING)
    paid, after_line = row.net, row.gross - row.line_off
    left = paid
    for head, amount in fixed.items():
        fixed[head] = min(amount, left)
        left -= fixed[head]
    units = paid - left
    for head, rate in rates.items():
        fixed[head] = rounded(EXACT.divide(EXACT.multiply(left, rate), whole), desk.scale)

    def bare(amount: Decimal) -> Decimal:
        hundredfold = EXACT.multiply(amount - units, Decimal(100))
        return rounded(EXACT.divide(hundredfold, whole), desk.scale)

    row.line_off = bare(row.gross) - bare(after_line)
    row.order_off = bare(after_line) - bare(paid)
    row.gross = paid + row.line_off + row.order_off


def without_tax(desk: Desk, row: Row, amount: Decimal) -> Decimal:
    """Take the tax out of an amount that includes it: first what is by the piece, then shares."""
    rules = narrowest_first(desk.rules("taxes"), desk.asker_of("taxes"), row.product)
    if not rules:
        return amount
    heads = rules[0]["heads"].values()
    for head in heads:
        if isinstance(head, dict):
            amount -= rounded(Decimal(head["amount"]) * row.quantity, desk.scale)
    percent = sum((Decimal(head) for head in heads if not isinstance(head, dict)), NOTHING)
    exact = EXACT.divide(max(amount, NOTHING) * 100, 100 + percent)
    return rounded(exact, desk.scale)
