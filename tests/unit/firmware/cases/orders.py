"""The order at the counter, by its events."""

from firmware.constants import MAX_QUANTITY
from firmware.core.order import (
    MAX_LINES,
    OpenOrder,
    Refused,
    gross,
    order_of,
    wire_lines,
)


def tea(count=1, unit="", size=1):
    return ["scan", "TEA", "Tea", unit, size, 1_000_000, count]


def rice(count=1):
    return ["scan", "RICE", "Rice", "", 1, 500_000, count]


def told(order):
    return [(line.sku, line.unit, line.quantity) for line in order.lines]


def refusal(order, event):
    before = told(order)
    try:
        order.apply(event)
    except Refused as error:
        assert told(order) == before
        return str(error)
    raise AssertionError("it was taken")


def test_scanning_twice_makes_one_line_of_two():
    order = order_of([tea(), tea()])

    assert told(order) == [("TEA", "", 2)]


def test_a_case_is_a_line_of_its_own_and_counts_pieces():
    order = order_of([tea(), tea(2, "CASE", 12)])

    assert told(order) == [("TEA", "", 1), ("TEA", "CASE", 24)]
    assert order.lines[1].said == "2 CASE = 24 x Tea"


def test_a_quantity_is_for_the_line_just_scanned_in_its_unit():
    order = order_of([rice(), tea(1, "CASE", 12), ["qty", 3]])

    assert told(order) == [("RICE", "", 1), ("TEA", "CASE", 36)]


def test_a_quantity_after_a_code_that_was_not_taken_is_refused():
    order = order_of([tea()])
    order.lose()

    assert "scan it again" in refusal(order, ["qty", 3])


def test_a_quantity_without_a_line_is_refused():
    assert "first" in refusal(OpenOrder(), ["qty", 3])
    assert refusal(order_of([tea()]), ["qty", 0]) == "a quantity is 1 to %d" % MAX_QUANTITY


def test_a_unit_makes_packs_of_what_was_counted_and_back():
    order = order_of([tea(2), ["unit", "CASE", 12]])
    assert told(order) == [("TEA", "CASE", 24)]

    order.apply(["unit", "", 1])
    assert told(order) == [("TEA", "", 2)]


def test_undo_takes_back_one_change_after_the_other():
    order = order_of([tea(), rice(), ["qty", 5], ["unit", "BAG", 10], ["coupon", "DIWALI"]])
    seen = []
    for _ in range(5):
        order.apply(["undo"])
        seen.append((told(order), list(order.coupons)))

    assert seen == [
        ([("TEA", "", 1), ("RICE", "BAG", 50)], []),
        ([("TEA", "", 1), ("RICE", "", 5)], []),
        ([("TEA", "", 1), ("RICE", "", 1)], []),
        ([("TEA", "", 1)], []),
        ([], []),
    ]
    assert refusal(order, ["undo"]) == "there is nothing to take back"


def test_a_coupon_comes_once():
    order = order_of([["coupon", "Diwali"]])

    assert "already" in refusal(order, ["coupon", "DIWALI"])
    assert not order.is_empty


def test_an_order_that_is_full_takes_no_further_line_but_more_of_one():
    order = order_of([["scan", "S%d" % n, "N", "", 1, 0, 1] for n in range(MAX_LINES)])

    assert "full" in refusal(order, tea())
    order.apply(["scan", "S1", "N", "", 1, 0, 1])
    assert order.lines[1].quantity == 2


def test_more_than_the_wire_takes_is_refused():
    order = order_of([tea(MAX_QUANTITY)])

    assert "too many" in refusal(order, tea())


def test_throwing_away_takes_two_within_ten_seconds():
    order = order_of([tea()])

    assert not order.ask_cancel(1_000)
    assert not order.ask_cancel(11_001)
    assert order.ask_cancel(21_001)


def test_lines_go_to_the_wire_numbered_and_say_a_unit_only_where_there_is_one():
    lines = list(wire_lines(order_of([rice(3), tea(1, "CASE", 12)]).lines))

    assert lines == [
        {"line": 1, "sku": "RICE", "qty": 3},
        {"line": 2, "sku": "TEA", "qty": 12, "unit": "CASE"},
    ]


def test_amounts_above_two_to_the_thirty_are_exact():
    order = order_of([["scan", "GOLD", "Gold", "", 1, 75_000_001, 1_000_000]])

    assert gross(order.lines[0], 2) == 750_000_010_000


def test_half_a_minor_unit_is_rounded_up():
    order = order_of([["scan", "NUT", "Nut", "", 1, 12_350, 1], ["scan", "X", "X", "", 1, 0, 1]])

    assert gross(order.lines[0], 2) == 124
