"""Delivery notes without a database: days, what a scan counts, and what came of goods."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.fields import Reason
from hub.desk.deliveries.model.asked import read_outcome
from hub.desk.deliveries.model.life import MAY_BECOME, OUTCOMES, STATES, may_become
from hub.desk.deliveries.model.notes import NoteLine, moves_at_end
from hub.desk.deliveries.model.outcome import (
    LineOutcome,
    SentLine,
    all_back,
    faults_of,
    outcome_of,
)
from hub.desk.deliveries.model.picking import (
    PickLine,
    ScannedGoods,
    find_lines,
    read_counted,
)
from hub.desk.deliveries.model.signature import Signature, path_of, read_signature
from hub.desk.parties.model.days import delivery_day

TUESDAY = date(2026, 11, 24)
LINES = (
    PickLine(1, 1, "TEA", "T1", planned=10),
    PickLine(1, 2, "TEA", "T2", planned=4),
    PickLine(2, 1, "TEA", "T1", planned=6),
)
"""Two notes that want the same batch, and one another batch of the product."""


@pytest.mark.parametrize(
    ("weekdays", "due"),
    [
        ("", date(2026, 11, 25)),
        ("mon,thu", date(2026, 11, 26)),
        ("tue", date(2026, 12, 1)),
        ("mon", date(2026, 11, 30)),
    ],
)
def test_an_order_is_due_on_the_next_day_of_its_customer(weekdays: str, due: date) -> None:
    assert delivery_day(TUESDAY, weekdays) == due


def test_a_day_that_was_promised_counts_instead() -> None:
    assert delivery_day(TUESDAY, "mon", promised=date(2026, 12, 3)) == date(2026, 12, 3)


def test_a_note_that_came_to_its_end_stays_there_and_every_other_comes_to_one() -> None:
    ends = {state for state in STATES if not MAY_BECOME[state]}

    assert ends == {*OUTCOMES, "cancelled"}
    assert not may_become("dispatched", "cancelled")
    assert not may_become("picking", "dispatched")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12*TEA", (12, "TEA")), ("TEA", (1, "TEA")), (" 3 * 890", (3, "890")), ("*TEA", (1, "*TEA"))],
)
def test_a_count_stands_before_the_code(typed: str, read: tuple[int, str]) -> None:
    assert tuple(read_counted(typed)) == read


def test_a_scan_fills_the_first_note_and_counts_the_rest_to_the_next() -> None:
    found = find_lines(LINES, ScannedGoods("TEA", "T1", 12))

    assert found == [(1, 1, 10), (2, 1, 2)]


@pytest.mark.parametrize(
    ("goods", "code"),
    [
        (ScannedGoods("SOAP", "", 1), "pick_wrong_product"),
        (ScannedGoods("TEA", "T9", 1), "pick_wrong_batch"),
        (ScannedGoods("TEA", "", 1), "pick_batch_missing"),
        (ScannedGoods("TEA", "T1", 17), "pick_too_many"),
        (ScannedGoods("TEA", "T2", 5), "pick_too_many"),
    ],
)
def test_a_wrong_scan_is_refused_and_counts_nothing(goods: ScannedGoods, code: str) -> None:
    found = find_lines(LINES, goods)

    assert isinstance(found, Reason)
    assert found.code == code


def test_a_code_without_a_batch_is_of_the_only_one_that_is_still_wanted() -> None:
    done = (PickLine(1, 1, "TEA", "T1", planned=2, picked=2), LINES[1])

    assert find_lines(done, ScannedGoods("TEA", "", 3)) == [(1, 2, 3)]


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ([LineOutcome(1, 12), LineOutcome(2, 3)], "delivered"),
        ([LineOutcome(1, 12, back=12), LineOutcome(2, 3)], "part"),
        ([LineOutcome(1, 12, back=11, lost=1)], "refused"),
    ],
)
def test_the_lines_say_what_became_of_a_note(lines: list[LineOutcome], outcome: str) -> None:
    assert outcome_of(lines) == outcome


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineOutcome(9, 0, back=1), "delivery_line_unknown"),
        (LineOutcome(1, 12, back=13, reason="short"), "delivery_more_back"),
        (LineOutcome(1, 12, back=-1, reason="short"), "delivery_more_back"),
        (LineOutcome(1, 12, back=2), "delivery_reason_missing"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(line: LineOutcome, code: str) -> None:
    (fault,) = faults_of([line], {1: SentLine(1, 12)}, outcome="part")

    assert (fault.code, fault.field) == (code, str(line.number))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_what_was_sent_is_delivered_back_damaged_or_lost(
    delivered: int, back: int, damaged: int, lost: int
) -> None:
    sent = delivered + back + damaged + lost
    line = NoteLine(
        *(1, False, 1, 5, "TEA", "Tea", 7, "T1", None),
        sellable=True, planned=sent, picked=sent, short="", sent=sent,
    )  # fmt: skip

    moves = moves_at_end([line], [LineOutcome(1, sent, back, damaged, lost)])

    all_moves = [*moves.delivery, *moves.back, *moves.loss]
    assert sum(one.quantity for one in all_moves) == sent
    assert {one.origin for one in all_moves if one.quantity} <= {"transit"}
    assert sum(one.quantity for one in moves.back if one.target == "damaged") == damaged


def test_from_a_closed_shop_everything_comes_back_good() -> None:
    (line,) = all_back([SentLine(1, 12)], reason="shop_closed")

    assert (line.back, line.delivered) == (12, 0)


def test_every_fault_of_what_is_typed_is_told_with_its_cell() -> None:
    rows = [{"line": "1", "back": "x"}, {"line": "2", "lost": "1", "reason": "stolen"}]

    _, faults = read_outcome({"outcome": "eaten", "redeliver": "soon"}, rows)

    assert {one.field for one in faults} == {"outcome", "1.back", "2.reason", "redeliver"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "signature_wrong"),
        ("10,40", "signature_short"),
        ("10,40 50,80;1,1 2,2 3,3", "signature_short"),
        ("10,40 60,301", "signature_wrong"),
        ("1001,40 60,30", "signature_wrong"),
        ("10,40  60,90", "signature_wrong"),
        ("10,40 60,-9", "signature_wrong"),
        ('M10,40L60,90"/><script>', "signature_wrong"),
        (" ".join(["0,0", "0,300"] * 751), "signature_wrong"),
    ],
)
def test_what_is_no_signature_is_told(text: str, code: str) -> None:
    assert read_signature(text) == Reason(code, {}, "signature")


strokes = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 300)), min_size=2, max_size=9)


@given(st.lists(strokes, min_size=1, max_size=5))
def test_a_signature_is_kept_as_it_was_drawn(drawn: list[list[tuple[int, int]]]) -> None:
    text = ";".join(" ".join(f"{x},{y}" for x, y in one) for one in drawn)

    read = read_signature(text)

    if isinstance(read, Signature):
        assert read.text == text
        assert read_signature(f" {read.text}\n") == read
        assert path_of(text).count("M") == len(drawn)
    else:
        assert read.code == "signature_short"
