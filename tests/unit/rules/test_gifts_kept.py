"""What each scheme of a sale gives, line by line: all of the discount, and none of it twice."""

from dataclasses import replace

from rules import Gifts, Quantity, Rate, Return, Sale, evaluate, gifts_of
from tests.unit.rules.making import HEAD, Setting, pack_of, product

RULES = """
prices: [{id: BASE, level: default, rates: {A: 10.00, B: 40.00, C: 5.00}}]
schemes:
  - {id: HALF, when: {sku: A}, slabs: [{from: 2, percent: 10}]}
  - {id: MORE, when: {sku: A}, slabs: [{from: 10, percent: 5}]}
  - id: POOL
    when: {sku: [A, B]}
    count: {over: basket, of: gross}
    slabs: [{from: 100.00, amount: 7.00}]
  - {id: BILL, stage: order, slabs: [{from: 200.00, percent: 2}]}
  - id: IN
    when: {sku: [B, C]}
    count: {over: basket, of: qty}
    free: {every: 4, give: 1, item: cheapest, inside: true}
  - {id: GIFT, when: {sku: A}, free: {every: 10, give: 1, item: C}}
"""


def _sale(*lines: tuple[str, int]) -> Sale:
    products = {sku: product(sku) for sku in "ABC"}
    made = Setting(products=products)
    return Sale(made.order(*lines), made.facts(), made.counters)


def _by_line(gifts: Gifts) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for one in gifts.taken_off:
        by_rule = found.setdefault(one.line, {})
        by_rule[one.rule] = by_rule.get(one.rule, 0) + one.amount
    return found


def test_the_gifts_of_a_line_are_all_of_its_discount() -> None:
    pack = pack_of(RULES)
    sale = _sale(("A", 10), ("B", 3), ("C", 5))

    gifts = gifts_of(sale, pack)

    result = evaluate(sale.order, sale.facts, sale.counters, pack)
    wanted = {one.number: one.line_discount + one.order_discount for one in result.lines}
    assert {line: sum(of.values()) for line, of in _by_line(gifts).items()} == wanted
    assert _by_line(gifts)[1] == {"HALF": 1000, "MORE": 500, "POOL": 290, "BILL": 164}
    assert "IN" in _by_line(gifts)[3]


def test_what_is_not_earned_by_what_is_kept_is_given_no_more() -> None:
    sale = _sale(("A", 10))
    back = Return(lines={1: Quantity(4)})

    kept = _by_line(gifts_of(sale, pack_of(RULES), back=back))
    keeping = HEAD.replace("}", ", returns: {discounts: keep}}")
    as_sold = _by_line(gifts_of(sale, pack_of(RULES, head=keeping), back=back))

    assert kept == {1: {"HALF": 600}}
    assert as_sold == _by_line(gifts_of(sale, pack_of(RULES)))


def test_free_goods_are_whose_scheme_gave_them_at_the_price_of_the_sale() -> None:
    gifts = gifts_of(_sale(("A", 10), ("C", 1)), pack_of(RULES))

    assert [(one.rule, one.sku, one.unit_price) for one in gifts.free] == [("GIFT", "C", 50_000)]


def test_a_discount_that_was_asked_for_is_no_schemes() -> None:
    asked = "discounts: [{id: STAFF, percent: 20, above: cut}]\n"
    sale = _sale(("B", 1))
    (line,) = sale.order.lines
    order = replace(sale.order, lines=(replace(line, percent_off=Rate(100_000)),))
    pack = pack_of(RULES + asked)

    gifts = gifts_of(replace(sale, order=order), pack)

    assert evaluate(order, sale.facts, sale.counters, pack).totals.discount == 400
    assert gifts.taken_off == ()
