"""Schemes that count one thing and give a discount on another, or on some pieces."""

import pytest

from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, product, words_of

CASES = {"A": product("A", pack_sizes={"CASE": 6}), "B": product("B"), "C": product("C")}


def scheme(keys: str) -> str:
    """Write one scheme beside the base prices: A costs 10.00, B 20.00."""
    return f"{BASE}schemes: [{{id: E, {keys}}}]\n"


WORTH = "when: {sku: A}, count: {over: basket, of: gross}, on: {sku: B}, slabs: [{from: 200.00, @}]"


@pytest.mark.parametrize(
    ("gives", "count", "off"),
    [
        ("percent: 10", 19, [0, 0]),
        ("percent: 10", 20, [0, 600]),
        ("percent: 10", 500, [0, 600]),
        ("percent: 100", 20, [0, 6000]),
        ("amount: 5.00", 20, [0, 500]),
        ("amount: 500.00", 20, [0, 6000]),
        ("price: 15.00", 20, [0, 1500]),
        ("price: 25.00", 20, [0, 0]),
        ("percent: 10, cap: 1.00", 20, [0, 100]),
    ],
)
def test_a_for_two_hundred_gives_it_on_b(gives: str, count: int, off: list[int]) -> None:
    result = Setting(scheme(WORTH.replace("@", gives))).decide(("A", count), ("B", 3))

    assert [line.line_discount for line in result.lines] == off


PIECES = "on: {qty: 1, every: 3, pick: @}, slabs: [{from: 3, percent: 50}]"


@pytest.mark.parametrize(
    ("pick", "first", "second", "off"),
    [
        ("cheapest", 1, 1, [0, 0]),
        ("cheapest", 1, 2, [500, 0]),
        ("cheapest", 1, 5, [500, 1000]),
        ("dearest", 5, 1, [500, 1000]),
        ("next", 3, 0, [0]),
        ("next", 4, 0, [500]),
        ("next", 7, 0, [500]),
        ("next", 8, 0, [1000]),
    ],
)
def test_some_pieces_have_it_for_each_so_many(
    pick: str, first: int, second: int, off: list[int]
) -> None:
    asked = [("A", first), ("B", second)] if second else [("A", first)]

    result = Setting(scheme(PIECES.replace("@", pick))).decide(*asked)

    assert [line.line_discount for line in result.lines] == off


def test_a_case_of_one_product_makes_a_piece_of_another_cheap() -> None:
    rules = scheme(
        "when: {sku: A}, count: {over: basket, in: CASE}, on: {sku: B, qty: 1, every: 1},"
        " slabs: [{from: 1, price: 1.00}]"
    )

    result = Setting(rules, products=CASES).decide(("A", 13), ("B", 5))

    assert [line.line_discount for line in result.lines] == [0, 3800]


def test_pieces_that_other_schemes_made_cheaper_never_fall_below_nothing() -> None:
    rules = (
        f"{BASE}schemes:\n"
        "  - {id: ALL, when: {sku: A}, priority: 1, slabs: [{from: 1, percent: 90}]}\n"
        "  - {id: E, on: {qty: 1}, slabs: [{from: 2, percent: 100}]}\n"
    )

    result = Setting(rules).decide(("A", 2))

    assert (result.totals.discount, result.totals.net) == (1900, 100)


def test_a_limit_of_pieces_counts_those_that_had_the_discount() -> None:
    rules = scheme(
        "on: {qty: 1, every: 2}, slabs: [{from: 2, percent: 50}], limit: {per_customer: {qty: 10}}"
    )

    result = Setting(rules).decide(("A", 8))

    assert [(one.used, one.pieces) for one in result.changes] == [(1, 4)]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([("A", 19)], "10.00 worth more and you get 10 % off, on Product B"),
        ([("A", 20)], "1 more of Product B and you get 10 % off, on Product B"),
    ],
)
def test_what_is_lacking_is_told(asked: list[tuple[str, int]], told: str) -> None:
    result = Setting(scheme(WORTH.replace("@", "percent: 10"))).decide(*asked)

    assert [words_of(miss) for miss in result.near_misses] == [told]


def test_the_piece_that_makes_the_next_one_cheap_is_told() -> None:
    result = Setting(scheme(PIECES.replace("@", "next"))).decide(("A", 3))

    assert [words_of(miss) for miss in result.near_misses] == [
        "1 more and you get 50 % off, on the next 1"
    ]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("on: {}", "names no goods and no 'qty'"),
        ("on: {every: 2, sku: B}", "'every' needs 'qty'"),
        ("on: {pick: dearest, sku: B}", "'pick' needs 'qty'"),
        ("on: {sku: B, qty: 1, pick: next}", "name no other goods"),
        ("count: {of: gross}, on: {qty: 1, pick: next}", "after a count of pieces"),
        ("count: {of: gross}, on: {qty: 1, every: 2}", "'every' goes with a quantity"),
        ("count: {over: line}, on: {qty: 1}", "goes with a count over the basket"),
        ("count: {over: period, each: day}, on: {qty: 1}", "goes with a count over the basket"),
        ("stage: order, on: {qty: 1}", "goes with a count over the basket"),
        ("mode: marginal, on: {qty: 1}", "leave 'mode' out"),
        ("on: {sku: B, qty: 0}", "0 is below 1"),
    ],
)
def test_what_means_nothing_is_a_fault(keys: str, fault: str) -> None:
    found = faults_of(f"{HEAD}schemes: [{{id: E, {keys}, slabs: [{{from: 1, percent: 1}}]}}]\n")

    assert any(fault in one for one in found), found


def test_nothing_comes_next_where_nothing_is_counted() -> None:
    rules = f"{HEAD}schemes: [{{id: E, on: {{qty: 1, pick: next@}}, percent: 50}}]\n"

    assert "give 'every', or slabs" in faults_of(rules.replace("@", ""))[0]
    assert faults_of(rules.replace("@", ", every: 2")) == ()


def test_a_slab_that_is_cut_off_is_a_fault_and_one_with_a_gate_is_none() -> None:
    slab = "slabs: [{from: 1, to: 5, @percent: 1}]"
    rules = f"{HEAD}schemes: [{{id: E, on: {{qty: 1}}, {slab}}}]\n"

    assert "only a 'gate: true' ends it" in faults_of(rules.replace("@", ""))[0]
    assert faults_of(rules.replace("@", "gate: true, ")) == ()
