"""Floors: below which price a person decides."""

from typing import Any

import pytest

from rules import Customer, Minor, UnitPrice
from tests.unit.rules.making import (
    BASE,
    HEAD,
    Setting,
    batch,
    codes,
    faults_of,
    limit,
    product,
    roles_of,
    steps,
    words_of,
)

SCHEMES = """
schemes:
  - {id: L, when: {sku: A}, slabs: [{from: 10, percent: 10}, {from: 20, percent: 11}]}
  - {id: O, stage: order, slabs: [{from: 1000.00, percent: 5}]}
approvals: [{id: DESK, on: below_floor, levels: [{role: clerk, up_to: 5.00}, {role: head}]}]
"""


def _floors(*rules: str) -> str:
    return BASE + "floors:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules) + SCHEMES


@pytest.mark.parametrize("floor", ["percent: 90", "rates: {A: 9.00}"])
@pytest.mark.parametrize(
    ("quantity", "expected"), [(1, []), (10, []), (19, []), (20, ["below_floor"])]
)
def test_a_line_may_reach_its_floor_and_not_go_below(
    floor: str, quantity: int, expected: list[str]
) -> None:
    result = Setting(_floors(f"id: F, {floor}")).decide(("A", quantity))

    assert codes(result) == expected
    assert result.outcome == ("hold" if expected else "accept")


def test_what_is_missing_is_told_and_decides_who_may_release_it() -> None:
    little = Setting(_floors("id: F, percent: 90")).decide(("A", 50))
    much = Setting(_floors("id: F, percent: 90")).decide(("A", 51))

    assert words_of(little.reasons[0]) == "Product A for 445.00, the floor is 450.00"
    assert (little.reasons[0].rule, little.reasons[0].line) == ("F", 1)
    assert little.reasons[0].amount == Minor(500)
    assert [roles_of(result.approvals[0]) for result in (little, much)] == ["clerk", "head"]


def test_the_share_of_an_order_discount_counts() -> None:
    rules = _floors("id: F, when: {sku: B}, percent: 96")

    below = Setting(rules).decide(("B", 50))
    above = Setting(rules).decide(("B", 49))

    assert (codes(below), codes(above)) == (["below_floor"], [])


def test_rounding_breaks_no_floor() -> None:
    rules = _floors("id: F, percent: 90").replace("A: 10.00", "A: 0.015")

    result = Setting(rules).decide(("A", 10))

    assert (result.lines[0].gross, result.lines[0].net) == (15, 13)
    assert codes(result) == []


def test_the_narrower_floor_that_knows_the_product_holds() -> None:
    rules = _floors(
        "id: ALL, percent: 100",
        "id: VIP, when: {customer.type: vip}, rates: {A: 5.00}",
    )
    customer = Customer("C1", "vip")

    listed = Setting(rules, customer=customer).decide(("A", 10))
    unlisted = Setting(rules, customer=customer).decide(("B", 50))

    assert codes(listed) == []
    assert [reason.rule for reason in unlisted.reasons] == ["ALL"]


def test_a_floor_changes_no_price() -> None:
    held = Setting(_floors("id: F, percent: 100")).decide(("A", 10))
    free = Setting(BASE + SCHEMES).decide(("A", 10))

    assert held.outcome == "hold"
    assert (held.price_hash, held.totals) == (free.price_hash, free.totals)


def test_prices_that_include_tax_are_compared_with_floors_that_do() -> None:
    head = HEAD.replace("}", ", tax: inclusive}")
    rules = _floors("id: F, rates: {A: 9.00}") + "taxes: [{id: T, heads: {VAT: 20}}]\n"

    result = Setting(rules, head=head).decide(("A", 10))

    assert (codes(result), result.totals.payable) == ([], 9_000)


def test_a_cut_that_loses_the_discount_lifts_the_price_above_its_floor() -> None:
    rules = _floors("id: F, percent: 90")

    result = Setting(rules, batches=(batch("P", "A", 19),), credit=limit(10**6)).decide(("A", 20))

    assert (result.outcome, codes(result)) == ("accept", ["short_stock"])


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("id: F", "needs exactly one of 'csv', 'rates', 'percent'"),
        ("id: F, percent: 101", "101 is above 100"),
        ("id: F, rates: {A: 0}", "0 is below 0.0001"),
    ],
)
def test_a_floor_that_makes_no_sense_is_a_fault(rule: str, fault: str) -> None:
    assert any(fault in one for one in faults_of(HEAD + _floors(rule)))


def test_two_floors_that_tie_are_a_fault() -> None:
    faults = faults_of(HEAD + _floors("id: F, percent: 90", "id: G, rates: {A: 1.00}"))

    assert any("neither wins" in fault for fault in faults)


COSTLY = """
prices: [{id: BASE, level: default, rates: {A: 110.00}}]
schemes: [{id: OFF, slabs: [{from: 10, amount: 70.00}, {from: 20, amount: 140.01}]}]
floors: [{id: COST, cost: {percent: 103}}]
approvals: [{id: DESK, on: below_floor, levels: [{role: clerk, up_to: 2000.00}, {role: head}]}]
"""


def _costing(cost: int | None, **fields: Any) -> Setting:
    made = product("A", cost=None if cost is None else UnitPrice(cost))
    return Setting(COSTLY, products={"A": made}, **fields)


@pytest.mark.parametrize(("quantity", "expected"), [(1, []), (10, []), (20, ["below_floor"])])
def test_a_line_may_reach_its_share_of_cost_and_not_go_below(
    quantity: int, expected: list[str]
) -> None:
    # 103 % of ten at 100.00 are 1,030.00: what is paid for ten. Twenty are a paisa short.
    assert codes(_costing(1_000_000).decide(("A", quantity))) == expected


def test_a_floor_of_a_part_of_a_coin_is_not_rounded_down() -> None:
    # 103 % of 106.7962 are 110.000086: a price of 110.00 does not reach it.
    assert codes(_costing(1_067_962).decide(("A", 1))) == ["below_floor"]


def test_no_word_or_number_of_a_decision_gives_the_cost_away() -> None:
    dear, dearer = (_costing(cost).decide(("A", 20)) for cost in (1_000_000, 1_200_000))

    assert words_of(dear.reasons[0]) == "Product A for 2059.99, below its floor"
    assert dear == dearer


def test_what_is_to_pay_decides_who_may_sell_below_cost() -> None:
    assert roles_of(_costing(1_000_000).decide(("A", 20)).approvals[0]) == "head"


def test_a_terminal_that_does_not_know_the_cost_shows_the_same_price() -> None:
    hub, terminal = (_costing(cost).decide(("A", 20)) for cost in (1_000_000, None))

    assert (hub.outcome, terminal.outcome) == ("hold", "accept")
    assert hub.price_hash == terminal.price_hash
    assert steps(terminal, "cost_not_known") == ["COST"]


def test_where_the_cost_is_not_known_the_next_floor_holds() -> None:
    rules = COSTLY.replace(
        "floors: [", "floors: [{id: WIDE, percent: 99}, {id: NEAR, priority: 1, percent: 1},"
    ).replace("{id: COST,", "{id: COST, when: {sku: A},")

    result = Setting(rules, products={"A": product("A")}).decide(("A", 20))

    assert (codes(result), steps(result, "cost_not_known")) == ([], ["COST"])
