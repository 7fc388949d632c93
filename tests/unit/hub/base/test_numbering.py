"""Financial years, and which series of numbers are allowed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.numbering import Series, SeriesError, financial_year


@pytest.mark.parametrize(
    ("day", "start_month", "year"),
    [
        (date(2026, 3, 31), 4, "2025-26"),
        (date(2026, 4, 1), 4, "2026-27"),
        (date(2026, 12, 31), 4, "2026-27"),
        (date(2027, 1, 1), 4, "2026-27"),
        (date(2099, 4, 1), 4, "2099-00"),
        (date(2026, 6, 30), 7, "2025-26"),
        (date(2026, 7, 1), 7, "2026-27"),
        (date(2026, 1, 1), 1, "2026"),
        (date(2026, 12, 31), 1, "2026"),
    ],
)
def test_a_day_belongs_to_a_financial_year(day: date, start_month: int, year: str) -> None:
    assert financial_year(day, start_month) == year


@given(st.dates(date(2000, 1, 1), date(2098, 1, 1)), st.integers(1, 12))
def test_a_year_changes_on_the_first_of_its_month_alone(day: date, start_month: int) -> None:
    following = date.fromordinal(day.toordinal() + 1)

    changes = financial_year(day, start_month) != financial_year(following, start_month)

    assert changes == ((following.month, following.day) == (start_month, 1))


@pytest.mark.parametrize(
    ("prefix", "digits"),
    [("INV/{year}/", 6), ("A", 5), ("", 1), ("26-", 13)],
)
def test_a_series_whose_longest_number_is_allowed_can_be_defined(prefix: str, digits: int) -> None:
    assert Series(1, "invoice", prefix, digits).prefix == prefix


@pytest.mark.parametrize(
    ("prefix", "digits", "why"),
    [
        ("INVOICE/{year}/", 4, "more than 16 characters"),
        ("A", 16, "more than 16 characters"),
        ("", 5, "00001"),
        ("0A", 5, "0A00001"),
        ("/A", 5, "/A00001"),
        ("-A", 5, "-A00001"),
        ("inv", 5, "inv00001"),
        ("A B", 5, "A B00001"),
        ("A{month}", 5, "{month}"),
        ("अ", 5, "अ00001"),
        ("A", 0, "one digit"),
    ],
)
def test_a_series_that_would_give_a_forbidden_number_is_refused(
    prefix: str, digits: int, why: str
) -> None:
    with pytest.raises(SeriesError) as caught:
        Series(1, "invoice", prefix, digits)

    assert why in str(caught.value)


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_begins_in_a_month_that_there_is(month: int) -> None:
    with pytest.raises(SeriesError, match=str(month)):
        Series(1, "invoice", "A", start_month=month)
