"""The day that counts, and goods without stock or with stock that may not be sold."""

from dataclasses import replace
from datetime import date

import pytest

from rules import Batch, Order, OrderLine, Quantity, Result, evaluate
from tests.unit.rules.making import BASE, HEAD, TODAY, Setting, batch, faults_of, pack_of, words_of

LATER = date(2026, 5, 2)
RULES = """
prices:
  - {id: NOW, level: default, valid: {to: 2026-04-30}, rates: {A: 10.00}}
  - {id: THEN, level: default, valid: {from: 2026-05-01}, rates: {A: 12.00}}
schemes: [{id: MAY, valid: {from: 2026-05-01}, percent: 10}]
taxes:
  - {id: OLD, valid: {to: 2026-04-30}, heads: {VAT: 5}}
  - {id: NEW, valid: {from: 2026-05-01}, heads: {VAT: 20}}
"""


@pytest.mark.parametrize(
    ("dates", "net", "tax"),
    [
        ("", 1000, 50),
        ("dates: {prices: order, schemes: order}, ", 1000, 50),
        ("dates: {prices: delivery}, ", 1200, 60),
        ("dates: {schemes: delivery}, ", 900, 45),
        ("dates: {taxes: delivery}, ", 1000, 200),
        ("dates: {prices: delivery, schemes: delivery, taxes: delivery}, ", 1080, 216),
    ],
)
def test_a_pack_says_which_day_counts_for_what(dates: str, net: int, tax: int) -> None:
    setting = Setting(RULES, head=HEAD.replace("{", "{" + dates, 1))
    order = replace(setting.order(("A", 1)), delivery_date=LATER)

    result = evaluate(order, setting.facts(), setting.counters, pack_of(RULES, head=setting.head))

    assert (result.totals.net, result.totals.tax) == (net, tax)


def test_an_order_that_says_no_day_of_delivery_goes_by_its_own() -> None:
    head = HEAD.replace("{", "{dates: {prices: delivery, schemes: delivery}, ", 1)

    assert Setting(RULES, head=head).decide(("A", 1)).totals.net == 1000
    assert Setting(RULES, head=head, on=LATER).decide(("A", 1)).totals.net == 1080


def test_no_other_day_may_count() -> None:
    found = faults_of(HEAD.replace("{", "{dates: {prices: invoice}, ", 1))

    assert "'invoice' is not one of order, delivery" in found[0]


def decided(rules: str, *batches: Batch, asked: OrderLine | None = None) -> Result:
    """Decide an order for three pieces of A with these batches on the shelf."""
    setting = Setting(f"{BASE}{rules}", batches=batches)
    order = Order("O", "C1", TODAY, (asked or OrderLine(1, "A", Quantity(3)),))
    return evaluate(order, setting.facts(), setting.counters, pack_of(setting.rules))


def test_what_nobody_keeps_is_never_short() -> None:
    result = decided("allocation: [{id: SERVICE, pick: none}]\n")

    assert (result.outcome, result.shorts, result.allocations) == ("accept", (), ())
    assert "Product A is not kept in stock" in map(words_of, result.trace)


def test_no_batch_can_be_named_of_what_nobody_keeps() -> None:
    asked = OrderLine(1, "A", Quantity(3), batch="B1")

    result = decided("allocation: [{id: S, pick: none}]\n", batch("B1", "A", 9), asked=asked)

    assert [reason.code for reason in result.reasons] == ["batch_unknown"]


def test_a_gift_that_nobody_keeps_is_given() -> None:
    rules = (
        "schemes: [{id: F, free: {every: 3, give: 1, item: B}}]\n"
        "allocation: [{id: S, when: {sku: B}, pick: none}]\n"
    )

    result = decided(rules, batch("B1", "A", 9))

    assert [(goods.sku, goods.quantity) for goods in result.free] == [("B", 1)]


@pytest.mark.parametrize("key", ["split: true", "short: cut", "safety_stock: 1", "manual: allow"])
def test_what_nobody_keeps_has_no_terms_of_batches(key: str) -> None:
    found = faults_of(f"{HEAD}allocation: [{{id: S, pick: none, {key}}}]\n")

    assert f"never short: leave '{key.partition(':')[0]}' out" in found[0]


@pytest.mark.parametrize("pick", ["fefo", "fifo", "lifo"])
def test_a_blocked_batch_stays_whichever_is_next(pick: str) -> None:
    blocked = batch("B1", "A", 9, blocked=True, expiry=date(2026, 6, 1))
    head = HEAD.replace("{", "{allow_lifo: true, ", 1)
    setting = Setting(
        f"{BASE}allocation: [{{id: R, pick: {pick}}}]\n",
        batches=[blocked, batch("B2", "A", 2)],
        head=head,
    )

    result = setting.decide(("A", 3))

    assert [(part.batch, part.quantity) for part in result.allocations] == [("B2", 2)]
    assert [reason.code for reason in result.reasons] == ["short_stock"]


def test_a_blocked_batch_is_not_sold_by_its_name() -> None:
    asked = OrderLine(1, "A", Quantity(3), batch="B1", batch_reason="the shop wants it")

    result = decided("", batch("B1", "A", 9, blocked=True), asked=asked)

    assert [words_of(one) for one in result.reasons] == ["batch B1 of Product A is blocked"]


def test_one_rule_sells_what_expires_today_where_the_pack_keeps_it() -> None:
    head = HEAD.replace("{", "{expires_today: keep, ", 1)
    rules = f"{BASE}allocation: [{{id: R, when: {{sku: A}}, pick: fefo, expires_today: sell}}]\n"
    shelf = [batch(f"T-{sku}", sku, 9, expiry=TODAY) for sku in ("A", "B")]

    result = Setting(rules, head=head, batches=shelf).decide(("A", 1), ("B", 1))

    assert [part.batch for part in result.allocations] == ["T-A"]
