"""Working days: what is said for a place counts before what is said for what it lies in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.fields import Reason
from hub.desk.workdays.model import (
    AskedMark,
    Calendar,
    MarkedDay,
    Week,
    Workdays,
    mask_of,
    read_mark,
    read_week,
    said_weekdays,
)

COMPANY, NORTH = 1, 2
DIWALI = date(2026, 11, 9)
SUNDAY = date(2026, 11, 8)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
CALENDAR = Calendar(
    (
        Week(COMPANY, "", date(2026, 1, 1), 0b0111111),
        Week(COMPANY, "", date(2026, 11, 16), 0b0011111),
        Week(COMPANY, "IN/KL", date(2026, 1, 1), 0b1111110),
    ),
    (
        MarkedDay(COMPANY, "", DIWALI, "off", "Diwali", "दीवाली"),
        MarkedDay(COMPANY, "IN/KA", DIWALI, "work", "Stock day"),
        MarkedDay(NORTH, "", SUNDAY, "work", "Fair"),
    ),
    {NORTH: (COMPANY,)},
)


@pytest.mark.parametrize(
    ("seller", "region", "day", "worked"),
    [
        (COMPANY, "", DIWALI, False),
        (COMPANY, "IN/KA/BLR", DIWALI, True),
        (COMPANY, "IN/KAX", DIWALI, False),  # no part of IN/KA, though it begins so
        (NORTH, "IN/DL", DIWALI, False),  # the company's holiday is that of a seller below it
        (COMPANY, "", SUNDAY, False),
        (NORTH, "", SUNDAY, True),
        (COMPANY, "IN/KL", SUNDAY, True),
        (COMPANY, "IN/KL", date(2026, 11, 2), False),
        (COMPANY, "", date(2026, 11, 14), True),  # a Saturday before the week was made shorter
        (COMPANY, "", date(2026, 11, 21), False),
        (99, "", SUNDAY, False),  # nobody has said anything: Monday to Saturday
        (99, "", DIWALI, True),
    ],
)
def test_the_nearer_seller_then_the_smaller_region_says_whether_a_day_is_worked(
    seller: int, region: str, day: date, *, worked: bool
) -> None:
    assert CALENDAR.of(seller, region).is_worked(day) is worked


def test_the_working_days_of_a_month_are_counted() -> None:
    assert Workdays().count(*NOVEMBER) == 25
    assert CALENDAR.of(COMPANY).count(*NOVEMBER) == 22  # without Diwali, the 21st and the 28th


@given(st.integers(1, 127))
def test_days_of_the_week_are_read_as_they_are_written(mask: int) -> None:
    assert mask_of(said_weekdays(mask)) == mask


@pytest.mark.parametrize("typed", ["", "0", "8", "1,,2", "1-5", "Mon", "1,2,3,4,5,6,7,8", "²"])
def test_what_are_no_days_of_the_week_are_refused(typed: str) -> None:
    read = read_week({"weekdays": typed, "from_day": "2026-11-01"})

    assert read == (Reason("workday_week", {}, "weekdays"),)


@pytest.mark.parametrize("day", ["1999-12-31", "2200-01-01", "9999-12-25"])
def test_a_day_that_no_list_of_a_year_shows_is_refused(day: str) -> None:
    read = read_mark({"day": day, "name": "Far away"})

    assert read == (Reason("workday_year", {"first": "2000", "last": "2199"}, "day"),)


def test_a_holiday_is_read_with_every_fault_at_once() -> None:
    texts = {"day": "९/११/२०२६", "name": " ", "mark": "half", "region": "IN//KA"}

    faults = read_mark(texts)

    assert not isinstance(faults, AskedMark)
    assert {one.field for one in faults} == {"day", "name", "mark", "region"}
