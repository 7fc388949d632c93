"""Price stage: exactly one price a line, from the strongest level down; and the floor under it."""

from typing import Final, cast

from rules.engine.inputs import OrderLine, Product
from rules.engine.tables import FloorRule, PriceRule
from rules.stages.mrp import printed_price
from rules.stages.price_lists import PRICED, Found, find_price, passed_over
from rules.stages.run import Line, Run
from rules.stages.trace import LineSteps, Row
from rules.values.reasons import Params
from rules.values.rounding import extend, extend_share_up, per_piece, share_down
from rules.values.units import Minor, Quantity, UnitPrice

_MOST_MASKS: Final = 16
_MOST_KNOWN: Final = 1_024


class _Known:
    """What so many pieces of a product cost, ordered by the piece and of no named batch."""

    __slots__ = (
        "above_mrp",
        "gross",
        "of_mrp",
        "product",
        "quantity",
        "rule",
        "steps",
        "unit_price",
    )

    def __init__(self, line: Line, product: Product, steps: LineSteps) -> None:
        self.product = product
        self.quantity = line.quantity
        self.unit_price = line.unit_price
        self.rule = line.price_rule
        self.gross = line.gross
        self.of_mrp = line.of_mrp
        self.above_mrp = line.above_mrp
        self.steps = steps

    def give(self, run: Run, line: Line) -> None:
        """Give a line this price, and tell its step as the line's own."""
        line.unit_price = self.unit_price
        line.price_rule = self.rule
        line.gross = self.gross
        line.of_mrp = self.of_mrp
        line.above_mrp = self.above_mrp
        # Another thread may price by the same pack, and put steps of its own here.
        steps = self.steps = self.steps.of_line(line.number)
        run.rows.append(steps)


def by_product(line: Line) -> tuple[str, int, int]:
    """Give what lines are sorted by before they are priced, whatever was scanned first."""
    return line.sku, line.quantity, line.number


def price_lines(run: Run) -> None:
    """Find every line's unit price and gross amount."""
    table, mine = run.pack.prices, run.side.prices
    walks: dict[int, tuple[list[PriceRule], dict[str, _Known]]] = {}
    for line in sorted(run.lines, key=by_product):
        if line.product is None or line.goods is None:
            run.reject(run.explain("price", "product_unknown", {"sku": line.sku}, line=line.number))
            continue
        product = line.product
        line.mrp = product.mrp if line.batch is None else printed_price(run, line, product)
        mask = mine & line.goods.prices
        walk = walks.get(mask)
        if walk is None:
            walk = walks[mask] = table.holding(mask), _known(run, mask)
        holding, known = walk
        if line.unit is None and line.batch is None:
            _price_as_known(run, line, product, holding=holding, known=known)
        else:
            _price(run, line, product, holding=holding)
        if line.unit_price is None:
            run.hold(
                run.explain("price", "line_unpriced", {"product": product.name}, line=line.number)
            )
        elif line.quantity:
            run.sold.append(line)


def _known(run: Run, mask: int) -> dict[str, _Known]:
    """Give what lines with these lists cost; it is forgotten before it takes too much."""
    kept: dict[int, dict[str, _Known]] = run.pack.prices_known
    known = kept.get(mask)
    if known is None:
        if len(kept) >= _MOST_MASKS:
            kept.clear()
        known = kept[mask] = {}
    elif len(known) >= _MOST_KNOWN:
        known.clear()
    return known


def _price_as_known(
    run: Run, line: Line, product: Product, *, holding: list[PriceRule], known: dict[str, _Known]
) -> None:
    """Give a line the price that as many pieces of its product had before, else find and keep it.

    A counter prices its whole order with every scan: of twenty lines, nineteen are as they were.
    """
    before = known.get(line.sku)
    if before is not None and before.quantity == line.quantity and before.product is product:
        before.give(run, line)
        return
    _price(run, line, product, holding=holding)
    if line.unit_price is not None:
        steps = run.rows[-1] = LineSteps([cast("Row", run.rows[-1])])
        known[line.sku] = _Known(line, product, steps)


def _price(run: Run, line: Line, product: Product, *, holding: list[PriceRule]) -> None:
    """Find a line's price, and tell of lists in its unit that do not hold its count."""
    found = find_price(line, product, holding)
    if line.unit is not None:
        for rule, code, params in passed_over(line, product, holding, found=found):
            run.explain("price", code, params, rule=rule, line=line.number)
    if found is not None:
        _set_price(run, line, found)


def price_again(run: Run, line: Line) -> None:
    """Find the price of a line anew that was ordered in a unit: more of it may be a whole pack.

    Without a price it comes to nothing.
    """
    if line.product is not None and line.goods is not None:
        line.unit_price, line.pack, line.gross = None, None, Minor(0)
        holding = run.pack.prices.holding(run.side.prices & line.goods.prices)
        _price(run, line, line.product, holding=holding)


def has_price(run: Run, line: Line, pieces: int) -> bool:
    """Tell whether a line with so many more pieces has a price: whole packs may have none."""
    if line.unit is None:
        return True
    larger = line.with_more(pieces, run.pack.scale)
    price_again(run.with_more(0), larger)
    return larger.unit_price is not None


def new_line(run: Run, sku: str, place: int = 1) -> Line | None:
    """Give a line, so many after the last, without a piece of a product; None without a price."""
    product, price = run.facts.products.get(sku), price_of(run, sku)
    if product is None or price is None:
        return None
    number = max((line.number for line in run.lines), default=0) + place
    goods = run.pack.sides.of_product(product)
    line = Line(OrderLine(number, sku, Quantity(0)), product, goods)
    line.unit_price, line.mrp = price, product.mrp
    return line


def price_of(run: Run, sku: str) -> UnitPrice | None:
    """Give what a piece of a product costs this customer; None where there is no price.

    A price that its lists bring down to nothing is none, as on a line. What the order itself has
    of it says so: that may be sold by the pack alone.
    """
    for line in run.sold:
        if line.sku == sku:
            return line.unit_price
    product = run.facts.products.get(sku)
    if product is None:
        return None
    goods = run.pack.sides.of_product(product)
    line = Line(OrderLine(0, sku, Quantity(1)), product, goods)
    line.mrp = product.mrp
    holding = run.pack.prices.holding(run.side.prices & goods.prices)
    found = find_price(line, product, holding)
    return found.price if found is not None and found.price > 0 else None


def _set_price(run: Run, line: Line, found: Found) -> None:
    price, size, moving = found.price, found.size, found.moving
    count = line.quantity if size == 1 else Quantity(line.quantity // size)
    gross = extend(price, count, run.pack.scale)
    each = price if size == 1 else per_piece(price, size)
    if each <= 0 or (gross <= 0 and line.quantity):
        return
    line.unit_price = each
    line.gross = gross
    if size > 1:
        line.pack = found.pack
    line.of_mrp = found.base.mrp is not None
    line.above_mrp = found.base.above_mrp
    for rule in reversed(moving):
        line.above_mrp = rule.above_mrp or line.above_mrp
    line.price_rule = moving[0].id if moving else found.base.id
    run.rows.append((PRICED, line.price_rule, line.number, gross, (found, line.mrp)))


def check_floors(run: Run) -> None:
    """Hold an order with a line that all discounts together bring below its floor."""
    table, mine = run.pack.floors, run.side.floors
    if not mine:
        return
    for line in run.sold:
        if line.goods is None:
            continue
        found = _floor(run, line, table.holding(mine & line.goods.floors))
        if found is not None and line.net < found[1]:
            rule, floor = found
            _hold_below(run, line, rule, floor=floor)


def _hold_below(run: Run, line: Line, rule: FloorRule, *, floor: Minor) -> None:
    """Say what is below its floor; of a floor by cost no number, since the shop reads it too."""
    under, told = None, ["floor.secret", {}]
    if rule.cost is None:
        under, told = Minor(floor - line.net), ["floor.amount", {"floor": floor}]
    name = line.product.name if line.product else line.sku
    params: Params = {"product": name, "net": line.net, "floor": told}
    run.hold(
        run.explain("floor", "below_floor", params, rule=rule.id, line=line.number, amount=under)
    )


def _floor(run: Run, line: Line, rules: list[FloorRule]) -> tuple[FloorRule, Minor] | None:
    """Give the first rule that knows the product, and what its line is not sold below."""
    scale = run.pack.scale
    for rule in rules:
        if rule.cost is not None:
            cost = None if line.product is None else line.product.cost
            if cost is not None:
                return rule, extend_share_up(cost, rule.cost, quantity=line.quantity, scale=scale)
            named: Params = {"rule": rule.id}
            run.explain("floor", "cost_not_known", named, rule=rule.id, line=line.number)
        elif rule.rates is None:
            return rule, share_down(line.gross, rule.percent)
        elif line.sku in rule.rates:
            return rule, extend(rule.rates[line.sku], line.quantity, scale)
    return None
