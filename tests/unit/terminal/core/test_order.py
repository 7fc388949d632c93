"""The order at the counter, event by event."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.messages import MAX_LINES, MAX_QUANTITY
from terminal.core.order import (
    CancelAsked,
    CodeUnknown,
    Event,
    Line,
    OpenOrder,
    ProductScanned,
    QuantitySet,
    Step,
    SubmitAsked,
    UndoAsked,
    step,
)

COLA = ProductScanned("COLA", "Cola", "order-1")
RICE = ProductScanned("RICE", "Rice", "order-2")
UNDO, SUBMIT = UndoAsked(), SubmitAsked()


def after(*events: Event, order: OpenOrder | None = None) -> Step:
    """Apply events, give the last step."""
    last = Step(order or OpenOrder(), "")
    for event in events:
        last = step(last.order, event)
    return last


def content(order: OpenOrder) -> list[tuple[int, str, int]]:
    """Give (number, sku, quantity) of each line."""
    return [(line.number, line.sku, line.quantity) for line in order.lines]


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        ([COLA], [(1, "COLA", 1)]),
        ([COLA, COLA], [(1, "COLA", 2)]),
        ([COLA, RICE], [(1, "COLA", 1), (2, "RICE", 1)]),
        ([COLA, RICE, COLA], [(1, "COLA", 2), (2, "RICE", 1)]),
        ([replace(COLA, quantity=24)], [(1, "COLA", 24)]),
        ([COLA, QuantitySet(12)], [(1, "COLA", 12)]),
        ([COLA, QuantitySet(12), COLA], [(1, "COLA", 13)]),
        ([COLA, RICE, QuantitySet(3)], [(1, "COLA", 1), (2, "RICE", 3)]),
        ([COLA, RICE, COLA, QuantitySet(9)], [(1, "COLA", 9), (2, "RICE", 1)]),
        ([COLA, RICE, UNDO], [(1, "COLA", 1)]),
        ([COLA, RICE, UNDO, QuantitySet(5)], [(1, "COLA", 5)]),
        ([COLA, QuantitySet(5), UNDO], [(1, "COLA", 1)]),
        ([COLA, QuantitySet(5), UNDO, UNDO], []),
        ([COLA, UNDO, RICE], [(1, "RICE", 1)]),
    ],
)
def test_scans_quantities_and_undo_make_the_lines(
    events: list[Event], lines: list[tuple[int, str, int]]
) -> None:
    assert content(after(*events).order) == lines


@pytest.mark.parametrize(
    "events",
    [
        [QuantitySet(5)],
        [COLA, QuantitySet(0)],
        [COLA, QuantitySet(-3)],
        [COLA, QuantitySet(MAX_QUANTITY + 1)],
        [UNDO],
        [SUBMIT],
        [CancelAsked(0)],
        [COLA, SUBMIT, SUBMIT],
    ],
)
def test_what_cannot_be_done_sounds_an_error_and_changes_nothing(events: list[Event]) -> None:
    before = after(*events[:-1]).order

    done = step(before, events[-1])

    assert done.tone == "error"
    assert done.said
    assert done.order == before


@pytest.mark.parametrize(
    "event",
    [CodeUnknown("Not in the catalogue: 123"), replace(RICE, quantity=MAX_QUANTITY + 1)],
)
def test_a_quantity_after_a_code_that_was_not_taken_does_not_hit_the_line_before(
    event: Event,
) -> None:
    lost = after(COLA, event)
    done = step(lost.order, QuantitySet(12))

    assert (lost.tone, done.tone) == ("error", "error")
    assert content(done.order) == [(1, "COLA", 1)]
    assert content(after(COLA, event, RICE, QuantitySet(3)).order)[1] == (2, "RICE", 3)
    assert content(after(COLA, event, UNDO).order) == []


def test_the_largest_quantity_is_allowed() -> None:
    assert content(after(COLA, QuantitySet(MAX_QUANTITY)).order) == [(1, "COLA", MAX_QUANTITY)]


def test_the_order_takes_500_lines_and_no_more() -> None:
    scans = [ProductScanned(f"S{at}", f"S{at}", "order-1") for at in range(MAX_LINES + 1)]

    full = after(*scans[:-1])
    refused = step(full.order, scans[-1])
    raised = step(full.order, scans[0])

    assert (full.tone, len(full.order.lines)) == ("ok", MAX_LINES)
    assert (refused.tone, len(refused.order.lines)) == ("error", MAX_LINES)
    assert raised.order.lines[0].quantity == 2


def test_an_order_keeps_the_id_of_its_first_scan() -> None:
    assert after(COLA, RICE).order.id == "order-1"


def test_submit_hands_the_frozen_order_over_and_empties_the_counter() -> None:
    done = after(COLA, COLA, SUBMIT)

    assert done.submitted is not None
    assert done.submitted.lines == (Line(1, "COLA", "Cola", 2),)
    assert done.order == OpenOrder()


def test_the_next_order_gets_an_id_of_its_own() -> None:
    assert after(COLA, SUBMIT, RICE).order.id == "order-2"


def test_one_cancel_only_asks() -> None:
    done = after(COLA, CancelAsked(1000))

    assert content(done.order) == [(1, "COLA", 1)]
    assert "again" in done.said


@pytest.mark.parametrize(("second_ms", "gone"), [(1001, True), (11_000, True), (11_001, False)])
def test_a_second_cancel_counts_for_ten_seconds(second_ms: int, gone: bool) -> None:  # noqa: FBT001
    done = after(COLA, CancelAsked(1000), CancelAsked(second_ms))

    assert (done.cancelled is not None) == gone
    assert (done.order.lines == ()) == gone


def test_any_other_code_takes_the_first_cancel_back() -> None:
    done = after(COLA, CancelAsked(1000), RICE, CancelAsked(1500))

    assert done.cancelled is None
    assert len(done.order.lines) == 2


events = st.one_of(
    st.builds(
        ProductScanned,
        st.sampled_from(["A", "B", "C"]),
        st.just("name"),
        st.just("order-1"),
        st.integers(1, 40),
    ),
    st.builds(QuantitySet, st.integers(-2, 2 * MAX_QUANTITY)),
    st.just(UNDO),
    st.builds(CancelAsked, st.integers(0, 30_000)),
)


@given(st.lists(events, max_size=60))
def test_lines_are_always_numbered_from_one_without_gaps_and_each_product_once(
    taken: list[Event],
) -> None:
    order = after(*taken).order

    assert [line.number for line in order.lines] == list(range(1, len(order.lines) + 1))
    assert len({line.sku for line in order.lines}) == len(order.lines)
    assert all(1 <= line.quantity <= MAX_QUANTITY for line in order.lines)


@given(st.lists(events, max_size=40), events)
def test_undo_takes_exactly_the_last_change_back(taken: list[Event], last: Event) -> None:
    before = after(*taken).order
    changed = step(before, last).order

    if len(changed.changes) > len(before.changes):
        assert step(changed, UNDO).order.lines == before.lines
