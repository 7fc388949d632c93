"""Combos: complete sets, every piece in one of them."""

import pytest

from rules import Counters, Minor
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, had, product, steps, words_of


def combo(keys: str) -> str:
    """Write one combo beside the base prices."""
    return f"{BASE}schemes: [{{id: S, {keys}}}]\n"


TWO_AND_THREE = "combo: [{sku: A, qty: 2}, {sku: B, qty: 3}], amount_off: 6.00"


@pytest.mark.parametrize(
    ("first", "second", "sets"),
    [(2, 3, 1), (1, 3, 0), (2, 2, 0), (3, 5, 1), (4, 6, 2), (4, 5, 1), (100, 3, 1)],
)
def test_only_complete_sets_count(first: int, second: int, sets: int) -> None:
    result = Setting(combo(TWO_AND_THREE)).decide(("A", first), ("B", second))

    assert result.totals.discount == sets * 600


def test_lines_of_the_same_product_are_one_stock_for_sets() -> None:
    result = Setting(combo(TWO_AND_THREE)).decide(("A", 1), ("B", 3), ("A", 1))

    assert result.totals.discount == 600
    assert steps(result, "share_of_basket_discount") == ["S", "S", "S"]


def test_the_most_sets_of_an_order_hold() -> None:
    result = Setting(combo(TWO_AND_THREE + ", max_sets: 2")).decide(("A", 20), ("B", 30))

    assert result.totals.discount == 1200


@pytest.mark.parametrize(
    ("gives", "taken"),
    [
        ("amount_off: 6.00", 1200),
        ("percent: 10", 1600),
        ("price: 70.00", 2000),
        ("price: 99.00", 0),
        ("amount_off: 500.00", 16_000),
    ],
)
def test_a_combo_gives_an_amount_a_share_or_a_price_for_each_set(gives: str, taken: int) -> None:
    keys = f"combo: [{{sku: A, qty: 2}}, {{sku: B, qty: 3}}], {gives}"

    result = Setting(combo(keys)).decide(("A", 5), ("B", 6))

    assert result.totals.discount == taken


def test_a_piece_that_fits_two_parts_goes_where_it_makes_a_set() -> None:
    keys = "combo: [{category: food, qty: 1}, {sku: A, qty: 1}], amount_off: 1.00"

    result = Setting(combo(keys)).decide(("A", 2), ("B", 2))

    assert result.totals.discount == 200
    assert all(line.line_discount for line in result.lines)


def test_one_piece_is_not_two_parts_of_a_set() -> None:
    keys = "combo: [{category: food, qty: 1}, {sku: A, qty: 1}], amount_off: 1.00"

    one, two = (Setting(combo(keys)).decide(("A", n)) for n in (1, 2))

    assert (one.totals.discount, two.totals.discount) == (0, 100)


def test_a_piece_is_in_one_combo_only_the_larger_priority_first() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], amount_off: 1.00}
  - {id: Z, priority: 1, combo: [{sku: A, qty: 1}, {sku: C, qty: 1}], amount_off: 0.10}
"""
    )

    result = Setting(rules).decide(("A", 3), ("B", 3), ("C", 2))

    amounts = [(s.rule, s.amount) for s in result.trace if s.code == "scheme_applied"]
    assert amounts == [("Z", 20), ("A", 100)]


def test_a_combo_that_gives_nothing_uses_no_pieces() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: DEAR, priority: 1, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], price: 30.00}
  - {id: GOOD, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], price: 25.00}
"""
    )

    result = Setting(rules).decide(("A", 1), ("B", 1))

    assert steps(result, "scheme_applied") == ["GOOD"]


def test_a_set_is_discounted_on_its_own_pieces_alone() -> None:
    keys = "combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], percent: 50"

    result = Setting(combo(keys)).decide(("A", 10), ("B", 1))

    assert [line.line_discount for line in result.lines] == [500, 1000]


def test_a_combo_never_takes_more_than_a_line_has_left() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: LINE, when: {sku: A}, slabs: [{from: 1, percent: 100}]}
  - {id: SET, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], percent: 100}
"""
    )

    result = Setting(rules).decide(("A", 1), ("B", 1))

    assert result.totals.net == 0
    assert min(line.net for line in result.lines) == 0


def test_the_order_of_the_lines_changes_no_set() -> None:
    keys = "combo: [{category: food, qty: 3}, {sku: B, qty: 2}], percent: 33"

    one = Setting(combo(keys)).decide(("A", 4), ("B", 7), ("C", 2))
    other = Setting(combo(keys)).decide(("C", 2), ("B", 7), ("A", 4))

    assert one.totals == other.totals


@pytest.mark.parametrize(
    ("bounds", "counters", "taken"),
    [
        ("limit: {total: 1}", had("S", "total", uses=1), 0),
        (
            "budget: {amount: 10.00}",
            had("S", "total", money=Minor(300)),
            700,
        ),
        ("max_discount: 8.00", Counters(), 800),
    ],
)
def test_combos_have_bounds_as_all_schemes(bounds: str, counters: Counters, taken: int) -> None:
    rules = combo(f"{TWO_AND_THREE}, {bounds}")

    result = Setting(rules, counters=counters).decide(("A", 4), ("B", 6))

    assert result.totals.discount == taken


def test_a_combo_holds_for_the_customers_and_conditions_it_names() -> None:
    rules = combo(f"when: {{customer: C2}}, {TWO_AND_THREE}")
    large = combo(f"if: order.gross > 80.00, {TWO_AND_THREE}")

    other = Setting(rules).decide(("A", 2), ("B", 3))
    at, above = (Setting(large).decide(("A", n), ("B", 3)) for n in (2, 3))

    assert [one.totals.discount for one in (other, at, above)] == [0, 0, 600]


def test_a_set_that_is_almost_complete_is_told() -> None:
    tea = {"A": product("A", brand="LEAF"), "B": product("B")}
    brand = "combo: [{brand: LEAF, qty: 3}, {sku: B, qty: 1}], price: 25.00"

    told = [
        Setting(combo(TWO_AND_THREE)).decide(("A", 1), ("B", 2)),
        Setting(combo(TWO_AND_THREE)).decide(("A", 2), ("B", 2)),
        Setting(combo(brand), products=tea).decide(("A", 2), ("B", 1)),
        Setting(combo(TWO_AND_THREE)).decide(("A", 2)),
    ]

    assert [words_of(miss) for result in told for miss in result.near_misses] == [
        "1 more of Product A and 1 more of Product B and you get 6.00 off the set",
        "1 more of Product B and you get 6.00 off the set",
        "1 more of LEAF and you get the set for 25.00",
    ]


def test_after_the_last_set_nothing_more_is_promised() -> None:
    result = Setting(combo(TWO_AND_THREE + ", max_sets: 1")).decide(("A", 4), ("B", 5))

    assert result.near_misses == ()


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("combo: [{sku: A, qty: 2}], amount_off: 1", "two to 6 parts"),
        ("combo: [{sku: A, qty: 2}, {qty: 1}], amount_off: 1", "a part names its products"),
        ("combo: [{sku: A}, {sku: B, qty: 1}], amount_off: 1", "'qty' is missing"),
        ("combo: [{sku: A, qty: 1}, {sku: B, qty: 1}]", "needs exactly one of 'amount_off'"),
        (TWO_AND_THREE + ", price: 1", "needs exactly one of 'amount_off'"),
        (TWO_AND_THREE + ", when: {sku: A}", "unknown key 'sku'"),
        (TWO_AND_THREE + ", slabs: [{from: 1, percent: 1}]", "needs exactly one of 'slabs'"),
        (TWO_AND_THREE + ", group: G", "unknown key 'group'"),
    ],
)
def test_a_combo_that_could_not_work_is_refused(keys: str, fault: str) -> None:
    faults = faults_of(HEAD + combo(keys))

    assert any(fault in told for told in faults), faults
