"""What a hub knows beside the order, by chance: where customers stand, what lies on the shelves."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from rules import (
    Batch,
    Credit,
    Facts,
    LimitState,
    Minor,
    Order,
    OrderLine,
    Product,
    Quantity,
    Result,
    Return,
    UnitPrice,
)
from rules.tools.schema.documents import Question
from tests.differential.orders import random_question
from tests.differential.worlds import MONEY_TURNS, SKUS, WAREHOUSES
from tests.differential.written import COUNTS, Written

_CODES = ["L0", "L1", "L2"]
_LIVES = [-1, 0, 1, 2, 29, 30, 31, 90, 400]


def settled_question(
    chance: random.Random, products: dict[str, Product], document: Written
) -> Question:
    """Make an order that a hub decides; of one in five it knows no credit, of two no stock."""
    asked = random_question(chance, products, document)
    facts = asked.facts
    if chance.random() < 0.8:
        customer = replace(facts.customer, age_days=chance.choice([None, 0, 30, 90, 91]))
        facts = replace(facts, customer=customer, credit=_credit(chance))
    order = asked.order
    if chance.random() < 0.6:
        facts = _with_stock(chance, facts, order)
        lines = tuple(_naming(chance, line, facts) for line in order.lines)
        order = replace(order, lines=lines)
    return replace(asked, facts=facts, order=order)


def _credit(chance: random.Random) -> Credit:
    states = ["none", "none", "cash_only", "amount", "amount", "amount", "unset"]
    parts = {part: _money(chance) for part in ("open_orders", "deliveries", "invoices", "cheques")}
    return Credit(
        cast("LimitState", chance.choice(states)),
        limit=_money(chance),
        exposure=Minor(sum(parts.values())),
        overdue=_money(chance),
        overdue_days=chance.choice([0, 7, 8, 30, 31, 46]),
        **parts,
    )


def at_the_edge(chance: random.Random, asked: Question, result: Result) -> Question:
    """Let the order reach a limit to the coin, or pass it by one."""
    credit = asked.facts.credit
    if credit is None:
        return asked
    payable, coin = result.totals.payable, chance.choice([-1, 0, 0, 1])
    others = credit.exposure - credit.open_orders
    open_orders = Minor(max(chance.choice(MONEY_TURNS) - payable + coin, 0))
    exposure = Minor(others + open_orders)
    limit = Minor(max(exposure + payable - coin, 0))
    credit = replace(credit, open_orders=open_orders, exposure=exposure, limit=limit)
    return replace(asked, facts=replace(asked.facts, credit=credit))


def _money(chance: random.Random) -> Minor:
    turn = chance.choice([*MONEY_TURNS, chance.randint(0, 900_000)])
    return Minor(max(turn + chance.choice([-1, 0, 0, 0, 1]), 0))


def _with_stock(chance: random.Random, facts: Facts, order: Order) -> Facts:
    """Put batches on the shelves: enough of most products, of some too little, of some none."""
    asked = {line.sku for line in order.lines} | set(chance.sample(SKUS, 2))
    batches = {
        sku: _shelf(chance, facts.products.get(sku), day=order.business_date)
        for sku in sorted(asked)
    }
    distances = {
        place: chance.choice([3, 15, 15, 200]) for place in WAREHOUSES if chance.random() < 0.7
    }
    return replace(facts, batches=batches, distances=distances)


def _shelf(chance: random.Random, product: Product | None, *, day: date) -> tuple[Batch, ...]:
    """Make some batches of a product; two warehouses may use one code, one warehouse does not."""
    if product is None:
        return ()
    count = chance.choice([0, 1, 2, 2, 3, 4])
    made = [_batch(chance, product, day=day) for _ in range(count)]
    return tuple({(batch.warehouse, batch.id): batch for batch in made}.values())


def _batch(chance: random.Random, product: Product, *, day: date) -> Batch:
    received = day - timedelta(days=chance.choice([0, 1, 1, 30, 90]))
    return Batch(
        chance.choice(_CODES),
        product.sku,
        chance.choice(WAREHOUSES),
        Quantity(chance.choice([0, *COUNTS, 99, 2_000])),
        received,
        None if chance.random() < 0.3 else received - timedelta(days=chance.choice([0, 1, 30])),
        None if chance.random() < 0.2 else day + timedelta(days=chance.choice(_LIVES)),
        _printed(chance, product),
        blocked=chance.random() < 0.08,
    )


def _printed(chance: random.Random, product: Product) -> UnitPrice | None:
    """Print the product's price on a batch, a little less or more, or any; on most none."""
    if chance.random() > 0.2:
        return None
    mrp = product.mrp or UnitPrice(chance.randint(1, 30_000_000))
    return UnitPrice(max(mrp + chance.choice([-1, 0, 0, 1, 100_000]), 1))


def _naming(chance: random.Random, line: OrderLine, facts: Facts) -> OrderLine:
    if chance.random() > 0.15:
        return line
    there = [batch.id for batch in (facts.batches or {}).get(line.sku, ())]
    named = chance.choice(there) if there and chance.random() < 0.95 else "NONE"
    return replace(line, batch=named, batch_reason=chance.choice(["", "as the shop asked"]))


def random_returns(chance: random.Random, result: Result) -> tuple[Return, Return]:
    """Send some of an order back in two returns; now and then what was never sold."""
    lines = {line.number: line.quantity for line in result.lines}
    free = {goods.number: goods.quantity for goods in result.free}
    before = Return(_some(chance, lines, 0.3), _some(chance, free, 0.2), _some(chance, free, 0.2))
    if chance.random() < 0.05:
        lines[chance.randint(1, 9)] = Quantity(chance.choice([-1, 1, 5_000]))
    returned = Return(
        _some(chance, _left(lines, before.lines), 0.7),
        _some(chance, _left(free, before.free), 0.3),
        _some(chance, _left(free, before.charged), 0.4),
    )
    return before, returned


def _left(all_of_it: Mapping[int, Quantity], gone: Mapping[int, Quantity]) -> dict[int, Quantity]:
    return {number: Quantity(most - gone.get(number, 0)) for number, most in all_of_it.items()}


def _some(chance: random.Random, most: Mapping[int, Quantity], share: float) -> dict[int, Quantity]:
    """Take all of some, a part of others, nothing of the rest."""
    picked = {number: count for number, count in most.items() if chance.random() < share}
    return {
        number: chance.choice([count, Quantity(chance.randint(min(1, count), max(1, count)))])
        for number, count in picked.items()
        if count
    }
