"""Order quantities: minimums, multiples and whole packs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Customer, Result
from tests.unit.rules.making import (
    BASE,
    HEAD,
    Setting,
    batch,
    codes,
    faults_of,
    product,
    roles_of,
    steps,
    words_of,
)

CASES = {"A": product("A", pack_sizes={"CASE": 12}), "B": product("B"), "C": product("C")}


def _rules(*rules: str) -> str:
    return BASE + "quantities:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


def _sold(result: Result) -> list[tuple[int, int]]:
    return [(line.ordered, line.quantity) for line in result.lines]


@pytest.mark.parametrize(
    ("asked", "sold"), [(1, 12), (5, 12), (11, 12), (12, 12), (13, 18), (18, 18), (19, 24)]
)
def test_a_quantity_is_raised_to_the_minimum_and_then_to_the_multiple(
    asked: int, sold: int
) -> None:
    rules = _rules("id: Q, min: 11, multiple: 6, then: round_up")

    result = Setting(rules).decide(("A", asked))

    assert _sold(result) == [(asked, sold)]
    assert result.totals.gross == sold * 1000
    assert codes(result) == ([] if asked == sold else ["quantity_rounded"])
    assert result.outcome == "accept"


def test_what_was_raised_is_told_in_words() -> None:
    rules = _rules("id: Q, in: CASE, min: 2, multiple: 1, then: round_up")

    result = Setting(rules, products=CASES).decide(("A", 5))

    assert words_of(result.reasons[0]) == (
        "5 Product A ordered, it goes from 24 (2 CASE) on and by 12 (1 CASE): 24 are sent"
    )
    assert (result.reasons[0].rule, result.reasons[0].line) == ("Q", 1)


@pytest.mark.parametrize(("then", "outcome"), [("hold", "hold"), ("reject", "reject")])
@pytest.mark.parametrize(
    ("asked", "code"), [(11, "quantity_too_small"), (13, "quantity_not_multiple"), (12, "")]
)
def test_a_required_quantity_holds_or_refuses_and_keeps_what_was_asked(
    then: str, outcome: str, asked: int, code: str
) -> None:
    rules = _rules(f"id: Q, in: CASE, min: 1, multiple: 1, then: {then}")

    result = Setting(rules, products=CASES).decide(("A", asked))

    assert codes(result) == ([code] if code else [])
    assert result.outcome == (outcome if code else "accept")
    assert _sold(result) == [(asked, asked)]


def test_a_minimum_alone_asks_for_no_multiple() -> None:
    rules = _rules("id: Q, in: CASE, min: 1, then: reject")

    result = Setting(rules, products=CASES).decide(("A", 13))

    assert result.outcome == "accept"


def test_a_product_without_the_pack_is_sold_as_asked() -> None:
    rules = _rules("id: Q, in: CASE, multiple: 1, then: reject")

    result = Setting(rules, products=CASES).decide(("B", 5))

    assert result.outcome == "accept"


def test_lines_of_one_product_count_together_and_the_largest_is_raised() -> None:
    rules = _rules("id: Q, multiple: 12, then: round_up")

    whole = Setting(rules).decide(("A", 7), ("A", 5))
    raised = Setting(rules).decide(("A", 7), ("A", 4))

    assert (_sold(whole), codes(whole)) == ([(7, 7), (5, 5)], [])
    assert _sold(raised) == [(7, 8), (4, 4)]


def test_the_narrower_rule_holds_for_the_product_and_the_customer() -> None:
    rules = _rules(
        "id: ALL, multiple: 6, then: round_up",
        "id: KIOSK, when: {customer.type: kiosk}, multiple: 2, then: round_up",
        "id: FREE, when: {customer.type: kiosk, sku: B}, min: 1, then: round_up",
    )

    shop = Setting(rules).decide(("A", 1), ("B", 1))
    kiosk = Setting(rules, customer=Customer("C1", "kiosk")).decide(("A", 1), ("B", 1))

    assert _sold(shop) == [(1, 6), (1, 6)]
    assert _sold(kiosk) == [(1, 2), (1, 1)]
    assert steps(kiosk, "quantity_rounded") == ["KIOSK"]


def test_what_is_raised_earns_schemes_and_counts_for_the_shown_price() -> None:
    rules = _rules("id: Q, multiple: 12, then: round_up")
    rules += "schemes: [{id: V, slabs: [{from: 12, percent: 10}]}]\n"

    raised = Setting(rules).decide(("A", 10))
    again = Setting(rules, batches=(batch("P", "A", 100),)).decide(("A", 10))

    assert (raised.totals.gross, raised.totals.net) == (12_000, 10_800)
    assert raised.price_hash == again.price_hash


@pytest.mark.parametrize(("stock", "sold"), [(36, 36), (35, 24), (24, 24), (23, 12)])
def test_no_pack_is_opened_because_stock_is_short(stock: int, sold: int) -> None:
    rules = _rules("id: Q, in: CASE, min: 3, multiple: 1, then: round_up")

    result = Setting(rules, products=CASES, batches=(batch("P", "A", stock),)).decide(("A", 30))

    assert _sold(result) == [(30, sold)]
    assert sum(short.missing for short in result.shorts) == 36 - sold
    assert [part.quantity for part in result.allocations] == [sold]
    assert codes(result)[0] == ("quantity_rounded" if sold == 36 else "short_stock")


def test_less_than_one_pack_in_stock_is_nothing() -> None:
    rules = _rules("id: Q, in: CASE, multiple: 1, then: reject")

    result = Setting(rules, products=CASES, batches=(batch("P", "A", 11),)).decide(("A", 12))

    assert (result.outcome, result.totals.payable) == ("reject", 0)


def test_a_held_quantity_stays_held_when_another_line_is_cut() -> None:
    rules = _rules("id: Q, when: {sku: A}, multiple: 12, then: hold")
    batches = (batch("P", "A", 100), batch("X", "B", 1))

    result = Setting(rules, batches=batches).decide(("A", 10), ("B", 2))

    assert result.outcome == "hold"
    assert codes(result) == ["quantity_not_multiple", "short_stock"]


def test_an_approval_may_release_a_quantity() -> None:
    rules = _rules("id: Q, min: 12, then: hold")
    rules += "approvals: [{id: DESK, on: quantity_too_small, levels: [{role: clerk}]}]\n"

    result = Setting(rules).decide(("A", 1))

    assert [(need.code, roles_of(need)) for need in result.approvals] == [
        ("quantity_too_small", "clerk")
    ]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("id: Q, min: 2", "'then' is missing: round_up, hold or reject"),
        ("id: Q, then: hold", "needs 'min' or 'multiple': the rule would ask for nothing"),
        ("id: Q, min: 0, then: hold", "0 is below 1"),
        ("id: Q, multiple: 1, then: hold", "everything is a multiple of 1: name a unit with 'in'"),
        ("id: Q, minimum: 2, then: hold", "unknown key 'minimum'"),
    ],
)
def test_a_rule_that_asks_for_nothing_or_says_not_what_then_is_a_fault(
    rule: str, fault: str
) -> None:
    assert any(fault in one for one in faults_of(HEAD + _rules(rule)))


def test_two_rules_that_tie_are_a_fault() -> None:
    rules = _rules("id: Q, min: 2, then: hold", "id: R, min: 3, then: hold")

    assert any("neither wins" in fault for fault in faults_of(HEAD + rules))


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 60)), min_size=1, max_size=5),
    st.fixed_dictionaries({"A": st.integers(0, 150), "B": st.integers(0, 150)}),
    st.sampled_from(["round_up", "reject"]),
)
def test_whatever_stock_there_is_only_whole_packs_leave(
    lines: list[tuple[str, int]], stock: dict[str, int], then: str
) -> None:
    rules = _rules(f"id: Q, when: {{sku: A}}, in: CASE, min: 2, multiple: 1, then: {then}")
    batches = [batch(sku, sku, count) for sku, count in stock.items()]

    result = Setting(rules, products=CASES, batches=batches).decide(*lines)

    if result.outcome == "accept":
        sold = {sku: sum(line.quantity for line in result.lines if line.sku == sku) for sku in "AB"}
        picked = {part.sku: 0 for part in result.allocations}
        for part in result.allocations:
            picked[part.sku] += part.quantity
        assert sold["A"] % 12 == 0
        assert all(sold[sku] <= stock[sku] for sku in "AB")
        assert {sku: count for sku, count in sold.items() if count} == picked
        ordered = sum(line.ordered for line in result.lines if line.sku == "A")
        assert sold["A"] < ordered + 24
