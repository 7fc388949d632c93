"""Prices for a unit of measure: a case is priced as a case, and its factor is never lost."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules import (
    Counters,
    Customer,
    LineAmount,
    Minor,
    OrderLine,
    Quantity,
    Result,
    UnitPrice,
    evaluate,
    load_pack,
)
from rules.engine.result import PackPrice
from tests.unit.rules.making import (
    HEAD,
    TODAY,
    Setting,
    batch,
    codes,
    faults_of,
    limit,
    pack_of,
    product,
    read_text,
    steps,
    words_of,
)

LISTS = """
prices:
  - {id: PIECE, level: default, rates: {A: 10.00, B: 7.00}}
  - {id: CASE, level: default, per: CASE, rates: {A: 100.01, C: 50.00}}
  - {id: BOX, level: default, per: BOX, rates: {A: 33.00}}
  - {id: KA, level: geography, when: {geo: IN/KA}, adjust: {percent: 10}}
  - {id: KL, level: geography, when: {geo: IN/KL}, adjust: {amount: 0.50}}
  - {id: MINE, level: customer, when: {customer: C9}, rates: {A: 9.00}}
  - {id: TEN, level: customer, when: {customer: C10}, per: CASE, rates: {A: 90.00}}
"""
SIZES = {"CASE": 12, "BOX": 4}
PRODUCTS = {
    "A": product("A", pack_sizes=SIZES),
    "B": product("B", pack_sizes=SIZES),
    "C": product("C"),
}
KA, KL = ("IN", "KA"), ("IN", "KL")


def _decide(sku: str, quantity: int, unit: str | None, **fields: Any) -> Result:
    setting = replace(Setting(LISTS, products=PRODUCTS), **fields)
    line = OrderLine(1, sku, Quantity(quantity), unit=unit)
    order = replace(setting.order(), lines=(line,))
    return evaluate(order, setting.facts(), setting.counters, pack_of(setting.rules))


@pytest.mark.parametrize(
    ("quantity", "unit", "rule", "gross"),
    [
        (12, "CASE", "CASE", 10_001),
        (36, "CASE", "CASE", 30_003),
        (36_000_000_000, "CASE", "CASE", 30_003_000_000_000),
        (4, "BOX", "BOX", 3_300),
        (12, "BOX", "BOX", 9_900),
        (12, None, "PIECE", 12_000),
        (12, "PCS", "PIECE", 12_000),
        (12, "PALLET", "PIECE", 12_000),
        (11, "CASE", "PIECE", 11_000),
        (13, "CASE", "PIECE", 13_000),
        (1, "CASE", "PIECE", 1_000),
    ],
)
def test_a_list_for_a_unit_prices_whole_packs_ordered_in_it(
    quantity: int, unit: str | None, rule: str, gross: int
) -> None:
    result = _decide("A", quantity, unit)

    assert (result.lines[0].price_rule, result.totals.gross) == (rule, gross)


def test_the_pack_is_priced_exactly_and_its_piece_only_shown() -> None:
    line = _decide("A", 36, "CASE").lines[0]

    assert line.pack == PackPrice("CASE", Quantity(12), UnitPrice(1_000_100))
    assert line.unit_price == 83_342
    assert line.gross == Minor(30_003)


def test_a_line_priced_by_the_piece_shows_no_pack() -> None:
    assert _decide("A", 12, None).lines[0].pack is None


@pytest.mark.parametrize(
    ("customer", "gross", "text"),
    [
        (Customer("C1", geo=KA), 11_001, "110.011 a CASE of 12, from CASE and 10 % by KA"),
        (Customer("C1", geo=KL), 10_601, "106.01 a CASE of 12, from CASE and 0.50 a piece by KL"),
    ],
)
def test_what_moves_the_price_of_a_case_counts_for_all_its_pieces(
    customer: Customer, gross: int, text: str
) -> None:
    result = _decide("A", 12, "CASE", customer=customer)

    assert result.totals.gross == gross
    assert [words_of(one) for one in result.trace if one.code == "priced"] == [text]


@pytest.mark.parametrize("unit", [None, "CASE"])
def test_a_customers_price_of_a_piece_counts_for_each_piece_of_a_case(unit: str | None) -> None:
    result = _decide("A", 24, unit, customer=Customer("C9"))

    assert (result.lines[0].price_rule, result.totals.gross) == ("MINE", 21_600)


def test_a_count_that_is_no_whole_pack_says_which_list_it_missed() -> None:
    result = _decide("A", 18, "CASE", customer=Customer("C10"))

    told = [(one.rule, words_of(one)) for one in result.trace if one.code == "list_passed_over"]
    assert told == [
        ("TEN", "TEN is for a CASE of 12, 18 Product A are no whole number of them"),
        ("CASE", "CASE is for a CASE of 12, 18 Product A are no whole number of them"),
    ]
    assert (result.outcome, result.lines[0].price_rule) == ("accept", "PIECE")


def test_a_weaker_list_that_is_not_needed_is_not_told() -> None:
    result = _decide("A", 18, "CASE", customer=Customer("C9"))

    assert steps(result, "list_passed_over") == []


def test_a_list_for_a_unit_that_the_product_lacks_does_not_hold() -> None:
    result = _decide("C", 12, "CASE")

    assert codes(result) == ["line_unpriced"]
    assert [words_of(one) for one in result.trace if one.code == "list_unit_unknown"] == [
        "CASE is for a CASE, Product C has none"
    ]


def test_a_base_unit_may_be_named() -> None:
    rules = "prices: [{id: P, level: default, per: PCS, rates: {A: 10.00}}]"

    assert _decide("A", 5, None, rules=rules).totals.gross == 5_000
    assert _decide("A", 5, "PCS", rules=rules).totals.gross == 5_000
    assert codes(_decide("A", 12, "CASE", rules=rules)) == ["line_unpriced"]


def test_a_pack_that_costs_less_than_its_pieces_can_show_is_unpriced() -> None:
    rules = "prices: [{id: P, level: default, per: CASE, rates: {A: 0.0001}}]"

    assert codes(_decide("A", 12_000_000, "CASE", rules=rules)) == ["line_unpriced"]


def test_what_stock_cuts_leaves_whole_packs_at_the_price_of_the_pack() -> None:
    stock = {"batches": (batch("P", "A", 30),), "credit": limit(10**9)}

    result = _decide("A", 36, "CASE", **stock)

    line = result.lines[0]
    assert (line.quantity, line.price_rule, line.gross) == (24, "CASE", 20_002)
    assert codes(result) == ["short_stock", "quantity_rounded"]


@pytest.mark.parametrize(("stock", "sold"), [(40, 40), (39, 20), (32, 20), (19, 0)])
def test_what_stock_leaves_is_whole_packs_and_a_whole_multiple_at_once(
    stock: int, sold: int
) -> None:
    rules = f"{LISTS}quantities: [{{id: FIVES, multiple: 5, then: round_up}}]\n"
    batches = (batch("P", "A", stock), batch("Q", "B", 5))
    setting = Setting(rules, products=PRODUCTS, batches=batches, credit=limit(10**9))
    lines = (OrderLine(1, "A", Quantity(40), unit="BOX"), OrderLine(2, "B", Quantity(5)))

    result = evaluate(
        replace(setting.order(), lines=lines), setting.facts(), setting.counters, pack_of(rules)
    )

    assert (result.lines[0].price_rule, result.lines[0].quantity) == ("BOX", sold)
    assert sum(short.missing for short in result.shorts) == 40 - sold


@pytest.mark.parametrize(("stock", "gross"), [(30, 30_000), (24, 24_000), (12, 12_000), (0, 0)])
def test_what_stock_leaves_keeps_the_list_that_what_was_asked_had(stock: int, gross: int) -> None:
    rules = LISTS.replace("100.01", "199.99")
    batches = (batch("P", "A", stock), batch("Q", "B", 1))
    setting = Setting(rules, products=PRODUCTS, batches=batches, credit=limit(10**9))
    lines = (OrderLine(1, "A", Quantity(30), unit="CASE"), OrderLine(2, "B", Quantity(1)))

    result = evaluate(
        replace(setting.order(), lines=lines), setting.facts(), setting.counters, pack_of(rules)
    )

    # Twelve and twenty-four are whole cases now; the shop was shown 10.00 a piece.
    assert (result.lines[0].price_rule, result.lines[0].gross) == ("PIECE", gross)


@pytest.mark.parametrize(
    ("then", "outcome", "rule", "gross"),
    [("round_up", "accept", "CASE", 20_002), ("hold", "hold", "PIECE", 18_000)],
)
def test_a_quantity_rule_says_what_becomes_of_a_part_of_a_case(
    then: str, outcome: str, rule: str, gross: int
) -> None:
    rules = f"{LISTS}quantities: [{{id: WHOLE, in: CASE, multiple: 1, then: {then}}}]\n"

    result = _decide("A", 18, "CASE", rules=rules)

    assert (result.outcome, result.lines[0].price_rule) == (outcome, rule)
    assert result.totals.gross == gross


@pytest.mark.parametrize(
    ("day", "rule"), [(date(2026, 3, 31), "PIECE"), (TODAY, "APRIL"), (date(2026, 4, 2), "PIECE")]
)
def test_a_list_for_a_unit_holds_on_its_days(day: date, rule: str) -> None:
    days = "valid: {from: 2026-04-01, to: 2026-04-01}"
    rules = f"""
prices:
  - {{id: PIECE, level: default, rates: {{A: 10.00}}}}
  - {{id: APRIL, level: default, per: CASE, {days}, rates: {{A: 99.00}}}}
"""

    assert _decide("A", 12, "CASE", rules=rules, on=day).lines[0].price_rule == rule


def test_a_csv_may_be_for_a_unit() -> None:
    rules = "prices: [{id: P, level: default, per: CASE, csv: cases.csv}]"
    pack = load_pack(read_text(HEAD + rules, cases_csv="sku,price\nA,100.01\n"))
    setting = Setting(products=PRODUCTS)
    line = OrderLine(1, "A", Quantity(24), unit="CASE")

    result = evaluate(
        replace(setting.order(), lines=(line,)), setting.facts(), setting.counters, pack
    )

    assert result.totals.gross == 20_002


def test_a_shown_price_that_differs_in_the_pack_alone_is_another_price() -> None:
    rules = "prices: [{id: P, level: default, per: CASE, rates: {A: 100.0001}}]"

    one = _decide("A", 12, "CASE", rules=rules)
    other = _decide("A", 12, "CASE", rules=rules.replace("0001", "0002"))

    assert one.totals == other.totals
    assert one.price_hash != other.price_hash


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (
            "prices: [{id: P, level: geography, when: {geo: I}, per: CASE, adjust: {amount: 1}}]",
            "only a list of rates is for a unit",
        ),
        (
            "prices: [{id: P, level: default, per: CASE, mrp: {percent: 1}}]",
            "only a list of rates is for a unit",
        ),
        ("prices: [{id: P, level: default, per: [A, B], rates: {A: 1}}]", "'per' is a word"),
        (
            (
                "prices: [{id: P, level: default, per: CASE, rates: {A: 1}}, "
                "{id: Q, level: default, per: CASE, rates: {A: 2}}]"
            ),
            "can both hold and neither wins",
        ),
    ],
)
def test_a_list_for_a_unit_that_makes_no_sense_is_a_fault(rules: str, fault: str) -> None:
    faults = faults_of(HEAD + rules)

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:2:")
    assert fault in faults[0]


def test_what_a_pack_loses_may_already_leave_a_whole_multiple() -> None:
    """Of 28 pieces 24 are there and 3 more may follow: 25 and a case of 2 are nine times three."""
    lists = (
        "prices:\n"
        "  - {id: EACH, level: default, rates: {A: 1.00}}\n"
        "  - {id: CASES, level: default, per: CASE, rates: {A: 1.90}}\n"
    )
    rules = (
        f"{lists}quantities: [{{id: THREES, multiple: 3, then: round_up}}]\n"
        "allocation: [{id: LATER, pick: fefo, split: false, short: backorder, backorder_most: 3}]\n"
    )
    setting = Setting(
        rules,
        products={"A": product("A", pack_sizes={"CASE": 2})},
        batches=[batch("L1", "A", 24)],
    )
    order = replace(
        setting.order(("A", 24), ("A", 4)),
        lines=(OrderLine(1, "A", Quantity(24)), OrderLine(2, "A", Quantity(4), "CASE")),
    )

    result = evaluate(order, setting.facts(), setting.counters, pack_of(rules))

    assert [line.quantity for line in result.lines] == [25, 2]
    assert [(one.number, one.missing) for one in result.shorts if one.action == "backorder"] == [
        (1, 1),
        (2, 2),
    ]


def test_amounts_are_those_of_the_lines_and_leave_out_what_has_no_price() -> None:
    setting = Setting(products=PRODUCTS)
    lines = (
        OrderLine(1, "A", Quantity(12), "CASE"),
        OrderLine(2, "B", Quantity(3)),
        OrderLine(3, "C", Quantity(2)),
    )
    order = replace(setting.order(), lines=lines)
    scheme = "schemes: [{id: S, when: {sku: B}, percent: 10}]\n"

    result = evaluate(order, setting.facts(), Counters(), pack_of(LISTS + scheme))

    assert result.amounts() == {
        1: LineAmount(
            "A", _price(83_342), Minor(10_001), Minor(0), Minor(10_001), _price(1_000_100)
        ),
        2: LineAmount("B", _price(70_000), Minor(2_100), Minor(210), Minor(1_890)),
    }
    assert Result.amounts(result) == result.amounts()


def _price(amount: int) -> UnitPrice:
    return UnitPrice(amount)
