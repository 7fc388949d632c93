"""Line schemes, order schemes and free goods, at their edges."""

import pytest

from rules import Counters, Customer, Minor, load_pack
from tests.unit.rules.making import (
    BASE,
    HEAD,
    Setting,
    codes,
    had,
    pack_of,
    product,
    read_text,
    steps,
    words_of,
)

SLABS = (
    BASE
    + """
schemes:
  - id: VOL
    slabs:
      - {from: 10, percent: 2.5}
      - {from: 20, percent: 5, cap: 15.00}
      - {from: 100, amount: 90.00}
"""
)


@pytest.mark.parametrize(
    ("quantity", "discount"),
    [(1, 0), (9, 0), (10, 250), (19, 475), (20, 1000), (30, 1500), (99, 1500), (100, 9000)],
)
def test_a_slab_holds_from_its_first_piece_to_the_next_slab(quantity: int, discount: int) -> None:
    result = Setting(SLABS).decide(("A", quantity))

    assert result.lines[0].line_discount == discount


def test_slabs_can_count_value_instead_of_pieces() -> None:
    rules = BASE + "schemes: [{id: V, count: {of: gross}, slabs: [{from: 100.00, percent: 1}]}]"

    below = Setting(rules).decide(("A", 9))
    at = Setting(rules).decide(("A", 10))

    assert (below.totals.discount, at.totals.discount) == (0, 100)


def test_slabs_can_count_cases() -> None:
    rules = BASE + "schemes: [{id: V, count: {of: qty, in: CASE}, slabs: [{from: 2, percent: 10}]}]"
    products = {"A": product("A", pack_sizes={"CASE": 12}), "B": product("B")}

    result = Setting(rules, products=products).decide(("A", 23), ("A", 24), ("B", 500))

    assert [line.line_discount for line in result.lines] == [0, 2400, 0]


def test_the_same_product_on_two_lines_is_counted_a_line_at_a_time_by_slabs() -> None:
    result = Setting(SLABS).decide(("A", 5), ("A", 5))

    assert result.totals.discount == 0


def test_only_the_best_of_a_group_applies() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: SMALL, group: G, priority: 9, slabs: [{from: 1, percent: 1}]}
  - {id: LARGE, group: G, slabs: [{from: 1, percent: 3}]}
  - {id: ALSO, slabs: [{from: 1, percent: 2}]}
"""
    )

    result = Setting(rules).decide(("A", 10))

    assert steps(result, "scheme_applied") == ["ALSO", "LARGE"]
    assert steps(result, "scheme_beaten") == ["SMALL"]
    assert result.totals.discount == 500


def test_discounts_together_never_exceed_the_line() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ONE, slabs: [{from: 1, percent: 80}]}
  - {id: TWO, slabs: [{from: 1, amount: 500.00}]}
  - {id: ORDER, stage: order, slabs: [{from: 0.01, amount: 10.00}]}
"""
    )

    result = Setting(rules).decide(("A", 1))

    assert (result.totals.net, result.totals.discount) == (0, 1000)


def test_a_condition_on_the_line_decides_whether_a_scheme_applies() -> None:
    rules = (
        BASE
        + """
schemes:
  - id: IF
    if: line.quantity * 2 >= 10 and order.gross > 100.00 and customer.type != 'kiosk'
    slabs: [{from: 1, percent: 10}]
"""
    )

    yes = Setting(rules).decide(("A", 5), ("B", 3))
    too_few = Setting(rules).decide(("A", 4), ("B", 4))
    kiosk = Setting(rules, customer=Customer("C1", "kiosk")).decide(("A", 5), ("B", 3))

    assert [r.totals.discount for r in (yes, too_few, kiosk)] == [500, 0, 0]


ORDER_VALUE = (
    BASE
    + """
schemes:
  - id: BILL
    stage: order
    slabs: [{from: 100.00, percent: 1}, {from: 1000.00, percent: 5, cap: 60.00}]
"""
)


@pytest.mark.parametrize(
    ("quantity", "discount"), [(9, 0), (10, 100), (99, 990), (100, 5000), (200, 6000)]
)
def test_an_order_value_slab_counts_the_whole_order(quantity: int, discount: int) -> None:
    result = Setting(ORDER_VALUE).decide(("A", quantity))

    assert result.totals.discount == discount


def test_an_order_discount_is_spread_to_the_last_paisa() -> None:
    rules = BASE + "schemes: [{id: B, stage: order, slabs: [{from: 1.00, amount: 1.00}]}]"

    result = Setting(rules).decide(("A", 1), ("A", 1), ("A", 1))

    assert sorted(line.order_discount for line in result.lines) == [33, 33, 34]
    assert steps(result, "share_of_order_discount") == ["B", "B", "B"]


def test_an_order_scheme_can_count_one_category_and_is_spread_over_it_alone() -> None:
    rules = (
        BASE
        + "schemes: [{id: B, stage: order, when: {category: tea}, "
        + "slabs: [{from: 100.00, percent: 10}]}]"
    )
    products = {"A": product("A", category=("tea",)), "B": product("B")}

    earned = Setting(rules, products=products).decide(("A", 10), ("B", 10))
    missed = Setting(rules, products=products).decide(("A", 9), ("B", 10))

    assert [line.order_discount for line in earned.lines] == [1000, 0]
    assert missed.totals.discount == 0


FREE = BASE + "schemes: [{id: FREE, free: {every: 10, give: 2, item: same, max: 6}}]"


@pytest.mark.parametrize(
    ("quantity", "free"), [(9, 0), (10, 2), (19, 2), (20, 4), (30, 6), (40, 6), (10**12, 6)]
)
def test_free_goods_come_for_each_complete_number_up_to_the_most(quantity: int, free: int) -> None:
    result = Setting(FREE).decide(("A", quantity))

    assert sum(goods.quantity for goods in result.free) == free


def test_free_goods_count_all_lines_of_a_product_together() -> None:
    result = Setting(FREE).decide(("A", 4), ("B", 9), ("A", 6))

    assert [(goods.sku, goods.earned) for goods in result.free] == [("A", 2)]


def test_free_goods_can_be_counted_a_line_or_over_the_basket() -> None:
    line = "schemes: [{id: F, count: {over: line}, free: {every: 10, give: 1, item: same}}]"
    basket = "schemes: [{id: F, count: {over: basket}, free: {every: 10, give: 1, item: C}}]"

    by_line = Setting(BASE + line).decide(("A", 6), ("A", 6))
    by_basket = Setting(BASE + basket).decide(("A", 6), ("B", 6))

    assert by_line.free == ()
    assert [(goods.sku, goods.earned) for goods in by_basket.free] == [("C", 1)]


def test_free_goods_carry_no_price_and_no_tax() -> None:
    rules = FREE + "\ntaxes: [{id: T, heads: {VAT: 20}}]"

    result = Setting(rules).decide(("A", 10))

    assert (result.totals.net, result.totals.tax) == (10_000, 2_000)


def test_a_line_without_a_price_earns_nothing_free() -> None:
    rules = "schemes: [{id: FREE, free: {every: 1, give: 1, item: same}}]"

    result = Setting(rules).decide(("A", 10))

    assert result.free == ()


def test_what_is_almost_earned_is_told() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: VOL, slabs: [{from: 12, percent: 2.5}]}
  - {id: FREE, free: {every: 12, give: 2, item: same}}
  - {id: BILL, stage: order, slabs: [{from: 150.00, amount: 10.00}]}
"""
    )

    near = Setting(rules).decide(("A", 8))
    far = Setting(rules).decide(("A", 6))

    assert [(miss.rule, miss.line, words_of(miss)) for miss in near.near_misses] == [
        ("VOL", 1, "4 more of Product A and you get 2.5 % off"),
        ("BILL", None, "70.00 more and you get 10.00 off"),
        ("FREE", 1, "4 more of Product A and you get 2 free"),
    ]
    assert far.near_misses == ()


BOUNDED = (
    BASE
    + """
schemes:
  - id: VOL
    limit: {total: 3, per_customer: 1}
    budget: {amount: 50.00}
    slabs: [{from: 1, percent: 10}]
"""
)


@pytest.mark.parametrize(
    ("counters", "discount", "reason"),
    [
        (Counters(), 1000, []),
        (had("VOL", "total", uses=2), 1000, []),
        (had("VOL", "total", uses=3), 0, ["limit_used_up"]),
        (had("VOL", "C1", uses=1), 0, ["limit_used_up"]),
        (had("VOL", "C2", uses=1), 1000, []),
        (had("VOL", "total", money=Minor(4900)), 100, []),
        (had("VOL", "total", money=Minor(5000)), 0, ["budget_used_up"]),
        (had("VOL", "total", money=Minor(9999)), 0, ["budget_used_up"]),
    ],
)
def test_a_scheme_stops_where_its_uses_or_its_money_end(
    counters: Counters, discount: int, reason: list[str]
) -> None:
    result = Setting(BOUNDED, counters=counters).decide(("A", 10))

    used_up = [step.code for step in result.trace if step.code.endswith("_used_up")]
    assert (result.totals.discount, used_up) == (discount, reason)


def test_an_order_counts_as_one_use_and_never_overspends_over_its_lines() -> None:
    result = Setting(BOUNDED).decide(("A", 30), ("B", 30))

    assert result.totals.discount == 5000
    assert [(c.rule, c.scope, c.used, c.spent) for c in result.changes] == [
        ("VOL", "total", 1, 5000),
        ("VOL", "C1", 1, 5000),
    ]


def test_a_budget_ends_free_goods_at_what_they_are_worth() -> None:
    rules = (
        BASE + "schemes: [{id: F, budget: {amount: 25.00}, free: {every: 1, give: 1, item: same}}]"
    )

    result = Setting(rules).decide(("A", 10))

    assert [goods.earned for goods in result.free] == [2]
    assert [change.spent for change in result.changes] == [2000]


def test_schemes_without_bounds_change_no_counter() -> None:
    result = Setting(SLABS).decide(("A", 10))

    assert result.changes == ()


def test_a_rule_that_fails_holds_the_order_without_a_price() -> None:
    rules = BASE + "schemes: [{id: BAD, if: line.quantity > 1, slabs: [{from: 1, percent: 1}]}]"
    packed = read_text(HEAD + rules).replace(b"line.quantity", b"product.brand")

    result = Setting(rules).decide_with(load_pack(packed), ("A", 2))

    assert (result.outcome, codes(result)) == ("hold", ["rule_failed"])
    assert result.reasons[0].rule == "BAD"
    assert (result.totals.payable, result.lines[0].unit_price) == (0, None)


def test_equal_schemes_of_a_group_fall_to_the_larger_priority() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A-FIRST, group: G, slabs: [{from: 1, percent: 3}]}
  - {id: Z-FIRST, group: G, priority: 1, slabs: [{from: 1, percent: 3}]}
"""
    )

    result = Setting(rules).decide(("A", 10))

    assert steps(result, "scheme_applied") == ["Z-FIRST"]


def test_order_schemes_together_never_exceed_the_order() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ONE, stage: order, slabs: [{from: 1.00, percent: 80}]}
  - {id: TWO, stage: order, slabs: [{from: 1.00, percent: 80}]}
"""
    )

    result = Setting(rules).decide(("A", 1), ("B", 1))

    amounts = [step.amount for step in result.trace if step.code == "scheme_applied"]
    assert amounts == [2400, 600]
    assert result.totals.net == 0


def test_the_most_free_goods_of_a_scheme_hold_over_all_its_products() -> None:
    result = Setting(FREE).decide(("A", 20), ("B", 20))

    assert [(goods.sku, goods.earned) for goods in result.free] == [("A", 4), ("B", 2)]


@pytest.mark.parametrize(
    ("bounds", "scopes"),
    [
        ("limit: {total: 5}", ["total"]),
        ("limit: {per_customer: 5}", ["C1"]),
        ("budget: {amount: 50.00}", ["total"]),
        ("limit: {per_customer: 5}, budget: {amount: 50.00}", ["total", "C1"]),
    ],
)
def test_a_scheme_counts_only_what_it_is_bounded_by(bounds: str, scopes: list[str]) -> None:
    rules = BASE + f"schemes: [{{id: V, {bounds}, slabs: [{{from: 1, percent: 10}}]}}]"

    result = Setting(rules).decide(("A", 1))

    assert [change.scope for change in result.changes] == scopes


def test_a_refused_order_changes_no_counter() -> None:
    customer = Customer("C1", status="blocked")

    result = Setting(BOUNDED, customer=customer).decide(("A", 10))

    assert (result.outcome, result.changes) == ("reject", ())


def test_schemes_that_stack_apply_the_larger_priority_first() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, slabs: [{from: 1, percent: 60}]}
  - {id: Z, priority: 5, slabs: [{from: 1, percent: 60}]}
"""
    )

    result = Setting(rules).decide(("A", 1))

    applied = [(step.rule, step.amount) for step in result.trace if step.code == "scheme_applied"]
    assert applied == [("Z", 600), ("A", 400)]


def test_the_base_unit_counts_as_a_pack_size() -> None:
    rules = BASE + "schemes: [{id: V, count: {of: qty, in: PCS}, slabs: [{from: 5, percent: 10}]}]"

    result = Setting(rules).decide(("A", 5))

    assert result.totals.discount == 500


def test_what_a_line_came_to_before_is_what_it_comes_to_again_whatever_its_number() -> None:
    rules = (
        f"{BASE}schemes: [{{id: S, group: G, slabs: [{{from: 5, percent: 10}}, {{from: 9, percent: "
        "20}]}, {id: T, group: G, if: line.quantity > 4, slabs: [{from: 1, percent: 5}]}]\n"
    )
    setting, pack = Setting(rules), pack_of(rules)

    first = setting.decide_with(pack, ("A", 7))
    growing = setting.decide_with(pack, ("B", 5), ("A", 7), ("A", 9), ("A", 4))

    assert growing == setting.decide(("B", 5), ("A", 7), ("A", 9), ("A", 4))
    assert [line.line_discount for line in growing.lines] == [1000, 700, 1800, 0]
    assert first == setting.decide(("A", 7))
    assert {miss.line for miss in growing.near_misses} == {1, 2, 4}


def test_what_asks_for_more_than_the_line_is_asked_each_time() -> None:
    rules = f"{BASE}schemes: [{{id: S, if: order.gross > 60, slabs: [{{from: 1, percent: 10}}]}}]\n"
    setting, pack = Setting(rules), pack_of(rules)

    alone = setting.decide_with(pack, ("A", 5))
    beside = setting.decide_with(pack, ("A", 5), ("B", 5))

    assert (alone.totals.discount, beside.lines[0].line_discount) == (0, 500)
