"""What schemes count at the hub: periods, pieces and money, given back, and raced for."""

import json
from pathlib import Path

import pytest

from hub.desk.rulepacks.model.packed import PackedPack
from rules import load_pack
from tests.builders.counter_prices import repacked
from tests.builders.market import FILES, Market, packed
from tests.suites.hub.test_racing import race

DAY_MS = 24 * 3_600_000
RULES = """
schemes:
  - id: MONTH
    when: {sku: TEA}
    count: {over: period, each: month, of: qty, in: CASE}
    slabs: [{from: 2, percent: 10}]
  - id: PIECES
    when: {sku: RICE}
    limit: {per_customer: {qty: 40, each: month}}
    slabs: [{from: 1, percent: 10}]
  - id: LAST
    when: {sku: SOAP}
    limit: {total: {uses: 1, each: day}}
    slabs: [{from: 1, amount: 1.00}]
"""
COUNTED = "SELECT rule, scope, used, spent, bought, pieces FROM scheme_counter ORDER BY rule, scope"
CASE = 72_072_000


@pytest.fixture
def counting(market: Market) -> Market:
    """Give a market whose schemes count in periods, with a second terminal of the second shop."""
    both = packed(version=2, more=RULES).body
    schemes = [one for one in json.loads(both)["schemes"] if not one["id"].startswith("SCH-")]
    body = repacked(both, schemes=schemes)
    market.load(terminals=FILES["terminals.csv"] + "shop-5,C2,MAIN\n")
    market.publish(PackedPack(body, load_pack(body)))
    return market


def test_orders_of_a_month_add_up_at_all_terminals_of_a_customer(counting: Market) -> None:
    counting.place(("TEA", 12), terminal="shop-2")
    counting.place(("TEA", 11), terminal="shop-5")
    counting.place(("TEA", 6), terminal="shop-1")
    counting.place(("TEA", 1), terminal="shop-2")

    assert counting.discounts() == [0, 0, 0, 1_000]
    assert counting.rows(COUNTED) == [
        ("MONTH", "C1@2026-11", 0, 0, CASE // 2, 0),
        ("MONTH", "C2@2026-11", 0, 0, 2 * CASE, 0),
    ]
    assert counting.broken() == set()


def test_orders_of_one_group_see_what_those_before_them_bought(counting: Market) -> None:
    asked = [counting.order(("TEA", 12), terminal=name) for name in ("shop-2", "shop-5", "shop-2")]

    counting.replies(*asked)

    assert counting.discounts() == [0, 12_000, 12_000]
    assert counting.broken() == set()


def test_a_new_month_starts_from_nothing(counting: Market) -> None:
    counting.place(("TEA", 24))
    counting.clock.ms += 10 * DAY_MS

    counting.place(("TEA", 12))

    assert counting.discounts() == [24_000, 0]
    assert [row[1] for row in counting.rows(COUNTED)] == ["C2@2026-11", "C2@2026-12"]
    assert counting.broken() == set()


def test_a_held_order_counts_nothing(counting: Market) -> None:
    answer = counting.place(("TEA", 24), terminal="shop-1")

    assert (answer.status, counting.rows(COUNTED)) == ("held", [])


def test_what_stock_cuts_off_was_not_bought(counting: Market) -> None:
    counting.place(("TEA", 99))
    counting.place(("TEA", 12))

    assert counting.rows("SELECT bought FROM counter_change ORDER BY order_id") == [
        (99 * CASE // 12,),
        (11 * CASE // 12,),
    ]
    assert counting.broken() == set()


def test_cancelling_counts_out_what_was_bought_and_given(counting: Market) -> None:
    first = counting.place(("TEA", 23), ("RICE", 30))
    counting.place(("RICE", 30))
    counting.orders.cancel(first.order, why="mistake", by="asha")

    counting.place(("TEA", 23), ("RICE", 40))

    # 40 pieces a month: 30 and 10, then, without the first order, 30 of 40 again.
    assert counting.discounts() == [15_000, 5_000, 15_000]
    assert counting.rows(COUNTED) == [
        ("MONTH", "C2@2026-11", 0, 0, 23 * CASE // 12, 0),
        ("PIECES", "C2@2026-11", 2, 20_000, 0, 40),
    ]
    assert counting.broken() == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE scheme_counter SET bought = bought + 1",
        "UPDATE scheme_counter SET pieces = pieces + 1",
    ],
)
def test_the_audit_finds_a_counter_that_orders_do_not_make(counting: Market, change: str) -> None:
    counting.place(("TEA", 12), ("RICE", 1))

    counting.change(change)

    assert counting.broken() == {"scheme_counters"}


def test_two_orders_race_for_the_last_use_and_one_gets_it(counting: Market, tmp_path: Path) -> None:
    shares = [[counting.order(("SOAP", 1), terminal=name)] for name in ("shop-1", "shop-2")]

    answers = race(counting, tmp_path, shares)

    assert sorted(answer.totals.discount for answer in answers if answer.totals) == [0, 100]
    assert counting.rows("SELECT used FROM scheme_counter WHERE rule = 'LAST'") == [(1,)]
    assert counting.broken() == set()


def test_orders_of_one_customer_race_for_the_last_pieces(counting: Market, tmp_path: Path) -> None:
    shares = [
        [counting.order(("RICE", 7), terminal=name) for _ in range(5)]
        for name in ("shop-2", "shop-5")
    ]

    race(counting, tmp_path, shares)

    assert sum(counting.discounts()) == 40 * 500
    assert counting.rows("SELECT pieces FROM scheme_counter WHERE rule = 'PIECES'") == [(40,)]
    assert counting.broken() == set()


def test_orders_of_one_month_race_and_each_is_counted(counting: Market, tmp_path: Path) -> None:
    shares = [
        [counting.order(("TEA", 4), terminal=name) for _ in range(5)]
        for name in ("shop-2", "shop-5")
    ]

    race(counting, tmp_path, shares)

    assert counting.rows("SELECT bought FROM scheme_counter") == [(40 * CASE // 12,)]
    # The sixth order reaches the second case, and the four after it are above it.
    assert sorted(counting.discounts()) == [0] * 5 + [4_000] * 5
    assert counting.broken() == set()
