"""Free goods: so many for every so many paid; they count towards nothing themselves."""

from rules.engine.index import places
from rules.engine.result import FreeGoods
from rules.engine.tables import FreeScheme
from rules.stages.prices import price_of
from rules.stages.run import Line, Run, factor_of
from rules.stages.slabs import allowance, give, miss
from rules.values.rounding import extend
from rules.values.units import Minor, Quantity


def give_free_goods(run: Run) -> None:
    """Find what every free-goods scheme gives on the paid quantities."""
    table = run.pack.free_schemes
    mine = table.for_customer(run.keys, run.day)
    if not mine:
        return
    run.begin_stage()
    earning: dict[int, list[Line]] = {}
    for line in run.sold:
        if line.product is not None:
            for place in places(mine & table.for_product(line.product)):
                earning.setdefault(place, []).append(line)
    for place in sorted(earning):
        scheme = table.rules[place]
        if run.holds_true(scheme.id, scheme.condition):
            _give(run, scheme, earning[place])


def _give(run: Run, scheme: FreeScheme, lines: list[Line]) -> None:
    left = scheme.most
    for group in _groups(scheme, lines):
        factor = factor_of(scheme.unit, group[0].product)
        if allowance(run, scheme.id, scheme.bounds, stage="free_goods") == 0 or not factor:
            continue
        every = scheme.every * factor
        paid = sum(line.quantity for line in group)
        _note_miss(run, scheme, group, more=Quantity(every - paid % every), left=left)
        earned = paid // every * scheme.give
        if left is not None:
            earned = min(earned, left)
        earned = _within_budget(run, scheme, group[0].sku, earned=Quantity(earned))
        if earned:
            left = None if left is None else Quantity(left - earned)
            _add(run, scheme, group, earned=Quantity(earned))


def _groups(scheme: FreeScheme, lines: list[Line]) -> list[list[Line]]:
    if scheme.over == "basket":
        return [lines]
    if scheme.over == "line":
        return [[line] for line in lines]
    by_sku: dict[str, list[Line]] = {}
    for line in lines:
        by_sku.setdefault(line.sku, []).append(line)
    return list(by_sku.values())


def _note_miss(
    run: Run, scheme: FreeScheme, group: list[Line], *, more: Quantity, left: Quantity | None
) -> None:
    every = scheme.every * factor_of(scheme.unit, group[0].product)
    if left == 0 or 2 * more >= every:
        return
    given = "" if scheme.item is None else f" {_name(run, scheme.item)}"
    line = group[0].number if len(group) == 1 else None
    which = "" if scheme.over == "basket" else f" of {_name(run, group[0].sku)}"
    text = f"{more} more{which} and you get {scheme.give}{given} free"
    miss(run, scheme.id, text, line=line)


def _name(run: Run, sku: str) -> str:
    product = run.facts.products.get(sku)
    return sku if product is None else product.name


def _within_budget(run: Run, scheme: FreeScheme, sku: str, *, earned: Quantity) -> Quantity:
    """Give no more than the budget pays for at the customer's own price."""
    left = allowance(run, scheme.id, scheme.bounds, stage="free_goods")
    price = None if left is None else price_of(run, scheme.item or sku)
    if left is None or price is None:
        return earned
    while earned and extend(price, earned, run.pack.scale) > left:
        earned = Quantity(min(earned - 1, earned * left // extend(price, earned, run.pack.scale)))
    return earned


def _add(run: Run, scheme: FreeScheme, group: list[Line], *, earned: Quantity) -> None:
    sku = scheme.item or group[0].sku
    number = len(run.free) + 1
    run.free.append(FreeGoods(number, sku, earned, earned, scheme.id))
    if scheme.bounds is not None:
        price = price_of(run, sku)
        value = Minor(0) if price is None else extend(price, earned, run.pack.scale)
        give(run, scheme.id, scheme.bounds, amount=value)
    run.explain(
        "free_goods",
        "free_goods_given",
        f"{scheme.id} gives {earned} {_name(run, sku)} free",
        rule=scheme.id,
        line=group[0].number if len(group) == 1 else None,
    )
