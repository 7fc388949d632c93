"""What moves a price: margins first, then adjustments, from the lowest level up."""

import pytest

from rules import Customer
from tests.unit.rules.making import HEAD, Setting, codes, faults_of, words_of

BASE = "  - {id: BASE, level: default, rates: {A: 10.00}}\n"
LOW = "id: LOW, level: geography, when: {geo: IN}"
HIGH = "id: HIGH, level: customer, when: {customer: C1}"
INDIA = Customer("C1", geo=("IN",))


def _rules(*rules: str) -> str:
    return "prices:\n" + BASE + "".join(f"  - {{{rule}}}\n" for rule in rules)


@pytest.mark.parametrize(
    ("rules", "price"),
    [
        ([f"{HIGH}, adjust: {{amount: 1.50}}"], 115_000),
        ([f"{HIGH}, adjust: {{amount: -1.50}}"], 85_000),
        ([f"{HIGH}, adjust: {{amount: 0.0001}}"], 100_001),
        ([f"{HIGH}, margin: {{percent: 10}}"], 110_000),
        ([f"{HIGH}, margin: {{amount: 2.00}}"], 120_000),
        ([f"{HIGH}, margin: {{percent: 10}}, adjust: {{percent: -10}}"], 99_000),
        ([f"{HIGH}, margin: {{percent: 10}}, adjust: {{amount: -1.00}}"], 100_000),
        # The margin is put on the list price, whichever of the two levels it is at.
        ([f"{LOW}, adjust: {{amount: -1.00}}", f"{HIGH}, margin: {{percent: 10}}"], 100_000),
        ([f"{LOW}, margin: {{percent: 10}}", f"{HIGH}, adjust: {{amount: -1.00}}"], 100_000),
        ([f"{LOW}, margin: {{percent: 10}}", f"{HIGH}, margin: {{amount: 1.00}}"], 120_000),
        ([f"{LOW}, margin: {{amount: 1.00}}", f"{HIGH}, margin: {{percent: 10}}"], 121_000),
    ],
)
def test_margins_come_first_then_adjustments(rules: list[str], price: int) -> None:
    result = Setting(_rules(*rules), customer=INDIA).decide(("A", 1))

    assert result.lines[0].unit_price == price


def test_every_step_of_a_price_is_told_in_its_turn() -> None:
    rules = _rules(
        f"{LOW}, adjust: {{amount: -1.00}}",
        f"{HIGH}, margin: {{percent: 10}}, adjust: {{percent: 5}}",
    )

    result = Setting(rules, customer=INDIA).decide(("A", 1))

    assert words_of(result.trace[0]) == (
        "10.50 each, from BASE and a margin of 10 % by HIGH and -1.00 a piece by LOW "
        "and 5 % by HIGH"
    )
    assert result.lines[0].price_rule == "HIGH"


@pytest.mark.parametrize("amount", ["-10.00", "-10.01", "-99999999.00"])
def test_a_price_that_is_lowered_to_nothing_is_no_price(amount: str) -> None:
    result = Setting(_rules(f"{HIGH}, adjust: {{amount: {amount}}}")).decide(("A", 1))

    assert codes(result) == ["line_unpriced"]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (f"{HIGH}, margin: {{percent: 0}}", "0 is below 0.0001"),
        (f"{HIGH}, margin: {{percent: -5}}", "-5 is below 0.0001"),
        (f"{HIGH}, margin: {{amount: -5}}", "-5 is below 0.0001"),
        (f"{HIGH}, margin: {{}}", "needs exactly one of 'percent', 'amount'"),
        (f"{HIGH}, adjust: {{percent: 1, amount: 1}}", "needs exactly one of 'percent', 'amount'"),
        (f"{HIGH}, adjust: {{amount: 0.00001}}", "has more than 4 decimals"),
        (f"{HIGH}, margin: 5", "'margin' is a mapping"),
        (f"{HIGH}, margin: {{percent: 5}}, rates: {{A: 1}}", "needs exactly one of 'csv', 'rates'"),
        (
            "id: X, level: default, priority: 1, margin: {percent: 5}",
            "nothing lies below level 'default'",
        ),
        (f"{HIGH}", "needs exactly one of 'csv', 'rates', 'adjust', 'margin', 'mrp'"),
    ],
)
def test_a_move_that_makes_no_sense_is_a_fault(rule: str, fault: str) -> None:
    faults = faults_of(HEAD + _rules(rule))

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:4:")
    assert fault in faults[0]
