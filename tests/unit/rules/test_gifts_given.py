"""Free goods that stock does not have: what is counted of them, and what follows."""

import pytest

from rules import Batch, Quantity, Result, Return, Sale, settle_return
from tests.unit.rules.making import Setting, batch, codes, pack_of, product, words_of

PRODUCTS = {sku: product(sku) for sku in ("A", "B", "GIFT", "MUG")}
PRICES = (
    "prices: [{id: BASE, level: default, rates: {A: 10.00, B: 20.00, GIFT: 5.00, MUG: 3.00}}]\n"
)
GIFT = PRICES + "schemes:\n  - {id: S, when: {sku: A}, free: {every: 10, give: 1, item: GIFT}%s}\n"


def _decide(rules: str, *lines: tuple[str, int], stock: tuple[Batch, ...]) -> Result:
    return Setting(rules, products=PRODUCTS, batches=stock).decide(*lines)


def _stock(**pieces: int) -> tuple[Batch, ...]:
    return tuple(batch(f"L-{sku}", sku, count) for sku, count in pieces.items())


@pytest.mark.parametrize(
    "bounds",
    [
        "limit: {total: 2}",
        "limit: {total: {qty: 2}}",
        "limit: {total: {amount: 9.00}}",
        "limit: {per_customer: {qty: 2, each: month}}",
        "limit: {total: {uses: 1, qty: 5, amount: 9.00}, per_customer: 1}",
        "budget: {amount: 9.00}, funder: ACME",
    ],
)
def test_a_gift_that_was_not_given_is_not_counted(bounds: str) -> None:
    result = _decide(GIFT % f", {bounds}", ("A", 20), stock=_stock(A=100))

    assert [(one.quantity, one.sku) for one in result.free] == [(0, "GIFT")]
    assert result.changes == ()


def test_of_a_gift_given_in_part_that_part_is_counted() -> None:
    result = _decide(GIFT % ", limit: {total: {qty: 9}}", ("A", 30), stock=_stock(A=99, GIFT=2))

    assert [(one.earned, one.quantity) for one in result.free] == [(3, 2)]
    assert [(one.used, one.spent, one.pieces) for one in result.changes] == [(1, 1_000, 2)]


def test_gifts_for_several_products_are_counted_by_what_each_got() -> None:
    rules = PRICES + (
        "schemes: [{id: S, when: {sku: [A, B]}, free: {every: 10, give: 1, item: same},"
        " limit: {total: {qty: 9}}}]\n"
    )

    result = _decide(rules, ("A", 10), ("B", 10), stock=_stock(A=10, B=11))

    assert [(one.sku, one.quantity) for one in result.free] == [("A", 0), ("B", 1)]
    assert [(one.spent, one.pieces) for one in result.changes] == [(2_000, 1)]


def test_gifts_are_counted_by_what_is_left_of_a_line_that_stock_cut() -> None:
    result = _decide(GIFT % ", limit: {total: {qty: 9}}", ("A", 40), stock=_stock(A=25, GIFT=1))

    assert [(one.earned, one.quantity) for one in result.free] == [(2, 1)]
    assert [one.pieces for one in result.changes] == [1]


def test_without_stock_facts_what_is_earned_counts() -> None:
    rules = GIFT % ", limit: {total: {qty: 9}}"

    result = Setting(rules, products=PRODUCTS).decide(("A", 20))

    assert [one.pieces for one in result.changes] == [2]


@pytest.mark.parametrize(
    ("rule", "outcome", "given", "action"),
    [
        ("short: cut", "accept", 1, "cut"),
        ("short: backorder, wait_days: 7", "accept", 2, "backorder"),
        ("short: refuse", "reject", 1, "refuse"),
        ("ship: all_or_nothing", "reject", 1, "refuse"),
    ],
)
@pytest.mark.parametrize(
    "terms",
    [
        "allocation: [{id: AL, pick: fefo, %s}]\n",
        "allocation: [{id: AL, when: {sku: A}, pick: fefo, %s}]\n",
        "allocation: [{id: AL, when: {sku: GIFT}, pick: fefo, %s}]\n",
    ],
    ids=["one rule for all", "the rule of the line", "the rule of the gift"],
)
def test_a_gift_that_is_short_follows_as_paid_goods_do(
    terms: str, rule: str, outcome: str, given: int, action: str
) -> None:
    result = _decide(GIFT % "" + terms % rule, ("A", 20), stock=_stock(A=100, GIFT=1))

    assert (result.outcome, [one.quantity for one in result.free]) == (outcome, [given])
    assert [(one.free, one.missing, one.action) for one in result.shorts] == [(True, 1, action)]
    assert "free_goods_short" in codes(result)


def test_a_gift_that_follows_says_within_how_many_days_and_is_counted() -> None:
    rules = GIFT % ", limit: {total: {qty: 9}}"
    rules += "allocation: [{id: AL, pick: fefo, short: backorder, wait_days: 7}]\n"

    result = _decide(rules, ("A", 20), stock=_stock(A=100))

    assert words_of(result.reasons[0]).endswith("the rest follows within 7 days")
    assert [(short.action, short.wait_days) for short in result.shorts] == [("backorder", 7)]
    assert [(one.used, one.pieces) for one in result.changes] == [(1, 2)]


def test_a_gift_without_a_rule_follows_the_strictest_of_the_lines_that_earned_it() -> None:
    rules = PRICES + (
        "schemes: [{id: S, when: {sku: [A, B]}, count: {over: basket},"
        " free: {every: 10, give: 1, item: MUG}}]\n"
        "allocation: [{id: CUT, when: {sku: A}, pick: fefo},"
        " {id: WAIT, when: {sku: B}, pick: fefo, short: backorder}]\n"
    )

    result = _decide(rules, ("A", 5), ("B", 5), stock=_stock(A=100, B=100))

    assert [(short.sku, short.action) for short in result.shorts] == [("MUG", "backorder")]


def test_a_gift_with_a_rule_of_its_own_does_not_follow_the_line() -> None:
    rules = GIFT % "" + (
        "allocation: [{id: LINE, when: {sku: A}, pick: fefo, short: refuse},"
        " {id: OWN, when: {sku: GIFT}, pick: fefo, short: cut}]\n"
    )

    result = _decide(rules, ("A", 20), stock=_stock(A=100))

    assert (result.outcome, [short.action for short in result.shorts]) == ("accept", ["cut"])


@pytest.mark.parametrize(
    ("lines", "stock"),
    [
        ([("A", 20)], _stock(A=100)),
        ([("A", 20), ("B", 5)], _stock(A=100, B=1)),
    ],
)
def test_a_rejected_order_carries_no_allocations_and_changes_no_counter(
    lines: list[tuple[str, int]], stock: tuple[Batch, ...]
) -> None:
    rules = GIFT % ", limit: {total: 2}" + "allocation: [{id: R, pick: fefo, short: refuse}]\n"

    result = _decide(rules, *lines, stock=stock)

    assert (result.outcome, result.allocations, result.changes) == ("reject", (), ())


@pytest.mark.parametrize("in_stock", [0, 1, 2])
def test_a_whole_return_gives_back_what_was_counted(in_stock: int) -> None:
    rules = GIFT % ", limit: {total: {qty: 9}}"
    setting = Setting(rules, products=PRODUCTS, batches=_stock(A=100, GIFT=in_stock))
    sale = Sale(setting.order(("A", 20)), setting.facts(), setting.counters)
    sold = setting.decide(("A", 20))
    given = {1: Quantity(in_stock)} if in_stock else {}

    settled = settle_return(sale, Return({1: Quantity(20)}, given), pack_of(rules))

    counted = [(one.used, one.spent, one.pieces) for one in sold.changes]
    back = [(-one.used, -one.spent, -one.pieces) for one in settled.changes]
    assert back == counted


@pytest.mark.parametrize(
    ("rule", "given"),
    [("pick: none", 1), ("when: {sku: A}, pick: none", 0), ("when: {sku: GIFT}, pick: none", 0)],
)
def test_a_gift_that_nothing_is_known_of_goes_by_the_rules_for_all_products(
    rule: str, given: int
) -> None:
    rules = GIFT % "" + f"allocation: [{{id: N, {rule}}}]\n"
    known = {"A": product("A")}

    result = Setting(rules, products=known, batches=_stock(A=100)).decide(("A", 10))

    assert [one.quantity for one in result.free] == [given]
