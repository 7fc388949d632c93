"""Free goods of which the shop chooses one."""

import pytest

from rules import Result
from tests.unit.rules.making import BASE, Setting, faults_of, pack_of, words_of


def choosing(pick: str = "pick: cheapest", beside: str = "") -> str:
    """Write a scheme that gives one of B, C and X for ten of A; X has no price."""
    item = f"{{choice: [B, C, X], {pick}}}"
    free = f"free: {{every: 10, give: 1, item: {item}}}"
    return f"{BASE}schemes: [{{id: F, when: {{sku: A}}, {free}{beside}}}]"


def given(result: Result) -> list[tuple[str, int]]:
    """Give the free goods."""
    return [(goods.sku, goods.earned) for goods in result.free]


@pytest.mark.parametrize(
    ("pick", "wish", "sku"),
    [
        ("pick: cheapest", {}, "C"),
        ("pick: dearest", {}, "B"),
        ("", {}, "C"),
        ("pick: cheapest", {"F": "B"}, "B"),
        ("pick: dearest", {"F": "C"}, "C"),
        ("pick: cheapest", {"F": "X"}, "X"),
        ("pick: cheapest", {"G": "B"}, "C"),
    ],
)
def test_the_wish_decides_and_without_one_the_rule(
    pick: str, wish: dict[str, str], sku: str
) -> None:
    result = Setting(choosing(pick), choices=wish).decide(("A", 25))

    assert given(result) == [(sku, 2)]


def test_a_wish_for_what_is_not_offered_is_told_and_the_rule_decides() -> None:
    result = Setting(choosing(), choices={"F": "A"}).decide(("A", 10))

    told = [words_of(reason) for reason in result.trace if reason.code == "choice_unknown"]
    assert told == ["F does not offer A: it gives C"]
    assert given(result) == [("C", 1)]
    assert result.reasons == ()


def test_of_products_at_one_price_the_first_is_given_and_without_prices_too() -> None:
    scheme = "schemes: [{id: F, when: {sku: A}, free: {every: 1, give: 1, item: {choice: [X, B]}}}]"
    alike = "prices: [{id: P, level: default, rates: {A: 1.00, B: 2.00, X: 2.00}}]\n"
    unpriced = "prices: [{id: P, level: default, rates: {A: 1.00}}]\n"

    results = [Setting(rules + scheme).decide(("A", 1)) for rules in (alike, unpriced)]

    assert [given(one) for one in results] == [[("B", 1)], [("B", 1)]]


def test_what_is_almost_earned_names_what_is_chosen() -> None:
    near = Setting(choosing(), choices={"F": "B"}).decide(("A", 9))

    assert [words_of(miss) for miss in near.near_misses] == [
        "1 more of Product A and you get 1 Product B free"
    ]


def test_a_budget_pays_for_the_chosen_product_at_its_own_price() -> None:
    rules = choosing(beside=", budget: {amount: 20.00}")

    dear = Setting(rules, choices={"F": "B"}).decide(("A", 30))
    cheap = Setting(rules).decide(("A", 30))

    assert [given(one) for one in (dear, cheap)] == [[("B", 1)], [("C", 3)]]


def test_all_products_of_a_choice_are_named_so_that_their_stock_is_known() -> None:
    assert pack_of(choosing()).named_products == {"B", "C", "X"}


@pytest.mark.parametrize(
    ("free", "fault"),
    [
        ("item: {choice: [B]}", "a choice is of two products or more"),
        ("item: {pick: cheapest}", "a choice is of two products or more"),
        ("item: {choice: [B, C], pick: best}", "'best' is not one of cheapest, dearest"),
        ("item: {choice: [B, C], of: 2}", "unknown key 'of'"),
        ("item: {choice: [B, C]}, inside: true", "the 'same' or the 'cheapest'"),
    ],
)
def test_a_choice_that_says_nothing_is_refused(free: str, fault: str) -> None:
    found = faults_of(f"schemes: [{{id: F, free: {{every: 1, give: 1, {free}}}}}]")

    assert any(fault in one for one in found)
