"""The order at the counter, event by event."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.envelope import MAX_QUANTITY
from broker.contract.messages import (
    MAX_COUPONS,
    MAX_LINES,
    Payment,
)
from terminal.core.order import (
    BatchChosen,
    Bounds,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    DigitScanned,
    EnterAsked,
    Event,
    FreeGoodsChosen,
    Line,
    LinesRepeated,
    OpenOrder,
    PaymentChosen,
    ProductRemoved,
    ProductScanned,
    QuantitySet,
    Step,
    SubmitAsked,
    UndoAsked,
    UnitChosen,
    is_unusual_sum,
    step,
    unusual_line,
)
from terminal.core.words import Voice, said

COLA = ProductScanned("COLA", "Cola", "order-1")
RICE = ProductScanned("RICE", "Rice", "order-2")
CASE = ProductScanned("COLA", "Cola", "order-3", 24, "CASE", 24)
OF_B7 = ProductScanned("COLA", "Cola", "order-4", batch="B7")
BY_CASE, BY_PIECE = UnitChosen("CASE", 24), UnitChosen("")
DIWALI = CouponShown("DIWALI", "order-5")
HONEY, SOAP = FreeGoodsChosen("HONEY", "Honey"), FreeGoodsChosen("SOAP", "Soap")
UNDO, SUBMIT = UndoAsked(), SubmitAsked()
ENGLISH = Voice()


def after(*events: Event, order: OpenOrder | None = None) -> Step:
    """Apply events, give the last step."""
    last = Step(order or OpenOrder(), said("order.stored"))
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


def heard(order: OpenOrder) -> list[str]:
    """Say each line as a person does."""
    return [ENGLISH.word(line.said) for line in order.lines]


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        ([CASE], ["1 CASE = 24 x Cola"]),
        ([CASE, CASE], ["2 CASE = 48 x Cola"]),
        ([CASE, QuantitySet(3)], ["3 CASE = 72 x Cola"]),
        ([CASE, COLA, COLA], ["1 CASE = 24 x Cola", "2 x Cola"]),
        ([COLA, CASE, QuantitySet(2)], ["1 x Cola", "2 CASE = 48 x Cola"]),
        ([CASE, CASE, UNDO], ["1 CASE = 24 x Cola"]),
        ([CASE, CASE, UNDO, UNDO], []),
        ([COLA, CASE, UNDO], ["1 x Cola"]),
        ([COLA, BY_CASE], ["1 CASE = 24 x Cola"]),
        ([COLA, QuantitySet(2), BY_CASE], ["2 CASE = 48 x Cola"]),
        ([COLA, BY_CASE, QuantitySet(2)], ["2 CASE = 48 x Cola"]),
        ([COLA, BY_CASE, BY_PIECE], ["1 x Cola"]),
        ([CASE, RICE, COLA, BY_CASE], ["2 CASE = 48 x Cola", "1 x Rice"]),
        ([CASE, RICE, COLA, BY_CASE, UNDO], ["1 CASE = 24 x Cola", "1 x Rice", "1 x Cola"]),
        ([RICE, COLA, COLA, BY_CASE, UNDO], ["1 x Rice", "2 x Cola"]),
        ([OF_B7], ["1 x Cola"]),
        ([OF_B7, BatchChosen()], ["1 x Cola, batch B7"]),
        ([OF_B7, QuantitySet(5), BatchChosen()], ["5 x Cola, batch B7"]),
        ([OF_B7, BY_CASE, BatchChosen()], ["1 CASE = 24 x Cola, batch B7"]),
        ([OF_B7, BatchChosen("B9")], ["1 x Cola, batch B9"]),
        ([OF_B7, BatchChosen(), COLA], ["1 x Cola, batch B7", "1 x Cola"]),
        ([OF_B7, BatchChosen(), UNDO], ["1 x Cola"]),
        ([OF_B7, BatchChosen(), UNDO, UNDO], []),
        ([COLA, DIWALI, QuantitySet(4)], ["4 x Cola"]),
    ],
)
def test_packs_and_batches_make_lines_of_their_own(events: list[Event], lines: list[str]) -> None:
    order = after(*events).order

    assert heard(order) == lines
    assert [line.number for line in order.lines] == list(range(1, len(lines) + 1))


def test_undo_says_what_is_left() -> None:
    assert ENGLISH.word(after(CASE, CASE, UNDO).said) == "Taken back: 1 CASE = 24 x Cola"
    assert ENGLISH.word(after(CASE, UNDO).said) == "Taken back: Cola removed"
    assert ENGLISH.word(after(COLA, BY_CASE, UNDO).said) == "Taken back: 1 x Cola"
    assert ENGLISH.word(after(COLA, DIWALI, UNDO).said) == "Taken back: coupon DIWALI"


@pytest.mark.parametrize(
    ("events", "coupons"),
    [
        ([COLA, DIWALI], ("DIWALI",)),
        ([DIWALI, COLA], ("DIWALI",)),
        ([COLA, DIWALI, UNDO], ()),
        ([DIWALI, COLA, UNDO], ("DIWALI",)),
        ([DIWALI, COLA, UNDO, UNDO], ()),
        ([COLA, DIWALI, SUBMIT], ()),
        ([DIWALI, CancelAsked(0), CancelAsked(1)], ()),
    ],
)
def test_a_coupon_stays_with_its_order(events: list[Event], coupons: tuple[str, ...]) -> None:
    assert after(*events).order.coupons == coupons


@pytest.mark.parametrize(
    ("events", "wishes"),
    [
        ([COLA, HONEY], ("HONEY",)),
        ([COLA, HONEY, SOAP], ("HONEY", "SOAP")),
        ([COLA, HONEY, SOAP, HONEY], ("HONEY", "SOAP", "HONEY")),
        ([COLA, HONEY, SOAP, UNDO], ("HONEY",)),
        ([COLA, HONEY, RICE], ("HONEY",)),
        ([COLA, HONEY, SUBMIT], ()),
    ],
)
def test_what_is_wished_for_stays_with_its_order(
    events: list[Event], wishes: tuple[str, ...]
) -> None:
    assert after(*events).order.wishes == wishes


def test_a_coupon_is_sent_with_the_order_that_it_began() -> None:
    done = after(DIWALI, COLA, SUBMIT)

    assert done.submitted is not None
    assert (done.submitted.id, done.submitted.coupons) == ("order-5", ("DIWALI",))


def test_an_order_takes_sixteen_coupons_and_no_more() -> None:
    shown = [CouponShown(f"C{at}", "order-1") for at in range(MAX_COUPONS + 1)]

    done = after(*shown)

    assert done.tone == "error"
    assert len(done.order.coupons) == MAX_COUPONS


@pytest.mark.parametrize(
    "events",
    [
        [BY_CASE],
        [BatchChosen("B7")],
        [COLA, BatchChosen()],
        [CASE, BY_CASE],
        [OF_B7, BatchChosen(), BatchChosen()],
        [CASE, QuantitySet(MAX_QUANTITY // 24 + 1)],
        [COLA, QuantitySet(MAX_QUANTITY // 24 + 1), BY_CASE],
        [DIWALI, SUBMIT],
        [HONEY],
        [COLA, HONEY, HONEY],
        [DIWALI, CouponShown("diwali", "order-6")],
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
    assert ENGLISH.word(done.said)
    assert done.order == before


@pytest.mark.parametrize(
    "event",
    [CodeUnknown(said("counter.not_found", code="123")), replace(RICE, quantity=MAX_QUANTITY + 1)],
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
    assert "again" in ENGLISH.word(done.said)


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
    st.builds(
        lambda sku, count: ProductScanned(sku, "name", "order-1", 24 * count, "CASE", 24, "B7"),
        st.sampled_from(["A", "B"]),
        st.integers(1, 3),
    ),
    st.sampled_from([BY_CASE, BY_PIECE, BatchChosen(), BatchChosen("B9"), DIWALI, HONEY]),
    st.builds(QuantitySet, st.integers(-2, 2 * MAX_QUANTITY)),
    st.just(UNDO),
    st.builds(CancelAsked, st.integers(0, 30_000)),
)


@given(st.lists(events, max_size=60))
def test_lines_are_numbered_from_one_without_gaps_and_each_product_is_once_in_each_unit_and_batch(
    taken: list[Event],
) -> None:
    order = after(*taken).order

    assert [line.number for line in order.lines] == list(range(1, len(order.lines) + 1))
    assert len({line.key for line in order.lines}) == len(order.lines)
    assert all(line.quantity % line.size == 0 for line in order.lines)
    assert all(1 <= line.quantity <= MAX_QUANTITY for line in order.lines)


@given(st.lists(events, max_size=40), events)
def test_undo_takes_exactly_the_last_change_back(taken: list[Event], last: Event) -> None:
    before = after(*taken).order
    changed = step(before, last).order

    if len(changed.changes) > len(before.changes):
        undone = step(changed, UNDO).order
        assert (undone.lines, undone.coupons, undone.wishes) == (
            before.lines,
            before.coupons,
            before.wishes,
        )


CREDIT_OR_CASH: tuple[Payment, ...] = ("credit", "cash")
CASH = PaymentChosen("cash", CREDIT_OR_CASH)
ENTER = EnterAsked()


def digits(number: str) -> list[Event]:
    return [DigitScanned(int(digit)) for digit in number]


def test_digits_are_the_quantity_once_enter_follows() -> None:
    waiting = after(COLA, *digits("12"))
    entered = after(ENTER, order=waiting.order)

    assert content(waiting.order) == [(1, "COLA", 1)]
    assert ENGLISH.word(waiting.said) == "12 of Cola: scan ENTER"
    assert content(entered.order) == [(1, "COLA", 12)]
    assert after(UNDO, order=entered.order).order.lines[0].quantity == 1


@pytest.mark.parametrize("event", [RICE, QuantitySet(3), BY_CASE, DIWALI, CASH, SUBMIT])
def test_nothing_is_taken_while_digits_wait_for_enter(event: Event) -> None:
    before = after(COLA, *digits("4")).order

    refused = after(event, order=before)

    assert (refused.order, refused.tone) == (before, "error")
    assert ENGLISH.word(refused.said) == "4 waits for ENTER: scan ENTER, or UNDO"


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (digits("4"), "Scan a product first, then its quantity, pack or batch"),
        ([ENTER], "Scan the digits of a quantity first, then ENTER"),
        ([COLA, *digits("0"), ENTER], "0 is not a quantity: 1 to 1000000. UNDO takes a line away"),
        ([COLA, *digits("99999999")], "9999999: no more digits fit. Scan ENTER, or UNDO"),
        ([COLA, CodeUnknown(said("code.nothing_read")), *digits("4")],
         "The last code was not taken: scan the product again"),
    ],
)  # fmt: skip
def test_digits_that_make_no_quantity_are_refused_in_words(events: list[Event], words: str) -> None:
    last = after(*events)

    assert (last.tone, ENGLISH.word(last.said)) == ("error", words)


def test_undo_takes_digits_away_before_it_takes_a_line() -> None:
    undone = after(COLA, *digits("12"), UNDO)

    assert ENGLISH.word(undone.said) == "Taken back: digits 12"
    assert after(*digits("3"), ENTER, order=undone.order).order.lines[0].quantity == 3


def test_a_payment_is_chosen_before_or_after_the_goods_and_taken_back() -> None:
    order = after(CASH, COLA).order

    assert order.payment == "cash"
    assert after(COLA, CASH).order.payment == "cash"
    assert after(UNDO, UNDO, order=order).order.payment is None
    assert after(SUBMIT, order=order).order.payment is None
    assert after(CancelAsked(0), CancelAsked(1), order=order).order == OpenOrder()


def test_a_payment_that_is_not_taken_here_is_refused_with_those_that_are() -> None:
    refused = after(COLA, PaymentChosen("advance", CREDIT_OR_CASH))

    assert refused.order.payment is None
    assert ENGLISH.word(refused.said) == (
        "Payment in advance is not taken here, but: on credit, cash on delivery"
    )


@pytest.mark.parametrize(
    ("events", "lines", "words"),
    [
        ([COLA, RICE, ProductRemoved("COLA", "Cola")], [(1, "RICE", 1)], "Removed: 1 x Cola"),
        ([COLA, CASE, ProductRemoved("COLA", "Cola", "CASE")], [(1, "COLA", 1)],
         "Removed: 1 CASE = 24 x Cola - Cola is on 1 more line(s)"),
        ([CASE, ProductRemoved("COLA", "Cola")], [], "Removed: 1 CASE = 24 x Cola"),
        ([RICE, ProductRemoved("COLA", "Cola")], [(1, "RICE", 1)], "Cola is not on the order"),
    ],
)  # fmt: skip
def test_a_line_is_removed_by_its_product(
    events: list[Event], lines: list[tuple[int, str, int]], words: str
) -> None:
    last = after(*events)

    assert (content(last.order), ENGLISH.word(last.said)) == (lines, words)


def test_a_removed_line_comes_back_in_its_place() -> None:
    order = after(COLA, RICE, QuantitySet(5), ProductRemoved("COLA", "Cola"), UNDO).order

    assert content(order) == [(1, "COLA", 1), (2, "RICE", 5)]


def test_no_quantity_goes_to_another_line_after_a_removed_one() -> None:
    assert after(COLA, RICE, ProductRemoved("RICE", "Rice"), QuantitySet(7)).tone == "error"


def test_an_order_is_repeated_into_an_empty_one_only() -> None:
    again = LinesRepeated(
        "shop-1-00007", (Line(1, "COLA", "Cola", 24, "CASE", 24),), "id", ("Tea",)
    )

    taken, refused = after(again), after(COLA, again)

    assert content(taken.order) == [(1, "COLA", 24)]
    assert ENGLISH.word(taken.said).endswith("Without, not sold any more: Tea")
    assert content(after(UNDO, order=taken.order).order) == []
    assert (refused.tone, content(refused.order)) == ("error", [(1, "COLA", 1)])


@pytest.mark.parametrize(
    ("before", "now", "asked_for"),
    [
        (990, 1_000, ""),
        (990, 1_001, "1001 x Cola? More than 1000: scan it once more if it is meant"),
        (1_200, 1_300, ""),
        (1_200, 12_000, "12000 x Cola? More than 1000: scan it once more if it is meant"),
    ],
)
def test_a_quantity_is_asked_for_once_more_where_it_passes_the_bound(
    before: int, now: int, asked_for: str
) -> None:
    was, is_now = (after(COLA, QuantitySet(count)).order for count in (before, now))

    asked = unusual_line(was, is_now, lambda _line: 1_000)

    assert (ENGLISH.word(asked) if asked else "") == asked_for
    assert is_unusual_sum(before, now, Bounds(amount=1_000)) is bool(asked_for)
    assert not is_unusual_sum(before, now, Bounds())
