"""Allocation: batches that a line names, warehouses by distance, and what expires today."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules import Allocation, OrderLine, Quantity, Result, evaluate
from tests.unit.rules.making import (
    BASE,
    HEAD,
    TODAY,
    Setting,
    batch,
    codes,
    faults_of,
    pack_of,
    product,
    words_of,
)

YESTERDAY = TODAY - timedelta(days=1)
SOON = TODAY + timedelta(days=9)
LATER = TODAY + timedelta(days=99)
STOCK = (
    batch("OLD", "A", 5, expiry=SOON),
    batch("NEW", "A", 5, expiry=LATER),
    batch("GONE", "A", 5, expiry=YESTERDAY),
)


def _rule(**fields: str) -> str:
    inner = ", ".join(f"{name}: {value}" for name, value in {"pick": "fefo", **fields}.items())
    return f"{BASE}allocation: [{{id: AL, {inner}}}]\n"


def _line(number: int, quantity: int, named: str | None, because: str = "") -> OrderLine:
    return OrderLine(number, "A", Quantity(quantity), batch=named, batch_reason=because)


def _decide(setting: Setting, *lines: OrderLine) -> Result:
    order = replace(setting.order(), lines=lines)
    return evaluate(order, setting.facts(), setting.counters, pack_of(setting.rules))


def _picked(result: Result) -> list[tuple[int, str, int]]:
    return [(part.number, part.batch, part.quantity) for part in result.allocations]


def test_a_line_is_taken_from_the_batch_it_names() -> None:
    result = _decide(Setting(_rule(), batches=STOCK), _line(1, 3, "NEW", "shop wants it fresh"))

    assert (result.outcome, _picked(result)) == ("accept", [(1, "NEW", 3)])
    told = [words_of(reason) for reason in result.trace if reason.code == "batch_named"]
    assert told == ["batch NEW as asked: shop wants it fresh"]


@pytest.mark.parametrize(
    ("named", "code", "text"),
    [
        ("NONE", "batch_unknown", "no batch NONE of Product A is there to sell"),
        ("GONE", "batch_expired", "batch GONE of Product A expired on 2026-03-31"),
    ],
)
def test_a_named_batch_that_nobody_may_sell_refuses_the_order(
    named: str, code: str, text: str
) -> None:
    result = _decide(
        Setting(_rule(manual="allow"), batches=STOCK), _line(1, 3, named, "old friend")
    )

    assert (result.outcome, result.allocations) == ("reject", ())
    assert [(reason.code, words_of(reason), reason.line) for reason in result.reasons] == [
        (code, text, 1)
    ]


@pytest.mark.parametrize(("days", "outcome"), [("9", "accept"), ("10", "reject")])
def test_a_named_batch_must_live_as_long_as_the_rule_asks(days: str, outcome: str) -> None:
    result = _decide(Setting(_rule(min_life_days=days), batches=STOCK), _line(1, 3, "OLD"))

    assert result.outcome == outcome
    assert all(
        words_of(reason) == "batch OLD of Product A expires on 2026-04-10, which is too soon"
        for reason in result.reasons
    )


@pytest.mark.parametrize(
    ("manual", "because", "expected"),
    [
        ("allow", "", []),
        ("allow", "asked for", []),
        ("reason", "", ["batch_out_of_turn"]),
        ("reason", "asked for", []),
        ("refuse", "", ["batch_out_of_turn"]),
        ("refuse", "asked for", ["batch_out_of_turn"]),
    ],
)
def test_passing_over_an_older_batch_is_for_the_rule_to_allow(
    manual: str, because: str, expected: list[str]
) -> None:
    result = _decide(Setting(_rule(manual=manual), batches=STOCK), _line(1, 3, "NEW", because))

    assert codes(result) == expected
    assert result.outcome == ("reject" if expected else "accept")


def test_passing_over_needs_a_reason_where_the_pack_says_nothing() -> None:
    result = _decide(Setting(batches=STOCK), _line(1, 3, "NEW"))

    assert [words_of(reason) for reason in result.reasons] == [
        (
            "batch OLD of Product A leaves before NEW: "
            "another goes first only with a reason, which the distributor enters: "
            "call there, or order without naming a batch"
        )
    ]


@pytest.mark.parametrize(
    "other",
    [
        batch("OLD", "A", 5, expiry=SOON, warehouse="FAR"),
        batch("OLD", "A", 0, expiry=SOON),
        batch("OLD", "A", 5, expiry=LATER, received=date(2025, 1, 1)),
        batch("OLD", "A", 5, expiry=YESTERDAY),
    ],
    ids=["lies elsewhere", "is sold", "expires the same day", "may not be sold"],
)
def test_nothing_is_passed_over_where_the_other_batch(other: object) -> None:
    stock = (batch("NEW", "A", 5, expiry=LATER), other)

    result = _decide(Setting(_rule(manual="refuse"), batches=stock), _line(1, 3, "NEW"))  # type: ignore[arg-type]

    assert (result.outcome, _picked(result)) == ("accept", [(1, "NEW", 3)])


@pytest.mark.parametrize(
    ("short", "outcome", "expected"),
    [
        ("cut", "accept", [(5, "cut", 5)]),
        ("backorder", "accept", [(7, "backorder", 5)]),
        ("refuse", "reject", [(7, "refuse", 0)]),
    ],
)
def test_a_named_batch_that_is_too_small_is_not_filled_up_from_another(
    short: str, outcome: str, expected: list[tuple[int, str, int]]
) -> None:
    result = _decide(Setting(_rule(short=short), batches=STOCK), _line(1, 7, "OLD"))

    sold, shorts = result.lines[0].quantity, result.shorts[0]
    assert result.outcome == outcome
    assert [(sold, shorts.action, sum(part.quantity for part in result.allocations))] == expected
    assert words_of(result.reasons[0]).startswith("5 of 7 Product A in stock of batch OLD")


def test_named_lines_take_before_those_that_any_batch_serves() -> None:
    result = _decide(Setting(_rule(), batches=STOCK), _line(1, 5, None), _line(2, 4, "OLD"))

    assert _picked(result) == [(2, "OLD", 4), (1, "OLD", 1), (1, "NEW", 4)]


def test_two_lines_that_name_one_batch_share_it() -> None:
    result = _decide(Setting(_rule(), batches=STOCK), _line(1, 3, "OLD"), _line(2, 3, "OLD"))

    assert _picked(result) == [(1, "OLD", 3), (2, "OLD", 2)]


def test_a_batch_of_which_all_is_taken_is_short_and_not_unknown() -> None:
    stock = (batch("OLD", "A", 0), batch("X", "B", 1))

    result = _decide(Setting(_rule(short="backorder"), batches=stock), _line(1, 3, "OLD"))

    assert codes(result) == ["out_of_stock"]


def test_one_code_in_two_warehouses_is_two_batches() -> None:
    stock = (
        batch("P", "A", 2, warehouse="NEAR"),
        batch("P", "A", 3, warehouse="FAR"),
        batch("P", "B", 9, warehouse="FAR"),
    )

    result = _decide(Setting(_rule(), batches=stock), _line(1, 4, "P"), _line(2, 4, None))

    assert list(result.allocations) == [
        Allocation(1, False, "A", "P", Quantity(2), "NEAR"),
        Allocation(1, False, "A", "P", Quantity(2), "FAR"),
        Allocation(2, False, "A", "P", Quantity(1), "FAR"),
    ]


@pytest.mark.parametrize(
    ("quantity", "expected"), [(2, []), (3, ["batch_out_of_turn"]), (9, ["batch_out_of_turn"])]
)
def test_in_every_warehouse_that_a_named_batch_leaves_from_it_waits_for_its_turn(
    quantity: int, expected: list[str]
) -> None:
    stock = (
        batch("P", "A", 2, expiry=LATER, warehouse="NEAR"),
        batch("P", "A", 5, expiry=LATER, warehouse="FAR"),
        batch("OLD", "A", 5, expiry=SOON, warehouse="FAR"),
    )

    result = _decide(Setting(_rule(), batches=stock), _line(1, quantity, "P"))

    assert codes(result) == expected


def test_a_named_line_of_an_order_that_ships_whole_refuses_it_when_short() -> None:
    result = _decide(Setting(_rule(ship="all_or_nothing"), batches=STOCK), _line(1, 6, "OLD"))

    assert codes(result) == ["short_stock", "order_incomplete"]


@pytest.mark.parametrize(
    ("distances", "order"),
    [
        ({"X": 30, "Y": 4, "Z": 12}, ["Y", "Z", "X"]),
        ({"X": 4, "Z": 4}, ["X", "Z", "Y"]),
        ({"Z": 1}, ["Z", "X", "Y"]),
        ({}, ["X", "Y", "Z"]),
    ],
    ids=["by distance", "equal by name", "unknown last", "none known"],
)
def test_the_nearest_warehouse_comes_first(distances: dict[str, int], order: list[str]) -> None:
    stock = tuple(batch(f"{name}1", "A", 1, warehouse=name) for name in ("X", "Y", "Z"))
    setting = Setting(_rule(warehouses="nearest"), batches=stock, distances=distances)

    result = setting.decide(("A", 3))

    assert [part.warehouse for part in result.allocations] == order


@pytest.mark.parametrize(
    ("distances", "order"),
    [
        ({"X": 4, "Z": 4}, ["Z", "X", "Y"]),
        ({"X": 1}, ["X", "Z", "Y"]),
        ({}, ["Z", "X", "Y"]),
    ],
    ids=["equally near", "the way to the others unknown", "no way known"],
)
def test_where_the_nearest_is_not_told_the_packs_order_holds(
    distances: dict[str, int], order: list[str]
) -> None:
    stock = tuple(batch(f"{name}1", "A", 1, warehouse=name) for name in ("X", "Y", "Z"))
    head = HEAD.replace("}", ", warehouses: [Z]}")
    rules = _rule(warehouses="nearest")

    result = Setting(rules, head=head, batches=stock, distances=distances).decide(("A", 3))

    assert [part.warehouse for part in result.allocations] == order


def test_distances_say_nothing_where_no_rule_asks_for_the_nearest() -> None:
    stock = tuple(batch(f"{name}1", "A", 1, warehouse=name) for name in ("X", "Y"))

    result = Setting(_rule(), batches=stock, distances={"Y": 1, "X": 2}).decide(("A", 2))

    assert [part.warehouse for part in result.allocations] == ["X", "Y"]


KEEP = HEAD.replace("}", ", expires_today: keep}")


@pytest.mark.parametrize(
    ("head", "rules", "sold"),
    [
        (HEAD, BASE, 5),
        (HEAD.replace("}", ", expires_today: sell}"), BASE, 5),
        (KEEP, BASE, 0),
        (KEEP, _rule(), 0),
        (KEEP, _rule(pick="fifo"), 0),
        (KEEP, _rule(min_life_percent="1"), 0),
    ],
)
def test_a_pack_may_keep_what_expires_today(head: str, rules: str, sold: int) -> None:
    stock = (batch("P", "A", 5, expiry=TODAY), batch("X", "B", 1))

    result = Setting(rules, head=head, batches=stock).decide(("A", 5), ("B", 1))

    assert result.lines[0].quantity == sold


def test_what_expires_tomorrow_sells_in_a_pack_that_keeps_what_expires_today() -> None:
    stock = (batch("P", "A", 5, expiry=TODAY + timedelta(days=1)),)

    assert Setting(_rule(), head=KEEP, batches=stock).decide(("A", 5)).outcome == "accept"


def test_a_batch_that_is_out_of_turn_by_day_of_manufacture_is_passed_over_too() -> None:
    stock = (
        batch("MADE-1", "A", 5, manufactured=date(2026, 1, 1), expiry=LATER),
        batch("MADE-2", "A", 5, manufactured=date(2026, 1, 2), expiry=SOON),
    )
    by_age = _decide(Setting(_rule(pick="fifo"), batches=stock), _line(1, 3, "MADE-2"))
    by_expiry = _decide(Setting(_rule(), batches=stock), _line(1, 3, "MADE-2"))

    assert (codes(by_age), codes(by_expiry)) == (["batch_out_of_turn"], [])


def test_free_goods_of_a_named_line_come_from_any_batch() -> None:
    rules = _rule() + "schemes: [{id: F, free: {every: 5, give: 1, item: same}}]\n"

    result = _decide(Setting(rules, batches=STOCK), _line(1, 5, "OLD"))

    assert [(part.free, part.batch) for part in result.allocations] == [
        (False, "OLD"),
        (True, "NEW"),
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"manual": "maybe"}, "'maybe' is not one of allow, reason, refuse"),
        ({"warehouses": "nearset"}, "'warehouses' is a list of them, or biggest_first or nearest"),
    ],
)
def test_an_allocation_rule_that_makes_no_sense_is_a_fault(
    fields: dict[str, str], fault: str
) -> None:
    faults = faults_of(HEAD + _rule(**fields))

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:3:")
    assert fault in faults[0]


def test_a_pack_says_of_what_expires_today_that_it_sells_or_is_kept() -> None:
    head = HEAD.replace("}", ", expires_today: bin}")

    assert "'bin' is not one of sell, keep" in faults_of(head + BASE)[0]


def test_a_product_that_no_facts_know_is_not_picked() -> None:
    setting = Setting(_rule(), products={"B": product("B")}, batches=STOCK)

    assert _decide(setting, _line(1, 1, "OLD")).outcome == "reject"
