"""Entries of a phone: what is one, what is none, and when it really was."""

from typing import Any

import pytest

from hub.desk.field.model.entries import (
    EntryError,
    Ordered,
    VisitBegun,
    digest_of,
    kind_of,
    moment_of,
    read_entry,
)

ID = "0190f3c8-1111-7222-8333-444455556666"
HOUR = 3_600_000
NOON = 1_795_244_400_000


def written(**values: Any) -> dict[str, Any]:
    """Write an entry as a phone does."""
    return {"id": ID, "at": NOON, **values}


def test_an_entry_is_read_with_its_kind() -> None:
    entry = read_entry(written(kind="visit_begun", outlet="C1", place={"denied": True}))

    assert isinstance(entry, VisitBegun)
    assert (entry.outlet, entry.place.denied, kind_of(entry)) == ("C1", True, "visit_begun")


@pytest.mark.parametrize(
    "wrong",
    [
        written(kind="visit_begun"),
        written(kind="dance", outlet="C1"),
        written(kind="visit_begun", outlet="C1", price=5),
        written(kind="ordered", outlet="C1", lines=[]),
        written(kind="ordered", outlet="C1", lines=[{"sku": "TEA", "quantity": "12"}]),
        written(kind="visit_ended", visit="not-an-id", outcome="order"),
        written(kind="leave", day="2026-02-31"),
        {**written(kind="day_begun"), "id": "0190F3C8-1111-7222-8333-44445555666Z"},
        {**written(kind="day_begun"), "at": 2**63},
        written(kind="visit_begun", outlet="C1", place={"accuracy_m": 2**40}),
        written(kind="noted", outlet="C1", about="note", text="no\0text"),
        {"kind": "day_begun"},
        {},
    ],
)
def test_what_is_no_entry_says_where_it_is_wrong(wrong: dict[str, Any]) -> None:
    with pytest.raises(EntryError, match=r"\$|Object|Invalid"):
        read_entry(wrong)


def test_two_entries_that_say_the_same_have_one_digest() -> None:
    lines = [{"sku": "TEA", "quantity": 2, "unit": None}]
    one = read_entry(written(kind="ordered", outlet="C1", lines=lines))
    other = read_entry({"lines": lines, "outlet": "C1", "kind": "ordered", "at": NOON, "id": ID})
    more = read_entry(
        written(kind="ordered", outlet="C1", lines=[{"sku": "TEA", "quantity": 3, "unit": None}])
    )

    assert isinstance(one, Ordered)
    assert digest_of(one) == digest_of(other) != digest_of(more)


@pytest.mark.parametrize(
    ("at", "sent_at", "true"),
    [
        (NOON - HOUR, NOON, NOON - HOUR),  # a right clock, an hour without a line
        (NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR),  # a clock two hours behind
        (NOON + HOUR, NOON + 2 * HOUR, NOON - HOUR),  # and one two hours ahead
        (NOON + HOUR, NOON, NOON),  # no entry is made in the future
        (0, NOON, NOON),  # set right between the entry and the upload
        (NOON - 1_000, NOON - 60_000, NOON - 1_000),  # a minute's difference is the line's
    ],
)
def test_the_moment_is_the_true_one_whatever_the_clock(at: int, sent_at: int, true: int) -> None:
    assert moment_of(at, sent_at_ms=sent_at, now_ms=NOON) == true
