"""The days that people name, as seen on Saturday, 21 November 2026."""

from datetime import date

import pytest

from hub.desk.assistant.model.amounts import read_amounts
from hub.desk.assistant.model.dates import read_days
from hub.desk.assistant.model.spelling import read_words

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("this week", "2026-11-16", "2026-11-21"),
        ("pichhle hafte", "2026-11-09", "2026-11-15"),
        ("पिछले महीने", "2026-10-01", "2026-10-31"),
        ("last 15 days", "2026-11-07", "2026-11-21"),
        ("FY 2025-26", "2025-04-01", "2026-03-31"),
        ("is saal", "2026-04-01", "2026-11-21"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("Q1", "2026-04-01", "2026-06-30"),
        ("since April", "2026-04-01", "2026-11-21"),
        ("1 Oct to 10 Nov", "2026-10-01", "2026-11-10"),
        ("between the 1st and the 10th of this month", "2026-11-01", "2026-11-10"),
        ("first week of October", "2026-10-01", "2026-10-07"),
        ("December", "2025-12-01", "2025-12-31"),
        ("parso", "2026-11-19", "2026-11-19"),
        ("01/11/2026 to 15/11/2026", "2026-11-01", "2026-11-15"),
        ("2 weeks ago", "2026-11-07", "2026-11-07"),
        ("9 months ago", "2026-02-21", "2026-02-21"),
        ("1 year ago", "2025-11-21", "2025-11-21"),
        ("today and the other days of this week", "2026-11-16", "2026-11-21"),
        ("in 2025", "2025-01-01", "2025-12-31"),
        ("since 2024", "2024-01-01", "2026-11-21"),
        ("from 2016 to 2026", "2016-01-01", "2026-11-21"),
        ("las weak", "2026-11-09", "2026-11-15"),
        ("ths month till the 10th", "2026-11-01", "2026-11-10"),
        ("till 10 October last month", "2026-10-01", "2026-10-10"),
    ],
)
def test_days_are_read(words: str, first: str, last: str) -> None:
    period = read_days(read_words(words), TODAY).period

    assert period is not None
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "words",
    [
        "31 February",
        "2026-02-31",
        "last week and October",
        "till 10 October this month",
        *(f"last {2**31} {unit}" for unit in ("days", "weeks", "months", "quarters", "years")),
        *(f"{3_000_000} {unit} ago" for unit in ("days", "weeks", "months", "quarters", "years")),
        f"pichhle {10**12} din",
        f"last {10**30} days of September",
        f"first {10**12} days of October",
    ],
)
def test_days_that_there_are_not_or_that_are_two_are_said(words: str) -> None:
    read = read_days(read_words(words), TODAY)

    assert read.period is None
    assert read.impossible


@pytest.mark.parametrize(
    ("words", "above", "below"),
    [
        ("above 50k", 50_000, None),
        ("over 2.5 lakh", 250_000, None),
        ("dedh lakh se upar", 150_000, None),
        ("1.5 cr se kam", None, 15_000_000),
        ("between 1 and 2 lakh", 100_000, 200_000),
        ("ordrs abov 2000", 2_000, None),
    ],
)
def test_amounts_are_read_as_they_are_said(
    words: str, above: int | None, below: int | None
) -> None:
    read = read_amounts(read_words(words), frozenset())

    assert (read.above, read.below) == (above, below)
