"""Coupons and choices come with an order: used once, given back, kept with the decision."""

from pathlib import Path

import pytest

from tests.builders.market import Market, packed
from tests.suites.hub.test_racing import race

pytestmark = pytest.mark.one_engine

RULES = """
schemes:
  - id: ONCE
    when: {coupon: DIWALI, sku: RICE}
    limit: {total: 1}
    slabs: [{from: 1, amount: 5.00}]
  - id: CHOICE
    when: {sku: TEA}
    free: {every: 5, give: 1, item: {choice: [SOAP, HONEY], pick: cheapest}}
"""


@pytest.fixture
def festive(market: Market) -> Market:
    """Give a market with a coupon for one order, and a choice of free goods."""
    market.publish(packed(version=2, more=RULES))
    return market


def test_a_coupon_is_used_once_and_given_back_by_cancelling(festive: Market) -> None:
    first = festive.place(("RICE", 1), coupons=["diwali"])
    festive.place(("RICE", 1), coupons=["DIWALI"], terminal="shop-1")
    festive.orders.cancel(first.order, why="mistake", by="asha")

    festive.place(("RICE", 1), coupons=["DIWALI"], terminal="shop-1")

    assert festive.discounts() == [500, 0, 500]
    assert festive.broken() == set()


def test_a_coupon_that_nothing_knows_confirms_the_order_as_it_is(festive: Market) -> None:
    answer = festive.place(("RICE", 1), coupons=["EASTER"])

    assert (answer.status, answer.reasons) == ("confirmed", [])
    assert festive.broken() == set()


def test_what_is_wished_for_is_given_and_reserved(festive: Market) -> None:
    festive.place(("TEA", 5), choices={"CHOICE": "HONEY"})
    festive.place(("TEA", 5))

    free = festive.rows("SELECT sku, quantity FROM order_line WHERE free ORDER BY order_id")
    reserved = festive.rows("SELECT code, reserved FROM batch WHERE code IN ('S1', 'H1')")
    assert free == [("HONEY", 1), ("SOAP", 1)]
    assert sorted(reserved) == [("H1", 1), ("S1", 1)]
    assert festive.broken() == set()


def test_two_orders_race_for_the_one_use_of_a_coupon(festive: Market, tmp_path: Path) -> None:
    shares = [
        [festive.order(("RICE", 1), terminal=name, coupons=["DIWALI"])]
        for name in ("shop-1", "shop-2")
    ]

    race(festive, tmp_path, shares)

    assert sorted(festive.discounts()) == [0, 500]
    assert festive.broken() == set()
