"""What a sale comes to with the goods that are kept: at its own prices, earning anew."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from rules.engine.inputs import OrderLine
from rules.engine.result import CounterChange, FreeGoods, PricedLine, Reason, Result, Totals
from rules.engine.returns import OwedGoods, Return, Sale
from rules.engine.tables import CompiledPack
from rules.stages.all_schemes import apply_schemes
from rules.stages.prices import by_product, price_of
from rules.stages.run import Line, Run
from rules.stages.schemes.bounds import counter_changes
from rules.stages.schemes.free_goods import count_given
from rules.stages.taxes import add_tax
from rules.stages.telling.priced_lines import priced_lines
from rules.stages.trace import moved
from rules.values.rounding import ALL, extend, extend_per, share_of_part, to_step
from rules.values.units import Minor, Quantity, UnitPrice

_TAKES_OFF: Final = frozenset({"scheme_applied", "free_goods_given"})


class Sold(NamedTuple):
    """A sale, the pack it was decided with, and the decision."""

    sale: Sale
    pack: CompiledPack
    result: Result

    def begin(self) -> Run:
        """Start a pass over the sale's own facts."""
        return Run(self.sale.order, self.sale.facts, self.sale.counters, pack=self.pack)


class Kept(NamedTuple):
    """A sale after some of it came back; `charges` are free goods that are paid for.

    `discounts` is what each scheme takes off what is kept. `holds` are for a person to decide.
    """

    lines: Mapping[int, PricedLine]
    charges: Mapping[int, PricedLine]
    owed: tuple[OwedGoods, ...]
    totals: Totals
    changes: tuple[CounterChange, ...]
    discounts: Mapping[str, int]
    holds: tuple[Reason, ...]


def keep(sold: Sold, back: Return) -> Kept:
    """Work out what a sale comes to without what came `back` of it, altogether.

    It depends on nothing but the sale and what is back: in how many returns it came is the same.

    Raises:
        RuleFailedError: a rule could not be evaluated.
    """
    run = kept_run(sold, back)
    apply_schemes(run)
    owed = _owed(sold, run.free, back)
    _keep_given(sold, run)
    if sold.pack.returns.discounts == "keep":
        lines = _shares(sold.result.lines, back, inclusive=sold.pack.tax_inclusive)
        changes = _kept_changes(sold, run)
    else:
        add_tax(run)
        lines, changes = priced_lines(run), counter_changes(run)
    charging = _charging(sold, owed, back)
    charged = _charged_run(sold, charging)
    charges = priced_lines(charged)
    left = (one._replace(quantity=Quantity(one.quantity - charging[one.number])) for one in owed)
    return Kept(
        lines={line.number: line for line in lines},
        charges={line.number: line for line in charges},
        owed=tuple(one for one in left if one.quantity),
        totals=_totals((*lines, *charges), sold.pack.round_to),
        changes=changes,
        discounts=_discounts(run),
        holds=tuple(charged.holds),
    )


def kept_run(sold: Sold, back: Return) -> Run:
    """Begin with what is left of each line, at the price it was sold for."""
    run = sold.begin()
    for asked, line in zip(sold.sale.order.lines, sold.result.lines, strict=True):
        left = Quantity(line.quantity - back.lines.get(line.number, 0))
        if line.quantity and not left:
            continue
        made = _line(sold, asked)
        made.quantity = left
        made.unit_price = line.unit_price
        made.gross = _gross(line, left, sold.pack.scale)
        run.lines.append(made)
    priced = [line for line in run.lines if line.unit_price is not None and line.quantity]
    run.sold += sorted(priced, key=by_product)
    return run


def _line(sold: Sold, asked: OrderLine) -> Line:
    product = sold.sale.facts.products.get(asked.sku)
    goods = None if product is None else sold.pack.sides.of_product(product)
    return Line(asked, product, goods)


def _gross(line: PricedLine, left: Quantity, scale: int) -> Minor:
    if line.unit_price is None:
        return Minor(0)
    if line.pack is None:
        return extend(line.unit_price, left, scale)
    return extend_per(line.pack.price, left, per=line.pack.size, scale=scale)


def _owed(sold: Sold, earned: Iterable[FreeGoods], back: Return) -> list[OwedGoods]:
    """Find the free goods that are neither back nor still earned."""
    entitled: dict[tuple[str, str], int] = {}
    for goods in earned:
        key = goods.rule, goods.sku
        entitled[key] = entitled.get(key, 0) + goods.earned
    given = sold.result.free
    missing = [goods.quantity - back.free.get(goods.number, 0) for goods in given]
    for place, goods in enumerate(given):
        key = goods.rule, goods.sku
        missing[place] -= _take(entitled, key, missing[place])
    # Where a scheme gives one of several products, the one that was given will do for any.
    varying = {rule.id for rule in sold.pack.free_schemes.rules if rule.cheapest or rule.choice}
    for place, goods in enumerate(given):
        for key in sorted(key for key in entitled if key[0] == goods.rule and key[0] in varying):
            missing[place] -= _take(entitled, key, missing[place])
    return [
        OwedGoods(
            goods.number, goods.sku, goods.rule, Quantity(count), price_of_piece(sold, goods.sku)
        )
        for goods, count in zip(given, missing, strict=True)
        if count
    ]


def _keep_given(sold: Sold, run: Run) -> None:
    """Let what is kept earn no more free goods than the sale gave: only those were counted.

    Each is held against the same goods of the sale, then against any of its scheme that will do.
    """
    given = [int(goods.quantity) for goods in sold.result.free]
    kept = [0] * len(run.free)
    for fits in (_is_the_same, _is_alike, _varying(sold)):
        for place, mine in enumerate(run.free):
            for at, other in enumerate(sold.result.free):
                part = min(given[at], mine.earned - kept[place]) if fits(mine, other) else 0
                kept[place] += part
                given[at] -= part
    run.free = [
        mine._replace(quantity=Quantity(count)) for mine, count in zip(run.free, kept, strict=True)
    ]
    count_given(run)


def _is_the_same(mine: FreeGoods, other: FreeGoods) -> bool:
    return mine.number == other.number and _is_alike(mine, other)


def _is_alike(mine: FreeGoods, other: FreeGoods) -> bool:
    return (mine.rule, mine.sku) == (other.rule, other.sku)


def _varying(sold: Sold) -> Callable[[FreeGoods, FreeGoods], bool]:
    """Tell goods of one scheme that gives one of several products: what was given will do."""
    varying = {rule.id for rule in sold.pack.free_schemes.rules if rule.cheapest or rule.choice}
    return lambda mine, other: mine.rule == other.rule and mine.rule in varying


def _take(entitled: dict[tuple[str, str], int], key: tuple[str, str], most: int) -> int:
    part = min(entitled.get(key, 0), most)
    if part:
        entitled[key] -= part
    return part


def price_of_piece(sold: Sold, sku: str) -> UnitPrice | None:
    """Give what a piece costs by the sale: as on its own line, else by the lists of its day."""
    for line in sold.result.lines:
        if line.sku == sku and line.unit_price is not None:
            return line.unit_price
    return price_of(sold.begin(), sku)


def _charging(sold: Sold, owed: list[OwedGoods], back: Return) -> dict[int, int]:
    """Say how many of what is owed are paid for; what has no price can only come back."""
    at_once = sold.pack.returns.free_goods == "charge"
    return {
        one.number: min(one.quantity, one.quantity if at_once else back.charged.get(one.number, 0))
        if one.unit_price
        else 0
        for one in owed
    }


def _charged_run(sold: Sold, charging: Mapping[int, int]) -> Run:
    """Sell the free goods that are charged, with their tax and without any discount."""
    run = sold.begin()
    for goods in sold.result.free:
        count = Quantity(charging.get(goods.number, 0))
        if not count:
            continue
        line = _line(sold, OrderLine(goods.number, goods.sku, count))
        line.unit_price = price_of_piece(sold, goods.sku)
        line.price_rule = goods.rule
        line.gross = extend(line.unit_price or UnitPrice(0), count, sold.pack.scale)
        run.lines.append(line)
        run.sold.append(line)
    add_tax(run)
    return run


def _shares(
    lines: Iterable[PricedLine], back: Return, *, inclusive: bool
) -> tuple[PricedLine, ...]:
    """Let every piece that is kept have its own share of all that was paid for its line.

    Each step down from gross to net is shared by itself, so no discount turns negative; so is each
    head of the tax. Where prices include it, net is what was paid less the heads.
    """
    kept = []
    for line in lines:
        whole = line.quantity
        part = Quantity(whole - back.lines.get(line.number, 0))
        if not part:
            continue
        steps = (line.gross, line.gross - line.line_discount, line.net, line.total)
        gross, after_line, after_all, paid = (
            share_of_part(Minor(step), ALL, part=part, whole=whole) for step in steps
        )
        heads = [share_of_part(head.amount, ALL, part=part, whole=whole) for head in line.taxes]
        tax = Minor(sum(heads))
        net = Minor(paid - tax) if inclusive else after_all
        kept.append(
            line._replace(
                quantity=part,
                gross=Minor(net + gross - after_all),
                line_discount=Minor(gross - after_line),
                order_discount=Minor(after_line - after_all),
                net=net,
                taxes=tuple(
                    head._replace(amount=amount)
                    for head, amount in zip(line.taxes, heads, strict=True)
                ),
                tax=tax,
                total=Minor(net + tax),
            )
        )
    return tuple(kept)


def _kept_changes(sold: Sold, run: Run) -> tuple[CounterChange, ...]:
    """Count free goods anew; discounts that stay count as given until nothing is kept.

    What came back was not bought, whatever becomes of the discounts.
    """
    free = {rule.id for rule in sold.pack.free_schemes.rules if not rule.inside}
    anew = counter_changes(run)
    bought = {one.key: one.bought for one in anew}
    stay = [
        one._replace(bought=bought.get(one.key, 0))
        for one in sold.result.changes
        if one.rule not in free and run.sold
    ]
    return (*stay, *(one for one in anew if one.rule in free))


def _totals(lines: Iterable[PricedLine], step: Minor) -> Totals:
    gross = discount = tax = 0
    for line in lines:
        gross += line.gross
        discount += line.line_discount + line.order_discount
        tax += line.tax
    exact = Minor(gross - discount + tax)
    payable = to_step(exact, step)
    return Totals(
        Minor(gross),
        Minor(discount),
        Minor(gross - discount),
        Minor(tax),
        Minor(payable - exact),
        payable,
    )


def _discounts(run: Run) -> dict[str, int]:
    taken: dict[str, int] = {}
    for code, rule, amount in moved(run.rows):
        if code in _TAKES_OFF:
            taken[rule] = taken.get(rule, 0) + amount
    return taken
