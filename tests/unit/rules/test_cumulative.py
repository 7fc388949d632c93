"""Cumulative schemes: slabs on what a customer bought in a period, given on this order's part."""

import pytest

from rules import Customer, Minor, Result
from rules.values.rounding import PARTS
from tests.unit.rules.making import (
    BASE,
    HEAD,
    NOVEMBER,
    SCOPES,
    Setting,
    batch,
    faults_of,
    had,
    pack_of,
    product,
    words_of,
)

MONTH = "C1@2026-11"


def scheme(slabs: str, *, count: str = "", beside: str = "") -> str:
    """Write a scheme that counts the pieces of A and B that a customer buys in a month."""
    counting = f"count: {{over: period, each: month{count}}}"
    return f"{BASE}schemes: [{{id: V, when: {{sku: [A, B]}}, {counting}, slabs: {slabs}{beside}}}]"


def buying(rules: str, before: int, *lines: tuple[str, int], scope: str = MONTH) -> Result:
    """Decide an order of somebody who bought so much before."""
    counters = had("V", scope, bought=before)
    return Setting(rules, counters=counters, on=NOVEMBER).decide(*lines)


def counted(result: Result) -> list[tuple[str, int, int, int]]:
    """Give the scopes that the order adds to, with uses, money and what was bought."""
    return [(one.scope, one.used, one.spent, one.bought) for one in result.changes]


WHOLE = "[{from: 100, percent: 2}, {from: 200, percent: 5, cap: 30.00}]"


@pytest.mark.parametrize(
    ("before", "ordered", "discount"),
    [
        (0, 99, 0),
        (0, 100, 2000),
        (89, 10, 0),
        (90, 10, 200),
        (99, 1, 20),
        (189, 10, 200),
        (190, 10, 500),
        (190, 100, 3000),
        (10**15, 10, 500),
    ],
)
def test_the_slab_is_judged_on_the_period_and_gives_on_this_order(
    before: int, ordered: int, discount: int
) -> None:
    result = buying(scheme(WHOLE), before, ("A", ordered))

    assert result.totals.discount == discount


def test_all_products_the_scheme_names_count_together_and_no_others() -> None:
    result = buying(scheme(WHOLE), 90, ("A", 4), ("C", 50), ("B", 6))

    assert [line.line_discount for line in result.lines] == [80, 0, 240]
    assert counted(result) == [(MONTH, 0, 0, 10)]


def test_an_order_counts_also_where_nothing_is_given_yet() -> None:
    result = buying(scheme(WHOLE), 0, ("A", 7))

    assert (result.totals.discount, counted(result)) == (0, [(MONTH, 0, 0, 7)])


@pytest.mark.parametrize(("each", "scope"), SCOPES.items())
def test_each_period_has_a_counter_of_its_own(each: str, scope: str) -> None:
    rules = scheme("[{from: 100, percent: 2}]").replace("each: month", f"each: {each}")

    reached = buying(rules, 99, ("A", 1), scope=scope)
    elsewhere = buying(rules, 99, ("A", 1), scope="C2" if scope == "C1" else "C1@2025-11")

    assert (reached.totals.discount, elsewhere.totals.discount) == (20, 0)
    assert counted(reached) == [(scope, 0, 0, 1)]
    assert pack_of(rules).periods == {each}


@pytest.mark.parametrize(
    ("before", "ordered", "discount"),
    [
        (0, 9, 0),
        (0, 10, 100),
        (9, 1, 100),
        (10, 5, 500),
        (15, 5, 500 + 100),
        (8, 14, 10 * 100 + 3 * 200),
        (40, 1, 200),
    ],
)
def test_marginal_slabs_give_each_piece_by_its_place_in_the_period(
    before: int, ordered: int, discount: int
) -> None:
    rules = scheme("[{from: 10, percent: 10}, {from: 20, percent: 20}]", beside=", mode: marginal")

    assert buying(rules, before, ("A", ordered)).totals.discount == discount


def test_marginal_slabs_give_the_same_however_a_month_is_split_into_orders() -> None:
    rules = scheme(
        "[{from: 3, percent: 10}, {from: 8, price: 8.50}, {from: 20, to: 25, percent: 20}]",
        beside=", mode: marginal",
    )

    at_once = buying(rules, 0, ("A", 30)).totals.discount
    for sizes in ([15, 15], [1] * 30, [2, 5, 1, 11, 6, 5], [29, 1]):
        before, given = 0, 0
        for size in sizes:
            given += buying(rules, before, ("A", size)).totals.discount
            before += size
        assert given == at_once


@pytest.mark.parametrize(
    ("before", "ordered", "discount"),
    [(0, 9, 0), (0, 10, 500), (9, 1, 500), (10, 5, 0), (15, 5, 700), (0, 20, 1200), (20, 50, 0)],
)
@pytest.mark.parametrize("mode", ["whole", "marginal"])
def test_an_amount_is_given_once_a_period_by_the_order_that_reaches_it(
    mode: str, before: int, ordered: int, discount: int
) -> None:
    second = 12 if mode == "whole" else 7
    slabs = f"[{{from: 10, amount: 5.00}}, {{from: 20, amount: {second}.00}}]"

    result = buying(scheme(slabs, beside=f", mode: {mode}"), before, ("A", ordered))

    assert result.totals.discount == discount


@pytest.mark.parametrize(
    ("before", "ordered", "discount"), [(0, 12, 1000), (4, 6, 600), (8, 6, 200), (10, 6, 0)]
)
def test_what_is_above_the_end_of_a_slab_has_no_discount(
    before: int, ordered: int, discount: int
) -> None:
    rules = scheme("[{from: 2, to: 10, percent: 10}]")

    assert buying(rules, before, ("A", ordered)).totals.discount == discount


def test_a_gate_closes_for_the_rest_of_the_period() -> None:
    rules = scheme("[{from: 2, to: 10, gate: true, percent: 10}]")

    open_, closed = buying(rules, 4, ("A", 6)), buying(rules, 5, ("A", 6))

    assert [one.totals.discount for one in (open_, closed)] == [600, 0]
    assert counted(closed) == [(MONTH, 0, 0, 6)]


def test_a_price_holds_for_the_pieces_of_this_order() -> None:
    rules = scheme("[{from: 10, price: 9.00}]")

    assert buying(rules, 8, ("A", 4)).totals.discount == 400


CASES = scheme("[{from: 10, percent: 10}]", count=", of: qty, in: CASE")
SIZES = {
    "A": product("A", pack_sizes={"CASE": 12}),
    "B": product("B", pack_sizes={"CASE": 17}),
    "C": product("C"),
}


def in_cases(before: int, *lines: tuple[str, int]) -> Result:
    """Decide an order counted in cases; `before` is in parts of a case."""
    counters = had("V", MONTH, bought=before)
    return Setting(CASES, counters=counters, products=SIZES, on=NOVEMBER).decide(*lines)


def test_cases_of_all_sizes_add_up_exactly_over_the_orders_of_a_month() -> None:
    before = 0
    for pieces in (("A", 59), ("A", 1), ("B", 8), ("B", 9), ("B", 67)):
        result = in_cases(before, pieces)
        assert result.totals.discount == 0
        before += result.changes[0].bought

    last = in_cases(before, ("B", 1))

    assert before + last.changes[0].bought == 10 * PARTS
    assert last.totals.discount == 200


def test_what_is_missing_is_told_with_the_period() -> None:
    assert [words_of(miss) for miss in in_cases(6 * PARTS, ("A", 6)).near_misses] == [
        "4 CASE more this month and you get 10 % off"
    ]
    assert [words_of(miss) for miss in buying(scheme(WHOLE), 60, ("A", 1)).near_misses] == [
        "39 more this month and you get 2 % off"
    ]
    money = scheme("[{from: 100.00, percent: 2}]", count=", of: gross")
    assert [words_of(miss) for miss in buying(money, 5000, ("A", 1)).near_misses] == [
        "40.00 worth more this month and you get 2 % off"
    ]
    assert buying(scheme(WHOLE), 40, ("A", 9)).near_misses == ()


@pytest.mark.parametrize(("of", "now"), [("gross", 10_000), ("net", 9_000)])
def test_value_is_counted_before_or_after_the_schemes_of_the_lines(of: str, now: int) -> None:
    rules = scheme("[{from: 500.00, percent: 1}]", count=f", of: {of}")
    rules = rules[:-1] + ", {id: L, slabs: [{from: 1, percent: 10}]}]"

    below = buying(rules, 50_000 - now - 1, ("A", 10))
    reached = buying(rules, 50_000 - now, ("A", 10))

    assert [one.totals.discount for one in (below, reached)] == [1000, 1100]
    assert counted(reached) == [(MONTH, 0, 0, now)]


def test_a_period_that_counts_net_stands_a_line_that_is_free_of_charge() -> None:
    rules = scheme("[{from: 5.00, percent: 1}]", count=", of: net", beside=", mode: marginal")
    rules = rules[:-1] + ", {id: L, slabs: [{from: 1, percent: 100}]}]"

    result = buying(rules, 100_000, ("A", 10))

    assert (result.outcome, result.totals.net) == ("accept", 0)


def test_an_order_the_scheme_does_not_hold_for_is_not_counted() -> None:
    conditional = scheme(WHOLE, beside=", if: order.payment == 'advance'")

    assert buying(conditional, 0, ("A", 5)).changes == ()
    assert buying(scheme(WHOLE), 0, ("C", 5)).changes == ()
    assert buying(scheme(WHOLE, beside=", valid: {to: 2026-11-20}"), 0, ("A", 5)).changes == ()


def test_a_refused_order_is_not_counted() -> None:
    blocked = Customer("C1", status="blocked")

    result = Setting(scheme(WHOLE), customer=blocked, on=NOVEMBER).decide(("A", 5))

    assert (result.outcome, result.changes) == ("reject", ())


def test_what_stock_cuts_off_is_not_counted() -> None:
    rules = scheme(WHOLE) + "\nallocation: [{id: X, pick: fefo, short: cut}]"
    setting = Setting(rules, batches=[batch("1", "A", 60)], on=NOVEMBER)

    result = setting.decide(("A", 100))

    assert (result.totals.discount, counted(result)) == (0, [(MONTH, 0, 0, 60)])


def test_bounds_and_the_count_of_a_period_go_together() -> None:
    rules = scheme(WHOLE, beside=", limit: {per_customer: {uses: 1, each: month}}")

    given = buying(rules, 95, ("A", 5))
    counters = had("V", MONTH, uses=1, bought=100)
    used_up = Setting(rules, counters=counters, on=NOVEMBER).decide(("A", 5))

    assert counted(given) == [(MONTH, 1, 100, 5)]
    assert (used_up.totals.discount, counted(used_up)) == (0, [(MONTH, 0, 0, 5)])


def test_a_scheme_beaten_in_its_group_counts_all_the_same() -> None:
    rules = scheme(WHOLE, beside=", group: G")
    rules = (
        rules[:-1] + ", {id: W, group: G, count: {over: basket}, slabs: [{from: 1, percent: 9}]}]"
    )

    result = buying(rules, 95, ("A", 5))

    assert result.totals.discount == 450
    assert counted(result) == [(MONTH, 0, 0, 5)]


def test_discounts_that_compound_act_on_what_is_left_of_this_order() -> None:
    head = HEAD.replace("}", ", stacking: {inside: compound}}")
    rules = scheme("[{from: 10, percent: 10}]")
    rules = rules[:-1] + ", {id: A1, count: {over: basket}, slabs: [{from: 1, percent: 50}]}]"
    counters = had("V", MONTH, bought=9)

    result = Setting(rules, head=head, counters=counters, on=NOVEMBER).decide(("A", 10))

    assert result.totals.discount == 5000 + 500


def test_the_hash_of_a_decision_covers_what_is_counted() -> None:
    one, other = buying(scheme(WHOLE), 0, ("A", 7)), buying(BASE, 0, ("A", 7))

    assert one.price_hash == other.price_hash
    assert one.result_hash != other.result_hash


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("count: {over: period}", "'each' is missing: one of day, week, month, quarter, year"),
        ("count: {over: period, each: decade}", "'decade' is not one of day, week"),
        ("count: {over: basket, each: month}", "'each' goes with 'over: period'"),
        ("stage: order, count: {over: period, each: month}", "'period' is not one of order"),
    ],
)
def test_a_period_that_is_not_said_well_is_refused(keys: str, fault: str) -> None:
    found = faults_of(f"{HEAD}schemes: [{{id: V, {keys}, slabs: [{{from: 1, percent: 1}}]}}]")

    assert any(fault in one for one in found), found


def test_free_goods_count_one_order() -> None:
    count = "count: {over: period, each: month}"
    found = faults_of(
        f"{HEAD}schemes: [{{id: V, {count}, free: {{every: 1, give: 1, item: same}}}}]"
    )

    assert any("'period' is not one of line, sku, basket" in one for one in found)


def test_money_that_is_missing_for_a_period_is_counted_once() -> None:
    rules = scheme(WHOLE, beside=", budget: {amount: 1.50}")

    result = buying(rules, 95, ("A", 5), ("B", 5))

    assert result.totals.discount == 150
    assert [(one.scope, one.spent, one.bought) for one in result.changes] == [
        ("total", Minor(150), 0),
        (MONTH, 0, 10),
    ]
