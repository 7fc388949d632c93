"""Discounts that whoever places an order asks for on a line."""

from dataclasses import replace

import pytest

from rules import Order, Rate, Result, UnitPrice, evaluate
from tests.unit.rules.making import BASE, HEAD, Setting, batch, faults_of, pack_of, words_of

DESK = "approvals: [{id: DESK, on: discount_above_limit, levels: [{role: clerk}]}]\n"


def asking(
    rules: str, quantity: int, *, percent: int = 0, each: int = 0, setting: Setting | None = None
) -> Result:
    """Decide an order of one line of 10.00 a piece that asks for so much off."""
    here = setting or Setting(f"{BASE}{DESK}{rules}")
    order = asked_for(here.order(("A", quantity)), percent=percent, each=each)
    return evaluate(order, here.facts(), here.counters, pack_of(here.rules))


def asked_for(order: Order, *, percent: int, each: int) -> Order:
    """Let every line of an order ask for a discount."""
    lines = (
        replace(line, percent_off=Rate(percent), off_each=UnitPrice(each)) for line in order.lines
    )
    return replace(order, lines=tuple(lines))


@pytest.mark.parametrize(
    ("rule", "asked", "discount", "outcome", "told"),
    [
        ("percent: 5, above: approve", (50_000, 0), 500, "accept", []),
        ("percent: 5, above: approve", (50_001, 0), 500, "accept", []),
        ("percent: 5, above: approve", (60_000, 0), 600, "hold", ["discount_above_limit"]),
        ("percent: 5, above: cut", (60_000, 0), 500, "accept", ["discount_cut"]),
        ("percent: 5, above: refuse", (60_000, 0), 0, "reject", ["discount_refused"]),
        ("amount: 0.50, above: cut", (0, 5_000), 500, "accept", []),
        ("amount: 0.50, above: cut", (10_000, 5_000), 500, "accept", ["discount_cut"]),
        ("percent: 100, above: cut", (1_000_000, 10_000), 10_000, "accept", ["discount_cut"]),
        ("percent: 5, when: {sku: B}, above: cut", (100, 0), 0, "accept", ["discount_not_given"]),
        ("percent: 5, above: cut", (-1, 0), 0, "reject", ["discount_invalid"]),
        ("percent: 5, above: cut", (1_000_001, 0), 0, "reject", ["discount_invalid"]),
        ("percent: 5, above: cut", (0, -1), 0, "reject", ["discount_invalid"]),
    ],
)
def test_a_rule_says_how_much_is_given_at_once_and_what_follows_above(
    rule: str, asked: tuple[int, int], discount: int, outcome: str, told: list[str]
) -> None:
    result = asking(f"discounts: [{{id: ASK, {rule}}}]\n", 10, percent=asked[0], each=asked[1])

    assert (result.totals.discount, result.outcome) == (discount, outcome)
    assert [reason.code for reason in result.reasons] == told


def test_an_approval_is_about_what_is_above_the_limit() -> None:
    result = asking("discounts: [{id: ASK, percent: 5, above: approve}]\n", 10, percent=80_000)

    assert [(need.rule, need.amount) for need in result.approvals] == [("DESK", 300)]
    assert [words_of(reason) for reason in result.reasons] == [
        "8.00 off Product A is asked for, 5.00 is given without an approval"
    ]


def test_the_narrowest_rule_counts_and_schemes_come_first() -> None:
    rules = (
        "discounts: [{id: ALL, percent: 50, above: cut}, "
        "{id: FEW, when: {sku: A}, percent: 1, above: cut}]\n"
        "schemes: [{id: S, percent: 99.5}]\n"
    )

    result = asking(rules, 10, percent=500_000)

    # 100.00 less 99.50 leaves 0.50, and the discount of 1.00 takes no more than that.
    assert result.totals.net == 0
    assert [code for code, _, _ in result.moved()] == ["priced", "scheme_applied", "scheme_applied"]


def test_a_line_that_stock_cuts_keeps_its_discount_by_the_piece() -> None:
    rules = f"{BASE}discounts: [{{id: ASK, amount: 1.00, above: cut}}]\n"
    setting = Setting(rules, batches=[batch("B1", "A", 4)])

    result = asking("", 10, each=10_000, setting=setting)

    assert (result.lines[0].quantity, result.totals.discount) == (4, 400)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("percent: 5", "'above' is missing, what follows above it: approve, cut, refuse"),
        ("percent: 5, above: ask", "'ask' is not one of approve, cut, refuse"),
        ("above: cut", "needs exactly one of 'percent', 'amount'"),
        ("percent: 101, above: cut", "101 is above 100"),
    ],
)
def test_a_rule_that_leaves_something_open_is_a_fault(rule: str, fault: str) -> None:
    found = faults_of(f"{HEAD}discounts: [{{id: ASK, {rule}}}]\n")

    assert any(fault in one for one in found), found
