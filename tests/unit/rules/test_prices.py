"""Price stage: which price holds, and that nothing is ever sold at none."""

from datetime import date

import pytest

from rules import Customer
from tests.unit.rules.making import (
    BASE,
    Setting,
    codes,
    faults_of,
    pack_of,
    product,
    steps,
    words_of,
)

LEVELS = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00}}
  - {id: INDIA, level: geography, when: {geo: IN}, rates: {A: 9.00}}
  - {id: KA, level: geography, when: {geo: IN/KA}, rates: {A: 8.00}}
  - {id: RETAIL, level: customer_type, when: {customer.type: retailer}, rates: {A: 7.00}}
  - {id: C9, level: customer, when: {customer: C9}, rates: {A: 6.00}}
"""


@pytest.mark.parametrize(
    ("customer", "rule", "price"),
    [
        (Customer("C1"), "BASE", 100_000),
        (Customer("C1", geo=("US",)), "BASE", 100_000),
        (Customer("C1", geo=("IN",)), "INDIA", 90_000),
        (Customer("C1", geo=("IN", "TN")), "INDIA", 90_000),
        (Customer("C1", geo=("IN", "KA", "BLR")), "KA", 80_000),
        (Customer("C1", "retailer", ("IN", "KA")), "RETAIL", 70_000),
        (Customer("C9", "retailer", ("IN", "KA")), "C9", 60_000),
        (Customer("C1", geo=("INX",)), "BASE", 100_000),
    ],
)
def test_the_most_specific_level_and_the_nearest_node_win(
    customer: Customer, rule: str, price: int
) -> None:
    result = Setting(LEVELS, customer=customer).decide(("A", 1))

    assert (result.lines[0].price_rule, result.lines[0].unit_price) == (rule, price)


def test_a_rule_for_nodes_at_two_depths_is_as_near_as_the_node_that_matched() -> None:
    rules = """
prices:
  - {id: WIDE, level: geography, when: {geo: [IN, US/CA]}, rates: {A: 9.00}}
  - {id: US, level: geography, when: {geo: US}, rates: {A: 8.00}}
"""

    result = Setting(rules, customer=Customer("C1", geo=("US", "CA"))).decide(("A", 1))

    assert result.lines[0].price_rule == "WIDE"


def test_an_adjustment_acts_on_the_next_lower_level() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00}}
  - {id: KA, level: geography, when: {geo: IN/KA}, adjust: {percent: 10}}
  - {id: RETAIL, level: customer_type, when: {customer.type: retailer}, adjust: {percent: -5}}
"""

    result = Setting(rules, customer=Customer("C1", "retailer", ("IN", "KA"))).decide(("A", 1))

    assert result.lines[0].unit_price == 104_500
    assert result.lines[0].price_rule == "RETAIL"


def test_an_adjusted_price_is_rounded_half_up_to_four_decimals() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 0.0010}}
  - {id: ALL, level: customer, when: {customer: C1}, adjust: {percent: 5}}
"""

    result = Setting(rules).decide(("A", 1000))

    assert result.lines[0].unit_price == 11
    assert result.totals.gross == 110


def test_an_adjustment_of_nothing_leaves_the_line_unpriced() -> None:
    rules = "prices: [{id: K, level: customer, when: {customer: C1}, adjust: {percent: 5}}]"

    result = Setting(rules).decide(("A", 1))

    assert codes(result) == ["line_unpriced"]


def test_an_unpriced_line_holds_the_order_and_costs_nothing() -> None:
    result = Setting("prices: [{id: BASE, level: default, rates: {A: 10.00}}]").decide(
        ("A", 1), ("B", 1)
    )

    assert result.outcome == "hold"
    assert [(reason.code, reason.line) for reason in result.reasons] == [("line_unpriced", 2)]
    assert result.lines[1].unit_price is None
    assert result.totals.payable == 1000


def test_an_amount_that_rounds_to_nothing_is_no_price() -> None:
    result = Setting("prices: [{id: BASE, level: default, rates: {A: 0.0001}}]").decide(("A", 1))

    assert (result.outcome, codes(result)) == ("hold", ["line_unpriced"])


def test_a_product_that_is_not_known_refuses_the_order() -> None:
    result = Setting().decide(("A", 1), ("ZZZ", 5))

    assert result.outcome == "reject"
    assert [(reason.code, reason.line) for reason in result.reasons] == [("product_unknown", 2)]
    assert result.changes == ()


@pytest.mark.parametrize(
    ("on", "rule"),
    [
        (date(2026, 3, 31), "BASE"),
        (date(2026, 4, 1), "APRIL"),
        (date(2026, 4, 30), "APRIL"),
        (date(2026, 5, 1), "BASE"),
    ],
)
def test_a_price_is_valid_on_its_first_and_last_day(on: date, rule: str) -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00}}
  - {id: APRIL, level: default, valid: {from: 2026-04-01, to: 2026-04-30}, rates: {A: 9.00}}
"""

    result = Setting(rules, on=on).decide(("A", 1))

    assert result.lines[0].price_rule == rule


def test_the_larger_priority_wins_between_equals() -> None:
    rules = """
prices:
  - {id: LOW, level: default, priority: 1, rates: {A: 10.00}}
  - {id: HIGH, level: default, priority: 2, rates: {A: 11.00}}
"""

    result = Setting(rules).decide(("A", 1))

    assert result.lines[0].price_rule == "HIGH"


def test_two_prices_of_which_neither_wins_are_refused_at_load() -> None:
    head = "pack: {name: x, version: 1, currency: INR, timezone: Asia/Kolkata}\n"
    text = """prices:
  - {id: ONE, level: geography, when: {geo: IN}, rates: {A: 1.00, B: 1.00}}
  - {id: TWO, level: geography, when: {geo: [IN, US]}, rates: {A: 2.00}}
  - {id: OTHER, level: geography, when: {geo: IN}, rates: {C: 2.00}}
"""

    faults = faults_of(head + text)

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:4:5: 'TWO' and 'ONE' (pack.yaml:3:5) can both hold")


def test_a_condition_on_what_the_customer_lacks_does_not_hold() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00}}
  - {id: RETAIL, level: customer_type, when: {customer.type: retailer}, rates: {A: 7.00}}
  - id: NOT-KA
    level: geography
    when: {geo: IN, not: {geo: IN/KA}}
    rates: {A: 8.00}
"""

    blank = Setting(rules, customer=Customer("C1")).decide(("A", 1))
    barred = Setting(rules, customer=Customer("C1", geo=("IN", "KA"))).decide(("A", 1))
    elsewhere = Setting(rules, customer=Customer("C1", geo=("IN", "TN"))).decide(("A", 1))

    assert [r.lines[0].price_rule for r in (blank, barred, elsewhere)] == ["BASE", "BASE", "NOT-KA"]


def test_product_conditions_see_the_category_tree_the_brand_and_the_sku() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00, B: 10.00, C: 10.00}}
  - {id: MILK, level: default, when: {category: dairy/milk}, rates: {A: 1.00, B: 1.00, C: 1.00}}
  - id: ACME
    level: default
    when: {brand: ACME, category: dairy}
    rates: {A: 2.00, B: 2.00, C: 2.00}
"""
    products = {
        "A": product("A", category=("dairy", "milk", "uht")),
        "B": product("B", category=("dairy",), brand="ACME"),
        "C": product("C", category=(), brand=None),
    }

    result = Setting(rules, products=products).decide(("A", 1), ("B", 1), ("C", 1))

    assert [line.price_rule for line in result.lines] == ["MILK", "ACME", "BASE"]


def test_a_price_of_four_decimals_is_rounded_once_a_line() -> None:
    result = Setting().decide(("C", 3))

    assert result.totals.gross == 100


def test_a_huge_quantity_stays_exact() -> None:
    result = Setting().decide(("C", 10**15 + 1))

    assert result.totals.gross == 33_330_000_000_000_033


def test_an_order_of_five_hundred_lines_is_decided() -> None:
    result = Setting().decide(*[("A", 1)] * 500)

    assert (result.outcome, result.totals.gross) == ("accept", 500_000)
    assert [line.number for line in result.lines] == list(range(1, 501))


def test_a_price_list_in_csv_is_read_beside_the_rules() -> None:
    rules = "prices: [{id: BASE, level: default, csv: base.csv}]\n"

    assert faults_of(f"{HEAD_LINE}{rules}", base_csv="sku,price\nA,1.2345\n") == ()


HEAD_LINE = "pack: {name: x, version: 1, currency: INR, timezone: Asia/Kolkata}\n"


def test_every_price_says_where_it_comes_from() -> None:
    result = Setting(BASE).decide(("A", 2))

    assert steps(result, "priced") == ["BASE"]
    assert words_of(result.trace[0]) == "10.00 each, from BASE"


def test_an_order_without_lines_is_refused() -> None:
    result = Setting().decide()

    assert (result.outcome, codes(result)) == ("reject", ["order_empty"])


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_that_is_not_above_zero_is_refused(quantity: int) -> None:
    result = Setting().decide(("A", quantity))

    assert (result.outcome, codes(result)) == ("reject", ["quantity_invalid"])
    assert result.totals.payable == 0


def test_a_pack_without_prices_prices_nothing() -> None:
    assert pack_of("").prices.rules == ()


def test_a_second_rule_of_the_same_level_is_not_what_an_adjustment_acts_on() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 10.00}}
  - {id: ALL, level: geography, when: {geo: IN}, rates: {A: 50.00}}
  - {id: KA, level: geography, when: {geo: IN/KA}, adjust: {percent: 10}}
"""

    result = Setting(rules, customer=Customer("C1", geo=("IN", "KA"))).decide(("A", 1))

    assert result.lines[0].unit_price == 110_000


def test_adjustments_are_rounded_from_the_lowest_level_up() -> None:
    rules = """
prices:
  - {id: BASE, level: default, rates: {A: 0.0010}}
  - {id: IN, level: geography, when: {geo: IN}, adjust: {percent: 50}}
  - {id: RETAIL, level: customer_type, when: {customer.type: retailer}, adjust: {percent: -35}}
"""

    result = Setting(rules, customer=Customer("C1", "retailer", ("IN",))).decide(("A", 1000))

    # 10 and half of it is 15; of that 65 % is 9.75. The other way round it would be 11.
    assert result.lines[0].unit_price == 10
    assert words_of(result.trace[0]) == "0.001 each, from BASE and 50 % by IN and -35 % by RETAIL"


def test_more_conditions_count_before_the_nearer_node() -> None:
    rules = """
prices:
  - {id: NEAR, level: geography, when: {geo: IN/KA/BLR}, rates: {A: 9.00}}
  - {id: MORE, level: geography, when: {geo: IN, category: food}, rates: {A: 8.00}}
"""

    result = Setting(rules, customer=Customer("C1", geo=("IN", "KA", "BLR"))).decide(("A", 1))

    assert result.lines[0].price_rule == "MORE"
