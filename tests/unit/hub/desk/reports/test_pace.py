"""How far a target is: by the working days that are over, and by those that are left."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.reports.model.pace import Pace, pace_of
from hub.desk.reports.model.requests import Period
from hub.desk.workdays.model import MarkedDay, Week, Workdays

NOVEMBER = Period("target", date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("achieved", "today", "pace"),
    [
        (0, date(2026, 10, 31), Pace(25, 0, 0, 10_000, "to_come")),
        (0, date(2026, 11, 1), Pace(25, 0, 0, 10_000, "ahead")),
        (145_000, date(2026, 11, 21), Pace(25, 17, 170_000, 13_125, "behind")),
        (170_000, date(2026, 11, 21), Pace(25, 17, 170_000, 10_000, "ahead")),
        (250_000, date(2026, 11, 21), Pace(25, 17, 170_000, 0, "reached")),
        (249_999, date(2026, 11, 30), Pace(25, 24, 240_000, 1, "ahead")),
        (249_999, date(2026, 12, 1), Pace(25, 25, 250_000, None, "missed")),
        (250_000, date(2026, 12, 1), Pace(25, 25, 250_000, 0, "reached")),
    ],
)
def test_a_target_beside_what_was_achieved(achieved: int, today: date, pace: Pace) -> None:
    assert pace_of(250_000, achieved, days=NOVEMBER, today=today, workdays=Workdays()) == pace


@given(
    st.integers(1, 10**13),
    st.integers(-(10**6), 10**13),
    st.integers(-5, 40),
)
def test_what_each_day_has_to_bring_reaches_the_target_and_a_unit_less_does_not(
    target: int, achieved: int, after: int
) -> None:
    today = NOVEMBER.first + timedelta(days=after)

    pace = pace_of(target, achieved, days=NOVEMBER, today=today, workdays=Workdays())

    left = pace.days - pace.gone
    assert pace.days == 25
    assert 0 <= pace.gone <= pace.days
    assert 0 <= pace.due <= target
    assert (pace.needed is None) == (not left and achieved < target)
    if pace.needed:
        assert achieved + pace.needed * left >= target > achieved + (pace.needed - 1) * left


def test_a_holiday_and_a_short_week_leave_fewer_days_that_have_to_bring_more() -> None:
    diwali = date(2026, 11, 24)
    workdays = Workdays(
        (Week(1, "", date(2026, 11, 23), 0b0011111),),
        {diwali: MarkedDay(1, "", diwali, "off", "Diwali")},
    )

    pace = pace_of(250_000, 145_000, days=NOVEMBER, today=date(2026, 11, 21), workdays=workdays)

    # Of the 25 days, the 24th is Diwali and Saturday the 28th is off from the 23rd on.
    assert pace == Pace(23, 17, 184_783, 17_500, "behind")
