"""MRP: prices made from what is printed, and nothing sold above it without being told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules import Batch, OrderLine, Quantity, Result, UnitPrice, evaluate
from tests.unit.rules.making import (
    HEAD,
    Setting,
    batch,
    codes,
    faults_of,
    limit,
    pack_of,
    product,
    roles_of,
    words_of,
)

RULES = """
prices:
  - {id: BELOW, level: default, mrp: {percent: -18.5}}
  - {id: LIST, level: default, priority: 1, rates: {B: 95.2381, C: 99.99}}
  - {id: C9, level: customer, when: {customer: C9}, adjust: {amount: 1.00}}
taxes:
  - {id: GST, when: {sku: B}, heads: {GST: 5}}
  - {id: NONE, heads: {GST: 0}}
approvals: [{id: DESK, on: [above_mrp, mrp_differs], levels: [{role: head}]}]
"""
PRODUCTS = {sku: product(sku, mrp=UnitPrice(1_000_000)) for sku in ("A", "B", "C")}
PRODUCTS["D"] = product("D")


def _decide(
    *lines: tuple[str, int, str | None], above: str = "hold", stock: tuple[Batch, ...] | None = None
) -> Result:
    setting = Setting(RULES, products=PRODUCTS, batches=stock, credit=limit(10**12))
    numbered = tuple(
        OrderLine(number, sku, Quantity(quantity), batch=name)
        for number, (sku, quantity, name) in enumerate(lines, 1)
    )
    order = replace(setting.order(), lines=numbered)
    pack = pack_of(RULES, head=HEAD.replace("}", f", above_mrp: {above}}}"))
    return evaluate(order, setting.facts(), setting.counters, pack)


def _lot(name: str, sku: str, mrp: int | None, available: int = 100) -> Batch:
    return batch(name, sku, available, mrp=None if mrp is None else UnitPrice(mrp))


def test_a_price_is_so_much_below_what_is_printed() -> None:
    result = _decide(("A", 3, None))

    assert (result.lines[0].unit_price, result.totals.gross) == (815_000, 24_450)
    assert result.lines[0].mrp == 1_000_000
    assert words_of(result.trace[0]) == "81.50 each, from BELOW: MRP 100.00 and -18.5 %"


def test_a_price_at_what_is_printed_names_no_percentage() -> None:
    rules = RULES.replace("-18.5", "0")

    result = Setting(rules, products=PRODUCTS).decide(("A", 1))

    assert words_of(result.trace[0]) == "100.00 each, from BELOW: MRP 100.00"


def test_a_product_without_mrp_has_no_price_made_from_it() -> None:
    assert codes(_decide(("D", 1, None))) == ["line_unpriced"]


@pytest.mark.parametrize(
    ("lot", "price"), [("OWN", 733_500), ("BARE", 815_000), ("NONE", 815_000), (None, 815_000)]
)
def test_the_batch_that_is_asked_for_says_what_is_printed(lot: str | None, price: int) -> None:
    stock = (_lot("OWN", "A", 900_000), _lot("BARE", "A", None))

    assert _decide(("A", 1, lot), stock=stock).lines[0].unit_price == price


@pytest.mark.parametrize(
    ("sku", "quantity", "expected"),
    [("B", 1, []), ("B", 7, []), ("C", 10**6, [])],
)
def test_a_line_may_cost_what_is_printed_with_its_tax(
    sku: str, quantity: int, expected: list[str]
) -> None:
    assert codes(_decide((sku, quantity, None))) == expected


@pytest.mark.parametrize(
    ("above", "outcome", "expected"),
    [("hold", "hold", ["above_mrp"]), ("reject", "reject", ["above_mrp"]), ("allow", "accept", [])],
)
def test_a_line_above_its_mrp_is_held_refused_or_allowed(
    above: str, outcome: str, expected: list[str]
) -> None:
    setting = {"B": replace(PRODUCTS["B"], mrp=UnitPrice(999_900))}
    pack = pack_of(RULES, head=HEAD.replace("}", f", above_mrp: {above}}}"))

    result = Setting(RULES, products=setting).decide_with(pack, ("B", 7))

    assert (result.outcome, codes(result)) == (outcome, expected)
    assert result.totals.payable == 70_000


def test_what_is_above_is_told_in_money() -> None:
    products = {"B": replace(PRODUCTS["B"], mrp=UnitPrice(999_900))}

    result = Setting(RULES, products=products).decide(("B", 7))

    reason = result.reasons[0]
    assert words_of(reason) == ("7 Product B for 700.00 with tax, at the MRP of 99.99 it is 699.93")
    assert (reason.line, reason.amount) == (1, 7)
    assert roles_of(result.approvals[0]) == "head"


def test_what_is_above_by_less_than_the_smallest_coin_is_above() -> None:
    # 100.00 is more than 99.9999 by less than a paisa.
    products = {"B": replace(PRODUCTS["B"], mrp=UnitPrice(999_999))}

    assert codes(Setting(RULES, products=products).decide(("B", 1))) == ["above_mrp"]


def test_prices_that_include_tax_are_compared_as_they_are() -> None:
    head = HEAD.replace("}", ", tax: inclusive}")
    rules = RULES.replace("95.2381", "100.00")

    assert codes(Setting(rules, products=PRODUCTS, head=head).decide(("B", 7))) == []


def test_an_amount_on_top_may_pass_what_is_printed() -> None:
    rules = RULES.replace("-18.5", "0").replace("customer: C9", "customer: C1")

    result = Setting(rules, products=PRODUCTS).decide(("A", 1))

    assert (result.lines[0].unit_price, codes(result)) == (1_010_000, ["above_mrp"])


@pytest.mark.parametrize("printed", [1_000_000, None])
def test_a_price_made_from_its_mrp_takes_what_bears_it_before_what_expires_first(
    printed: int | None,
) -> None:
    soon = replace(_lot("OTHER", "A", 1_100_000, 5), expiry=date(2026, 5, 1))
    late = replace(_lot("SAME", "A", printed, 5), expiry=date(2026, 9, 1))

    result = _decide(("A", 5, None), stock=(soon, late))

    assert (result.outcome, [part.batch for part in result.allocations]) == ("accept", ["SAME"])


def test_a_price_from_mrp_leaves_the_order_of_warehouses_as_the_facts_give_it() -> None:
    other = replace(_lot("OTHER", "A", 1_100_000, 5), warehouse="NEAR")
    far = replace(_lot("FAR", "A", 1_000_000, 5), warehouse="FAR")
    near = replace(_lot("SAME", "A", 1_000_000, 5), warehouse="NEAR")

    picked = _decide(("A", 6, None), stock=(other, far, near)).allocations

    assert [(part.batch, part.quantity) for part in picked] == [("SAME", 5), ("FAR", 1)]


def test_a_named_batch_in_two_warehouses_leaves_first_where_it_bears_the_mrp() -> None:
    priced = replace(_lot("L", "A", 1_000_000, 5), warehouse="FAR")
    other = replace(_lot("L", "A", 1_100_000, 5), warehouse="NEAR", expiry=date(2026, 5, 1))
    near_first = (replace(_lot("X", "A", 1_000_000, 0), warehouse="NEAR"), priced, other)

    whole = _decide(("A", 5, "L"), stock=near_first)
    more = _decide(("A", 6, "L"), stock=near_first)

    assert [(part.warehouse, part.quantity) for part in whole.allocations] == [("FAR", 5)]
    assert (codes(whole), codes(more)) == ([], ["mrp_differs"])


def test_a_price_from_a_list_takes_what_expires_first_whatever_its_mrp() -> None:
    soon = replace(_lot("OTHER", "B", 1_100_000, 5), expiry=date(2026, 5, 1))
    late = replace(_lot("SAME", "B", 1_000_000, 5), expiry=date(2026, 9, 1))

    assert [part.batch for part in _decide(("B", 5, None), stock=(soon, late)).allocations] == [
        "OTHER"
    ]


def test_one_code_in_two_warehouses_may_bear_two_mrps() -> None:
    near = replace(_lot("L", "A", 1_000_000, 5), warehouse="NEAR")
    far = replace(_lot("L", "A", 1_100_000, 5), warehouse="FAR")

    assert _decide(("A", 5, None), stock=(near, far)).outcome == "accept"
    assert codes(_decide(("A", 6, None), stock=(near, far))) == ["mrp_differs"]


def test_a_batch_with_another_mrp_than_the_price_is_from_holds_the_order() -> None:
    stock = (_lot("B1", "A", 1_000_000, 5), _lot("B2", "A", 1_100_000, 5))

    result = _decide(("A", 8, None), stock=stock)

    assert [words_of(reason) for reason in result.reasons] == [
        "batch B2 has MRP 110.00, the price was made from 100.00"
    ]
    assert (result.outcome, roles_of(result.approvals[0])) == ("hold", "head")


def test_a_price_from_a_list_passes_the_mrp_of_a_batch_that_has_less() -> None:
    stock = (_lot("DEAR", "C", 1_000_000, 5), _lot("CHEAP", "C", 999_800, 5))

    result = _decide(("C", 8, None), stock=stock)

    assert [words_of(reason) for reason in result.reasons] == [
        "8 Product C for 799.92 with tax, at the MRP of batch CHEAP of 99.98 it is 799.84"
    ]


def test_batches_with_a_larger_mrp_may_go_at_a_listed_price() -> None:
    stock = (_lot("ONE", "C", 1_000_000, 5), _lot("TWO", "C", 1_200_000, 5))

    assert codes(_decide(("C", 8, None), stock=stock)) == []


def test_free_goods_may_bear_any_mrp() -> None:
    free = "schemes: [{id: F, when: {sku: A}, free: {every: 4, give: 1, item: same}}]\n"
    stock = (_lot("B1", "A", 1_000_000, 4), _lot("B2", "A", 1_100_000, 5))
    setting = Setting(RULES + free, products=PRODUCTS, batches=stock, credit=limit(10**12))

    result = setting.decide(("A", 4))

    assert [(part.free, part.batch) for part in result.allocations] == [(False, "B1"), (True, "B2")]
    assert codes(result) == []


def test_the_shown_price_does_not_depend_on_the_stock_that_is_picked() -> None:
    at_hub = _decide(("A", 8, None), stock=(_lot("B2", "A", 1_100_000),))
    at_terminal = _decide(("A", 8, None))

    assert at_hub.price_hash == at_terminal.price_hash
    assert (at_hub.outcome, at_terminal.outcome) == ("hold", "accept")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("prices: [{id: P, level: default, mrp: {}}]", "'percent' is missing"),
        ("prices: [{id: P, level: default, mrp: {percent: -100}}]", "-100 is below -99.9999"),
        (
            "prices: [{id: P, level: default, mrp: {percent: 1}, rates: {A: 1}}]",
            "needs exactly one of 'csv', 'rates', 'adjust', 'margin', 'mrp'",
        ),
        (
            (
                "prices: [{id: P, level: default, mrp: {percent: 1}}, "
                "{id: Q, level: default, rates: {A: 1}}]"
            ),
            "can both hold and neither wins",
        ),
    ],
)
def test_a_price_from_mrp_that_makes_no_sense_is_a_fault(text: str, fault: str) -> None:
    faults = faults_of(HEAD + text)

    assert any(fault in one and one.startswith("pack.yaml:2:") for one in faults)


def test_what_happens_above_mrp_is_one_of_three() -> None:
    faults = faults_of(HEAD.replace("}", ", above_mrp: alow}"))

    assert faults == (
        "pack.yaml:1:92: 'alow' is not one of hold, reject, allow; did you mean 'allow'?",
    )


def test_a_pack_that_says_nothing_of_mrp_is_packed_as_before() -> None:
    fields: dict[str, Any] = {"head": HEAD.replace("}", ", above_mrp: hold}")}

    assert pack_of(RULES).above_mrp == "hold"
    assert pack_of(RULES, **fields).above_mrp == "hold"
