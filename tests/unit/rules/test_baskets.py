"""Schemes over several lines: pools of a product or of the basket."""

import pytest

from rules import Counters, Minor
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, product, steps, words_of


def pool(keys: str, *, count: str = "over: basket") -> str:
    """Write one pooled scheme beside the base prices."""
    return f"{BASE}schemes: [{{id: P, count: {{{count}}}, {keys}}}]\n"


TEN = "slabs: [{from: 10, percent: 10}]"


@pytest.mark.parametrize(("second", "taken"), [(3, [0, 0]), (4, [600, 800]), (5, [600, 1000])])
def test_lines_of_a_basket_are_counted_together(second: int, taken: list[int]) -> None:
    result = Setting(pool(TEN)).decide(("A", 6), ("B", second))

    assert [line.line_discount for line in result.lines] == taken


def test_the_same_product_on_two_lines_is_one_pool_and_other_products_are_not_in_it() -> None:
    result = Setting(pool(TEN, count="over: sku")).decide(("A", 5), ("B", 9), ("A", 5))

    assert [line.line_discount for line in result.lines] == [500, 0, 500]


def test_only_what_the_scheme_names_is_in_its_basket() -> None:
    rules = pool("when: {sku: [A, B]}, " + TEN)

    result = Setting(rules).decide(("A", 5), ("B", 4), ("C", 500))

    assert result.totals.discount == 0


def test_what_a_pool_earns_is_spread_to_the_last_paisa() -> None:
    result = Setting(pool("slabs: [{from: 3, amount: 1.00}]")).decide(("A", 1), ("A", 1), ("A", 1))

    assert sorted(line.line_discount for line in result.lines) == [33, 33, 34]
    assert steps(result, "share_of_basket_discount") == ["P", "P", "P"]


def test_cases_of_different_sizes_are_counted_exactly() -> None:
    rules = pool("slabs: [{from: 2, percent: 10}]", count="over: basket, in: CASE")
    products = {
        "A": product("A", pack_sizes={"CASE": 12}),
        "B": product("B", pack_sizes={"CASE": 10}),
        "C": product("C"),
    }

    short = Setting(rules, products=products).decide(("A", 6), ("B", 14), ("C", 900))
    full = Setting(rules, products=products).decide(("A", 6), ("B", 15), ("C", 900))

    assert short.totals.discount == 0
    assert [line.line_discount for line in full.lines] == [600, 3000, 0]


def test_a_pool_can_count_value() -> None:
    rules = pool("slabs: [{from: 50.00, percent: 10}]", count="over: basket, of: gross")

    below = Setting(rules).decide(("A", 2), ("B", 1))
    at = Setting(rules).decide(("A", 1), ("B", 2))

    assert (below.totals.discount, at.totals.discount) == (0, 500)


def test_a_price_for_a_basket_comes_to_the_price_over_all_its_lines() -> None:
    result = Setting(pool("slabs: [{from: 4, price: 9.00}]")).decide(("A", 2), ("B", 2))

    assert result.totals.net == 3600


def test_pools_come_after_line_schemes_and_never_take_more_than_is_left() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: LINE, slabs: [{from: 1, percent: 60}]}
  - {id: POOL, count: {over: basket}, slabs: [{from: 1, percent: 60}]}
"""
    )

    result = Setting(rules).decide(("A", 1), ("B", 1))

    assert (steps(result, "scheme_applied"), result.totals.net) == (["LINE", "LINE", "POOL"], 0)


GROUP = (
    BASE
    + """
schemes:
  - {id: ALL, group: G, count: {over: basket}, slabs: [{from: 10, percent: 5}]}
  - {id: ONE, group: G, count: {over: sku}, slabs: [{from: 6, percent: 12}]}
"""
)


def test_pools_of_a_group_that_share_a_line_rule_each_other_out() -> None:
    result = Setting(GROUP).decide(("A", 4), ("B", 6))

    assert steps(result, "scheme_applied") == ["ONE"]
    assert [line.line_discount for line in result.lines] == [0, 1440]


def test_pools_of_a_group_that_share_no_line_both_apply() -> None:
    result = Setting(GROUP).decide(("A", 6), ("B", 6))

    assert steps(result, "scheme_applied") == ["ONE", "ONE"]


def test_a_pool_alone_shuts_out_only_pools_that_share_its_lines() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ALONE, alone: true, when: {sku: A}, count: {over: sku}, slabs: [{from: 1, percent: 1}]}
  - {id: EACH, count: {over: sku}, slabs: [{from: 1, percent: 10}]}
"""
    )

    result = Setting(rules).decide(("A", 1), ("B", 1))

    assert [line.line_discount for line in result.lines] == [10, 200]


def test_a_budget_holds_over_all_pools_of_a_scheme() -> None:
    rules = pool("budget: {amount: 15.00}, slabs: [{from: 1, percent: 10}]", count="over: sku")

    result = Setting(rules, counters=Counters()).decide(("A", 10), ("B", 10))

    assert result.totals.discount == 1500
    assert [change.spent for change in result.changes] == [Minor(1500)]


def test_a_condition_of_a_pool_sees_the_order() -> None:
    rules = pool("if: order.net > 50.00, slabs: [{from: 1, percent: 10}]")

    low, high = (Setting(rules).decide(("A", n)) for n in (5, 6))

    assert (low.totals.discount, high.totals.discount) == (0, 600)


def test_a_pool_that_is_almost_full_is_told() -> None:
    products = {
        "A": product("A", pack_sizes={"CASE": 12}),
        "B": product("B", pack_sizes={"CASE": 10}),
    }
    cases = pool("slabs: [{from: 3, amount: 5.00}]", count="over: basket, in: CASE")
    value = pool("slabs: [{from: 50.00, amount: 5.00}]", count="over: basket, of: gross")

    told = [
        Setting(pool(TEN)).decide(("A", 4), ("B", 4)),
        Setting(pool(TEN, count="over: sku")).decide(("A", 4), ("A", 4)),
        Setting(cases, products=products).decide(("A", 12), ("B", 10)),
        Setting(value).decide(("A", 2), ("B", 1)),
    ]

    assert [words_of(miss) for result in told for miss in result.near_misses] == [
        "2 more and you get 10 % off",
        "2 more of Product A and you get 10 % off",
        "1 CASE more and you get 5.00 off",
        "10.00 worth more and you get 5.00 off",
    ]


def test_a_condition_of_a_pool_knows_no_line() -> None:
    faults = faults_of(HEAD + pool("if: line.quantity > 5, slabs: [{from: 1, percent: 1}]"))

    assert len(faults) == 1
    assert "line.quantity" in faults[0]


def test_a_slab_on_the_order_counts_no_pool() -> None:
    faults = faults_of(HEAD + pool("stage: order, slabs: [{from: 1, percent: 1}]"))

    assert len(faults) == 1
    assert "'basket' is not one of order" in faults[0]
