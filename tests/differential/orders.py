"""Orders by chance that ask for just what a rule turns on, one piece less and one more."""

import random
from dataclasses import replace
from typing import cast

from rules import (
    Count,
    CounterKey,
    Counters,
    Facts,
    Minor,
    Order,
    OrderLine,
    Payment,
    Product,
    Quantity,
    Rate,
    UnitPrice,
)
from rules.tools.schema.documents import Question
from tests.differential.plain.bounds import scope_of
from tests.differential.plain.discounts import PARTS
from tests.differential.worlds import SKUS, random_customer, random_day
from tests.differential.written import COUNTS, EACH, Written


def random_question(
    chance: random.Random, products: dict[str, Product], document: Written
) -> Question:
    """Make an order with its facts and counters; one of twenty asks for an unknown product."""
    customer = random_customer(chance)
    known = dict(products)
    if chance.random() < 0.05:
        known.pop(chance.choice(SKUS))
    lines = tuple(
        _line(chance, number, known) for number in range(1, 1 + chance.choice([1, 1, 2, 3, 5, 8]))
    )
    payment = cast("Payment", chance.choice(["credit", "cash", "advance"]))
    order = Order(
        "O",
        customer.id,
        random_day(chance),
        lines,
        payment,
        coupons=tuple(chance.sample(["diwali", "HOLI", "X"], chance.choice([0, 0, 1, 2]))),
        choices={
            scheme["id"]: chance.choice([*SKUS, "take", "none", "none"])
            for scheme in document["schemes"]
            if "free" in scheme and chance.random() < 0.4
        },
        delivery_date=random_day(chance) if chance.random() < 0.5 else None,
    )
    return Question(
        order,
        Facts("now", customer, known),
        _counters(chance, document, order),
    )


def _line(chance: random.Random, number: int, products: dict[str, Product]) -> OrderLine:
    sku = chance.choice(SKUS)
    turn = chance.choice(COUNTS)
    if sku in products and chance.random() < 0.4:
        turn *= products[sku].pack_sizes.get("CASE", 1)
    quantity = turn + chance.choice([-1, 0, 0, 1])
    if chance.random() < 0.02:
        quantity = chance.choice([0, -3, 1_234])
    unit = chance.choice([None, None, "CASE", "PCS"])
    return _asking(chance, OrderLine(number, sku, Quantity(quantity), unit))


def _asking(chance: random.Random, line: OrderLine) -> OrderLine:
    """Let one line of six ask for a discount: usual ones, all, and now and then nonsense."""
    if chance.random() > 0.17:
        return line
    percent = Rate(chance.choice([0, 50_000, 50_001, 100_000, 1_000_000, chance.randint(0, 10**6)]))
    each = UnitPrice(chance.choice([0, 0, 1, 10_000, chance.randint(0, 90_000)]))
    if chance.random() < 0.02:
        return replace(line, percent_off=Rate(chance.choice([-1, 1_000_001])))
    return replace(line, percent_off=percent, off_each=each)


def _counters(chance: random.Random, document: Written, order: Order) -> Counters:
    """Let bounded schemes have been used before, some to the end."""
    customer, day = order.customer, order.business_date
    counts: dict[CounterKey, Count] = {}
    for scheme in document["schemes"]:
        for each in EACH:
            key = (scheme["id"], scope_of(chance.choice(["total", customer, "C9"]), each, day))
            if chance.random() < 0.3:
                uses, money = chance.choice([1, 2]), Minor(chance.randint(0, 50_000))
                pieces = Quantity(chance.choice([0, *COUNTS]))
                counts[key] = Count(uses, money, counts.get(key, Count()).bought, pieces=pieces)
            if chance.random() < 0.5:
                own = (scheme["id"], scope_of(customer, each, day))
                bought = chance.choice([1, 5, 9, 10, 50_000, PARTS // 2, PARTS, 9 * PARTS])
                counts[own] = counts.get(own, Count())._replace(bought=bought)
    return Counters("now", counts)


def fewer(asked: Question, line: OrderLine) -> Question:
    """Leave a line out, to find the smallest order on which two readings differ."""
    left = tuple(one for one in asked.order.lines if one is not line)
    return replace(asked, order=replace(asked.order, lines=left))
