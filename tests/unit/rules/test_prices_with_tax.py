"""Thresholds without the tax that prices include, and what one rule says for itself."""

import pytest

from rules import Order, OrderLine, Quantity, evaluate
from tests.unit.rules.making import BASE, HEAD, TODAY, Setting, faults_of, pack_of, product

INCLUSIVE = HEAD.replace("{", "{tax: inclusive, ", 1)
TAX = "taxes: [{id: T, heads: {CGST: 6, SGST: 6}}]\n"
COUNTS = [
    "count: {over: line, of: gross, without_tax: true}",
    "count: {over: basket, of: gross, without_tax: true}",
    "count: {over: basket, of: net, without_tax: true}",
    "count: {over: period, each: month, of: gross, without_tax: true}",
    "stage: order, count: {without_tax: true}",
    "stage: order, count: {of: gross, without_tax: true}",
]


@pytest.mark.parametrize("count", COUNTS)
def test_a_threshold_without_tax_is_reached_later(count: str) -> None:
    scheme = f"schemes: [{{id: S, {count}, slabs: [{{from: 100.00, percent: 10}}]}}]\n"
    rules = f"prices: [{{id: P, level: default, rates: {{A: 11.20}}}}]\n{TAX}{scheme}"
    setting = Setting(rules, head=INCLUSIVE)

    # Ten are 112.00 on the tag and 100.00 without tax; of nine 100.80 there are 90.00.
    assert setting.decide(("A", 10)).totals.payable == 10_080
    assert setting.decide(("A", 9)).totals.payable == 10_080


def test_a_tax_by_the_piece_comes_off_first() -> None:
    rules = (
        "prices: [{id: P, level: default, rates: {A: 11.00}}]\n"
        "taxes: [{id: T, heads: {CESS: {amount: 1.00}}}]\n"
        "schemes: [{id: S, count: {of: gross, without_tax: true}, slabs: [{from: 20.00, percent: "
        "10}]}]\n"
    )
    setting = Setting(rules, head=INCLUSIVE)

    assert [setting.decide(("A", count)).totals.payable for count in (1, 2)] == [1100, 1980]


@pytest.mark.parametrize(
    ("head", "count", "fault"),
    [
        (HEAD, "of: gross", "prices of this pack are without tax: leave 'without_tax' out"),
        (INCLUSIVE, "of: qty", "'without_tax' is of money: count 'gross' or 'net'"),
    ],
)
def test_a_threshold_that_cannot_be_without_tax_is_a_fault(
    head: str, count: str, fault: str
) -> None:
    scheme = f"{{id: S, count: {{{count}, without_tax: true}}, slabs: [{{from: 1, percent: 1}}]}}"

    assert any(fault in one for one in faults_of(f"{head}schemes: [{scheme}]\n"))


@pytest.mark.parametrize(
    ("pack", "rule", "outcome"),
    [("hold", "allow", "accept"), ("allow", "reject", "reject"), ("reject", "hold", "hold")],
)
def test_one_list_says_by_itself_what_happens_above_the_mrp(
    pack: str, rule: str, outcome: str
) -> None:
    head = HEAD.replace("{", f"{{above_mrp: {pack}, ", 1)
    rules = f"prices: [{{id: P, level: default, above_mrp: {rule}, rates: {{A: 10.00}}}}]\n"
    setting = Setting(rules, head=head, products={"A": product("A", mrp=90_000)})

    assert setting.decide(("A", 1)).outcome == outcome


def test_a_level_may_hold_for_everybody_where_it_says_so() -> None:
    rules = (
        "prices: [{id: P, level: default, rates: {A: 10.00}}, "
        "{id: LAW, level: customer, @rates: {A: 8.00}}]\n"
    )

    assert Setting(rules.replace("@", "for_all: true, ")).decide(("A", 1)).totals.net == 800
    assert "or 'for_all: true' where it holds" in faults_of(f"{HEAD}{rules.replace('@', '')}")[0]
    named = rules.replace("@", "for_all: true, when: {customer: C1}, ")
    assert "'for_all' is for a level without its condition" in faults_of(f"{HEAD}{named}")[0]


@pytest.mark.parametrize(("unit", "asked"), [("CASE", ("CASE", 12, 1_200_000)), ("PCS", None)])
def test_a_line_tells_the_price_of_the_unit_it_was_ordered_in(
    unit: str, asked: tuple[str, int, int] | None
) -> None:
    setting = Setting(BASE, products={"A": product("A", pack_sizes={"CASE": 12})})
    order = Order("O", "C1", TODAY, (OrderLine(1, "A", Quantity(18), unit),))

    (line,) = evaluate(order, setting.facts(), setting.counters, pack_of(BASE)).lines

    assert (line.asked, line.unit_price, line.pack) == (asked, 100_000, None)
