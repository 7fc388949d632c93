"""Allocation: which batches leave, and what happens when there are too few."""

from datetime import date, timedelta

import pytest

from rules import Batch, Customer, Result
from tests.unit.rules.making import (
    BASE,
    HEAD,
    TODAY,
    Setting,
    batch,
    codes,
    faults_of,
    limit,
    product,
    steps,
    words_of,
)

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def _picked(result: Result) -> list[tuple[str, int]]:
    return [(part.batch, part.quantity) for part in result.allocations]


def _rule(**fields: str) -> str:
    inner = ", ".join(f"{name}: {value}" for name, value in {"pick": "fefo", **fields}.items())
    return f"{BASE}allocation: [{{id: AL, {inner}}}]\n"


LIFO = HEAD.replace("}", ", allow_lifo: true}")
DATED = (
    batch("P", "A", 5, manufactured=date(2026, 1, 5), expiry=date(2026, 9, 1)),
    batch("Q", "A", 5, manufactured=date(2026, 1, 1), expiry=None),
    batch("R", "A", 5, manufactured=date(2026, 1, 9), expiry=date(2026, 8, 1)),
)


@pytest.mark.parametrize(
    ("pick", "order"),
    [("fefo", ["R", "P", "Q"]), ("fifo", ["Q", "P", "R"]), ("lifo", ["R", "P", "Q"])],
)
def test_batches_leave_in_the_order_the_rule_picks(pick: str, order: list[str]) -> None:
    result = Setting(_rule(pick=pick), head=LIFO, batches=DATED).decide(("A", 12))

    assert _picked(result) == [(order[0], 5), (order[1], 5), (order[2], 2)]
    assert (result.outcome, codes(result)) == ("accept", [])


def test_equal_batches_leave_by_receipt_and_then_by_id() -> None:
    batches = (
        batch("C", "A", 1),
        batch("B", "A", 1),
        batch("Z", "A", 1, received=date(2025, 12, 1)),
    )

    result = Setting(_rule(pick="fefo"), batches=batches).decide(("A", 3))

    assert _picked(result) == [("Z", 1), ("B", 1), ("C", 1)]


@pytest.mark.parametrize(("expiry", "sold"), [(YESTERDAY, 0), (TODAY, 5), (None, 5)])
def test_what_expires_today_sells_and_what_has_expired_never_does(
    expiry: date | None, sold: int
) -> None:
    batches = (batch("P", "A", 5, expiry=expiry),)

    result = Setting(_rule(), batches=batches).decide(("A", 5), ("B", 1))

    assert result.lines[0].quantity == sold


@pytest.mark.parametrize(("days", "sold"), [(1, 5), (2, 0)])
def test_a_batch_must_live_as_long_as_the_rule_asks(days: int, sold: int) -> None:
    batches = (batch("P", "A", 5, expiry=TOMORROW), batch("X", "B", 1))

    result = Setting(_rule(min_life_days=str(days)), batches=batches).decide(("A", 5), ("B", 1))

    assert result.lines[0].quantity == sold


def test_the_packs_warehouses_come_first_then_those_of_the_facts() -> None:
    batches = (
        batch("P", "A", 1, warehouse="FAR"),
        batch("Q", "A", 1, warehouse="OTHER"),
        batch("R", "A", 1, warehouse="NEAR"),
    )
    head = "pack: {name: x, version: 1, currency: INR, timezone: UTC, warehouses: [NEAR]}\n"

    listed = Setting(_rule(), head=head, batches=batches).decide(("A", 3))
    as_given = Setting(_rule(), batches=batches).decide(("A", 3))

    assert _picked(listed) == [("R", 1), ("P", 1), ("Q", 1)]
    assert _picked(as_given) == [("P", 1), ("Q", 1), ("R", 1)]


def test_without_a_split_one_batch_must_do() -> None:
    batches = (batch("P", "A", 5, expiry=TOMORROW), batch("Q", "A", 9))

    whole = Setting(_rule(split="false"), batches=batches).decide(("A", 6))
    short = Setting(_rule(split="false"), batches=batches).decide(("A", 12))
    exact = Setting(_rule(split="false"), batches=batches).decide(("A", 5))

    assert _picked(whole) == [("Q", 6)]
    assert _picked(exact) == [("P", 5)]
    assert _picked(short) == [("Q", 9)]
    assert short.lines[0].quantity == 9


def test_two_lines_of_a_product_share_its_stock() -> None:
    result = Setting(_rule(), batches=(batch("P", "A", 5),)).decide(("A", 3), ("A", 3))

    assert [line.quantity for line in result.lines] == [3, 2]
    assert [(s.number, s.missing, s.action) for s in result.shorts] == [(2, 1, "cut")]


def test_what_is_cut_is_priced_again_and_the_shown_price_stays() -> None:
    rules = (
        BASE
        + "schemes: [{id: V, slabs: [{from: 10, percent: 10}]}]\n"
        + "allocation: [{id: AL, pick: fefo, short: cut}]\n"
    )
    batches = (batch("P", "A", 9),)

    result = Setting(rules, batches=batches, credit=limit(9000)).decide(("A", 10))
    shown = Setting(rules).decide(("A", 10))

    assert (result.outcome, codes(result)) == ("accept", ["short_stock"])
    assert (result.lines[0].ordered, result.lines[0].quantity) == (10, 9)
    assert (result.totals.discount, result.totals.payable) == (0, 9000)
    assert result.price_hash == shown.price_hash
    assert result.result_hash != shown.result_hash


@pytest.mark.parametrize(
    ("then", "outcome", "expected"),
    [("stop", "reject", ["credit_stopped"]), ("approve, route: DESK", "accept", ["short_stock"])],
)
def test_a_cut_releases_what_was_held_and_nothing_that_was_refused(
    then: str, outcome: str, expected: list[str]
) -> None:
    rules = (
        BASE
        + f"credit: [{{id: BIG, at_least: {{order.payable: 100.00}}, then: {then}}}]\n"
        + "approvals: [{id: DESK, levels: [{role: clerk}]}]\n"
    )
    batches = (batch("P", "A", 9),)

    result = Setting(rules, batches=batches, credit=limit(10**6)).decide(("A", 10))

    assert (result.outcome, codes(result)) == (outcome, expected)


def test_a_product_that_is_out_is_cut_to_nothing_and_the_rest_ships() -> None:
    result = Setting(_rule(), batches=(batch("P", "B", 9),)).decide(("A", 10), ("B", 2))

    assert (result.outcome, codes(result)) == ("accept", ["out_of_stock"])
    assert [(line.quantity, line.total) for line in result.lines] == [(0, 0), (2, 4000)]


def test_an_order_of_which_nothing_is_there_is_refused() -> None:
    result = Setting(_rule(), batches=()).decide(("A", 10))

    assert (result.outcome, codes(result)) == ("reject", ["out_of_stock", "out_of_stock"])
    assert (result.totals.payable, result.allocations) == (0, ())


def test_a_backorder_keeps_the_ordered_quantity_and_tells_what_is_missing() -> None:
    batches = (batch("P", "A", 4),)

    result = Setting(_rule(short="backorder"), batches=batches).decide(("A", 10))

    assert (result.outcome, codes(result)) == ("accept", ["short_stock"])
    assert (result.lines[0].quantity, result.totals.payable) == (10, 10_000)
    assert [(s.missing, s.action) for s in result.shorts] == [(6, "backorder")]
    assert _picked(result) == [("P", 4)]


def test_a_rule_that_refuses_a_short_order_rejects_it() -> None:
    result = Setting(_rule(short="refuse"), batches=(batch("P", "A", 9),)).decide(("A", 10))

    assert (result.outcome, codes(result)) == ("reject", ["short_stock"])


def test_a_cut_and_a_backorder_go_together() -> None:
    rules = (
        BASE
        + "allocation: [{id: CUT, pick: fefo, short: cut},"
        + " {id: WAIT, when: {sku: B}, pick: fefo, short: backorder}]\n"
    )

    result = Setting(rules, batches=(batch("P", "A", 1), batch("Q", "B", 1))).decide(
        ("A", 2), ("B", 2)
    )

    assert [line.quantity for line in result.lines] == [1, 2]
    assert [(s.number, s.action) for s in result.shorts] == [(1, "cut"), (2, "backorder")]


FREE = "schemes: [{id: F, free: {every: 5, give: 1, item: same}}]\n"


@pytest.mark.parametrize(("stock", "free"), [(12, 2), (11, 1), (10, 0)])
def test_free_goods_take_what_paid_lines_leave(stock: int, free: int) -> None:
    result = Setting(_rule() + FREE, batches=(batch("P", "A", stock),)).decide(("A", 10))

    assert [(goods.earned, goods.quantity) for goods in result.free] == [(2, free)]
    assert result.lines[0].quantity == 10
    assert codes(result) == ([] if free == 2 else ["free_goods_short"])


def test_free_goods_of_a_cut_line_are_earned_on_what_ships() -> None:
    result = Setting(_rule() + FREE, batches=(batch("P", "A", 9),)).decide(("A", 10))

    assert [(goods.earned, goods.quantity) for goods in result.free] == [(1, 0)]


def test_stock_that_is_not_known_is_left_to_the_hub() -> None:
    result = Setting(_rule()).decide(("A", 10))

    assert (result.outcome, result.allocations) == ("accept", ())
    assert "stock_not_known" in [reason.code for reason in result.trace]


def test_a_pack_without_allocation_rules_ships_what_expires_first() -> None:
    result = Setting(batches=DATED).decide(("A", 6))

    assert _picked(result) == [("R", 5), ("P", 1)]


def test_the_narrower_allocation_rule_holds() -> None:
    rules = (
        BASE
        + "allocation: [{id: ALL, pick: lifo},"
        + " {id: FOOD, when: {category: food}, pick: fifo}]\n"
    )
    products = {"A": product("A", category=("food", "tins")), "B": product("B")}

    result = Setting(rules, head=LIFO, products=products, batches=DATED).decide(("A", 5))

    assert _picked(result) == [("Q", 5)]


def test_batches_of_two_products_may_have_the_same_id() -> None:
    batches: tuple[Batch, ...] = (batch("P", "A", 5), batch("P", "B", 5))

    result = Setting(_rule(), batches=batches).decide(("A", 5), ("B", 5))

    assert [line.quantity for line in result.lines] == [5, 5]


def test_newest_first_is_off_unless_the_pack_allows_it() -> None:
    allowed = faults_of(LIFO + _rule(pick="lifo"))
    off = faults_of(HEAD + _rule(pick="lifo"))

    assert allowed == ()
    assert "'lifo' is off" in off[0]


@pytest.mark.parametrize(
    ("stock", "outcome", "expected"),
    [
        ((5, 5), "accept", []),
        ((4, 5), "reject", ["short_stock", "order_incomplete"]),
        ((5, 4), "reject", ["order_incomplete", "short_stock"]),
        ((5, 0), "reject", ["order_incomplete", "out_of_stock"]),
    ],
)
def test_an_order_that_ships_whole_is_refused_if_any_line_is_short(
    stock: tuple[int, int], outcome: str, expected: list[str]
) -> None:
    rules = BASE + "allocation: [{id: WHOLE, when: {sku: A}, pick: fefo, ship: all_or_nothing}]\n"
    batches = (batch("P", "A", stock[0]), batch("Q", "B", stock[1]))

    result = Setting(rules, batches=batches).decide(("A", 5), ("B", 5))

    assert (result.outcome, codes(result)) == (outcome, expected)
    assert steps(result, "order_incomplete") == (["WHOLE"] if expected else [])


def test_an_order_without_a_line_that_ships_whole_is_cut() -> None:
    rules = BASE + "allocation: [{id: WHOLE, when: {sku: A}, pick: fefo, ship: all_or_nothing}]\n"

    result = Setting(rules, batches=(batch("Q", "B", 4),)).decide(("B", 5))

    assert (result.outcome, result.lines[0].quantity) == ("accept", 4)


def test_a_whole_order_has_nothing_left_to_cut() -> None:
    faults = faults_of(HEAD + _rule(ship="all_or_nothing", short="cut"))

    assert "'ship: all_or_nothing' leaves nothing to 'short'" in faults[0]


MADE = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("kind", "days_left", "sold"),
    [("kiosk", 0, 5), ("chain", 89, 0), ("chain", 90, 5), ("hotel", 29, 0), ("hotel", 30, 5)],
)
def test_how_long_a_batch_must_live_may_depend_on_the_customers_type(
    kind: str, days_left: int, sold: int
) -> None:
    rules = (
        BASE
        + "allocation: [{id: ALL, pick: fefo},"
        + " {id: CHAIN, when: {customer.type: chain}, pick: fefo, min_life_percent: 50},"
        + " {id: HOTEL, when: {customer.type: hotel}, pick: fefo, min_life_days: 30}]\n"
    )
    expiry = TODAY + timedelta(days=days_left)
    batches = (batch("P", "A", 5, manufactured=MADE, expiry=expiry), batch("X", "B", 1))

    result = Setting(rules, customer=Customer("C1", kind), batches=batches).decide(
        ("A", 5), ("B", 1)
    )

    assert (TODAY - MADE).days == 90
    assert result.lines[0].quantity == sold


def test_a_rules_warehouses_stand_in_for_the_packs() -> None:
    batches = tuple(batch(name, "A", 1, warehouse=name) for name in ("X", "Y", "Z"))
    head = HEAD.replace("}", ", warehouses: [Z]}")

    packs = Setting(_rule(), head=head, batches=batches).decide(("A", 3))
    rules = Setting(_rule(warehouses="[Y, Z]"), head=head, batches=batches).decide(("A", 3))

    assert [part.batch for part in packs.allocations] == ["Z", "X", "Y"]
    assert [part.batch for part in rules.allocations] == ["Y", "Z", "X"]


def test_the_warehouse_with_the_most_comes_first_and_equal_ones_as_they_were() -> None:
    batches = (
        batch("X1", "A", 3, warehouse="X"),
        batch("Y1", "A", 2, warehouse="Y"),
        batch("Y2", "A", 2, warehouse="Y"),
        batch("Z1", "A", 3, warehouse="Z"),
        batch("W1", "A", 99, warehouse="W", expiry=YESTERDAY),
    )

    result = Setting(_rule(warehouses="biggest_first"), batches=batches).decide(("A", 10))

    assert [part.batch for part in result.allocations] == ["Y1", "Y2", "X1", "Z1"]


def test_warehouses_are_a_list_or_the_biggest_first() -> None:
    assert "or biggest_first" in faults_of(HEAD + _rule(warehouses="bigest"))[0]


def test_without_a_split_of_equal_batches_the_one_picked_first_is_cut_to() -> None:
    batches = (batch("P", "A", 5), batch("Q", "A", 5, expiry=TOMORROW))

    result = Setting(_rule(split="false"), batches=batches).decide(("A", 6))

    assert _picked(result) == [("Q", 5)]


def test_without_a_split_a_whole_batch_further_off_beats_a_part_near_by() -> None:
    batches = (batch("P", "A", 5, warehouse="NEAR"), batch("Q", "A", 6, warehouse="FAR"))

    result = Setting(_rule(split="false", warehouses="[NEAR, FAR]"), batches=batches).decide(
        ("A", 6)
    )

    assert _picked(result) == [("Q", 6)]


def test_without_a_split_each_line_has_its_own_batch() -> None:
    batches = (batch("P", "A", 5, expiry=TOMORROW), batch("Q", "A", 4))

    result = Setting(_rule(split="false"), batches=batches).decide(("A", 4), ("A", 4))

    assert [(part.number, part.batch) for part in result.allocations] == [(1, "P"), (2, "Q")]


def test_without_a_split_the_rest_of_a_backorder_waits() -> None:
    rules = _rule(split="false", short="backorder")

    result = Setting(rules, batches=(batch("P", "A", 5), batch("Q", "A", 4))).decide(("A", 9))

    assert _picked(result) == [("P", 5)]
    assert [(short.missing, short.action) for short in result.shorts] == [(4, "backorder")]


@pytest.mark.parametrize(
    ("wait", "days", "text"),
    [
        ("", None, "4 of 10 Product A in stock: the rest follows"),
        (", wait_days: 14", 14, "4 of 10 Product A in stock: the rest follows within 14 days"),
    ],
)
def test_what_is_on_backorder_may_follow_for_so_many_days(
    wait: str, days: int | None, text: str
) -> None:
    rules = f"{BASE}allocation: [{{id: AL, pick: fefo, short: backorder{wait}}}]\n"

    result = Setting(rules, batches=(batch("P", "A", 4),)).decide(("A", 10))

    assert [short.wait_days for short in result.shorts] == [days]
    assert [words_of(reason) for reason in result.reasons] == [text]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("short: cut, wait_days: 3", "'wait_days' is for 'short: backorder'"),
        ("short: backorder, wait_days: 0", "0 is below 1"),
    ],
)
def test_only_what_is_on_backorder_waits_and_at_least_a_day(rule: str, fault: str) -> None:
    assert fault in faults_of(f"{HEAD}{BASE}allocation: [{{id: AL, pick: fefo, {rule}}}]\n")[0]


@pytest.mark.parametrize(
    ("ordered", "picked", "sold"),
    [
        (7, [("P", 5), ("Q", 2)], 7),
        (10, [("P", 5), ("Q", 5)], 10),
        (11, [("P", 5), ("Q", 5)], 10),
    ],
)
def test_the_safety_stock_of_a_product_stays(
    ordered: int, picked: list[tuple[str, int]], sold: int
) -> None:
    batches = (batch("P", "A", 5), batch("Q", "A", 9))

    result = Setting(_rule(safety_stock="4"), batches=batches).decide(("A", ordered))

    assert (_picked(result), result.lines[0].quantity) == (picked, sold)


def test_two_lines_of_a_product_leave_one_safety_stock() -> None:
    setting = Setting(_rule(safety_stock="4"), batches=(batch("P", "A", 10),))

    result = setting.decide(("A", 4), ("A", 4))

    assert [line.quantity for line in result.lines] == [4, 2]


def test_a_shelf_below_its_safety_stock_sells_nothing() -> None:
    result = Setting(_rule(safety_stock="4"), batches=(batch("P", "A", 3),)).decide(("A", 1))

    assert (result.outcome, set(codes(result))) == ("reject", {"out_of_stock"})


def test_a_line_that_one_batch_serves_leaves_the_safety_stock_to_the_others() -> None:
    batches = (batch("P", "A", 5), batch("Q", "A", 9))

    result = Setting(_rule(safety_stock="4", split="false"), batches=batches).decide(("A", 9))

    assert _picked(result) == [("Q", 9)]


@pytest.mark.parametrize(
    ("ordered", "sold", "shorts"),
    [
        (6, 6, [(2, "backorder")]),
        (7, 7, [(3, "backorder")]),
        (9, 7, [(2, "cut"), (3, "backorder")]),
    ],
)
def test_what_is_above_the_most_of_a_backorder_is_cut(
    ordered: int, sold: int, shorts: list[tuple[int, str]]
) -> None:
    rules = _rule(short="backorder", backorder_most="3")

    result = Setting(rules, batches=(batch("P", "A", 4),)).decide(("A", ordered))

    assert result.lines[0].quantity == sold
    assert [(short.missing, short.action) for short in result.shorts] == shorts


def test_a_most_without_a_backorder_is_a_fault() -> None:
    assert "nothing else waits" in faults_of(HEAD + _rule(backorder_most="3"))[0]
