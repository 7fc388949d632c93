"""The tax of random orders added up by hand: halves are equal, net and heads are what is paid."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import pytest

from rules import (
    CompiledPack,
    Counters,
    Order,
    PricedLine,
    Quantity,
    Rate,
    Result,
    Return,
    ReturnedLine,
    Sale,
    UnitPrice,
    evaluate,
    load_pack,
    settle_return,
)
from tests.fixtures.trials import Trials
from tests.unit.rules.making import Setting, product, read_text

ORDERS: Final = 10
"""Orders that each rule file decides."""
ORDERS_USUAL: Final = 300
ORDERS_LONG: Final = 10_000
HALVES: Final = {"low": ["2.5", "0.125"], "middle": ["6", "9"], "high": ["14", "20", "33.3333"]}
CLASSES: Final = {"A": "low", "B": "low", "C": "middle", "D": "middle", "E": "high", "F": None}
PRODUCTS: Final = {sku: product(sku, tax_class=name) for sku, name in CLASSES.items()}
TAKEN: Final = {"scheme_applied", "free_goods_given"}


def _rules(chance: random.Random) -> str:
    """Write prices, a scheme of each stage, discounts to ask for, taxes of two halves, returns."""
    prices = ", ".join(f"{sku}: {chance.randint(1, 3_000_000) / 10_000:.4f}" for sku in PRODUCTS)
    taxes = "".join(
        f"  - {{id: {name}, when: {{tax_class: {name}}}, heads: {{CGST: {half}, SGST: {half}}}}}\n"
        for name, halves in HALVES.items()
        for half in [chance.choice(halves)]
    )
    tax = chance.choice(["inclusive", "exclusive"])
    step = chance.choice(["0.01", "0.05", "1.00"])
    returns = f"free_goods: {chance.choice(['take_back', 'charge'])}"
    returns += f", discounts: {chance.choice(['recompute', 'keep'])}"
    return (
        f"pack: {{name: p, version: 1, currency: INR, scale: 2, timezone: Asia/Kolkata, tax: {tax},"
        f" round_to: {step}, returns: {{{returns}}}}}\n"
        f"prices: [{{id: BASE, level: default, rates: {{{prices}}}}}]\n"
        "schemes:\n"
        f"  - {{id: LINE, slabs: [{{from: 3, percent: {chance.randint(1, 9_000) / 100}}}]}}\n"
        "  - {id: ALL, count: {over: basket},"
        f" slabs: [{{from: 9, amount: {_amount(chance)}}}]}}\n"
        f"  - {{id: BILL, stage: order, slabs: [{{from: 20.00, amount: {_amount(chance)}}}]}}\n"
        "  - {id: SET, combo: [{sku: A, qty: 2}, {sku: D, qty: 1}], percent: 12.5}\n"
        f"  - {{id: FREE, when: {{sku: [B, E]}}, free: {{every: {chance.randint(2, 9)}, give: 1,"
        f" item: same, inside: {chance.choice(['true', 'false'])}}}}}\n"
        "discounts: [{id: ASK, percent: 5, above: cut}]\n"
        f"taxes:\n{taxes}  - {{id: REST, heads: {{CGST: 1.5, SGST: 1.5}}}}\n"
    )


def _amount(chance: random.Random) -> str:
    return f"{chance.randint(1, 3_000) / 100:.2f}"


def _order(chance: random.Random) -> Order:
    lines = [
        (chance.choice(list(PRODUCTS)), chance.choice([1, 2, 3, 10, chance.randint(1, 400)]))
        for _ in range(chance.randint(1, 8))
    ]
    order = Setting().order(*lines)
    asking = [
        replace(line, percent_off=Rate(chance.choice([0, 0, 12_345, 90_000])))
        for line in order.lines
    ]
    return replace(order, lines=tuple(asking))


def try_order_taxes(seed: int) -> list[str]:
    """Decide orders by one rule file, take their goods back in two parts, and add all up."""
    chance = random.Random(seed)
    pack = load_pack(read_text(_rules(chance)))
    facts = Setting(products=PRODUCTS).facts()
    found = []
    for number in range(ORDERS):
        sale = Sale(_order(chance), facts)
        result = evaluate(sale.order, facts, Counters(), pack)
        faults = [*_sale_faults(result, pack), *_return_faults(chance, sale, result, pack)]
        found += [f"seed {seed}, order {number}: {fault}" for fault in faults]
    return found


def _sale_faults(result: Result, pack: CompiledPack) -> Iterator[str]:
    for line in result.lines:
        yield from _line_faults(line, pack)
    totals = result.totals
    taken = sum(step.amount or 0 for step in result.trace if step.code in TAKEN)
    marked = sum(_marked(line, pack.scale) for line in result.lines)
    paid = totals.net if not pack.tax_inclusive else totals.net + totals.tax
    if marked - taken != paid:
        yield f"{marked} less {taken} are not {paid}"
    if totals.net + totals.tax + totals.round_off != totals.payable:
        yield "net, tax and round-off are not what is to pay"
    if totals.payable % pack.round_to or 2 * abs(totals.round_off) > pack.round_to:
        yield f"{totals.payable} is not rounded to the nearest {pack.round_to}"
    sums = _heads_of(result.lines)
    if sums["CGST"] != sums["SGST"] or sums.total() != totals.tax:
        yield f"the heads of the order are {sums}, its tax {totals.tax}"


def _marked(line: PricedLine, scale: int) -> int:
    price: UnitPrice = line.unit_price or UnitPrice(0)
    return _half_up(Decimal(price * line.quantity) / 10 ** (4 - scale))


def _half_up(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _line_faults(line: PricedLine, pack: CompiledPack) -> Iterator[str]:
    heads = _heads_of([line])
    rate = line.taxes[0].rate
    whole = 1_000_000 + (2 * rate if pack.tax_inclusive else 0)
    taxable = line.total if pack.tax_inclusive else line.net
    each = _half_up(Decimal(taxable * rate) / whole)
    if dict(heads) != {"CGST": each, "SGST": each}:
        yield f"line {line.number}: heads are {dict(heads)}, {each} each by hand"
    if line.net + line.tax != line.total or heads.total() != line.tax:
        yield f"line {line.number}: net and heads are not the total"
    if line.gross - line.line_discount - line.order_discount != line.net or line.net < 0:
        yield f"line {line.number}: gross less discounts is not net"


def _heads_of(lines: "tuple[PricedLine, ...] | list[PricedLine | ReturnedLine]") -> Counter[str]:
    heads: Counter[str] = Counter(CGST=0, SGST=0)
    for line in lines:
        for part in line.taxes:
            heads[part.head] += part.amount
    return heads


def _return_faults(
    chance: random.Random, sale: Sale, result: Result, pack: CompiledPack
) -> Iterator[str]:
    """Take a part back, then all the rest: halves are equal each time, and nothing is left over."""
    part = Return(
        {line.number: Quantity(chance.randint(0, line.quantity)) for line in result.lines},
        {gift.number: Quantity(chance.randint(0, gift.quantity)) for gift in result.free},
    )
    rest = Return(
        {line.number: Quantity(line.quantity - part.lines[line.number]) for line in result.lines},
        {gift.number: Quantity(gift.quantity - part.free[gift.number]) for gift in result.free},
    )
    first = settle_return(sale, part, pack)
    second = settle_return(sale, rest, pack, before=part)
    for settled in (first, second):
        for line in settled.lines:
            heads = _heads_of([line])
            if heads["CGST"] != heads["SGST"]:
                yield f"return: line {line.number} has {dict(heads)}"
            if line.net + line.tax != line.total or heads.total() != line.tax:
                yield f"return: line {line.number}: net and heads are not the total"
    credited = first.totals.payable + second.totals.payable
    if credited != result.totals.payable:
        yield f"all back credits {credited} of {result.totals.payable}"


@pytest.mark.timeout(3_600)
def test_tax_adds_up_on_every_line_order_and_return(trials: Trials) -> None:
    found = trials.run(try_order_taxes, usual=ORDERS_USUAL // ORDERS, long=ORDERS_LONG // ORDERS)

    assert found == [], "\n".join(found)
