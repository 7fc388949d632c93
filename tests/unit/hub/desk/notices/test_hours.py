"""When a notice is due: at once, after working hours, and never in quiet ones."""

from datetime import datetime, timedelta, timezone

import pytest

from hub.desk.notices.model import Rule, due_of, has_hours, is_mail

KOLKATA = timezone(timedelta(hours=5, minutes=30))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment of November 2026; the 21st is a Saturday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=KOLKATA)


def rule(after: int = 0, *, quiet: bool = True) -> Rule:
    """Write a rule that is quiet from 18:00 to 9:00, or never."""
    hours = (18 * 60, 9 * 60) if quiet else (None, None)
    return Rule(1, "order_held", "approvers", "page", None, after, *hours)


@pytest.mark.parametrize(
    ("happened", "after", "due"),
    [
        (moment(20, 10), 0, moment(20, 10)),
        (moment(20, 17), 60, moment(20, 18)),
        (moment(20, 17), 61, moment(21, 9, 1)),
        (moment(20, 3), 0, moment(20, 9)),
        (moment(20, 22), 30, moment(21, 9, 30)),
        (moment(21, 17), 120, moment(23, 10)),
        (moment(22, 12), 0, moment(23, 9)),
        (moment(20, 9), 9 * 60 * 2 + 1, moment(23, 9, 1)),
    ],
)
def test_quiet_hours_and_sundays_do_not_count(
    happened: datetime, after: int, due: datetime
) -> None:
    assert due_of(rule(after), happened) == due


def test_without_quiet_hours_every_minute_counts() -> None:
    assert due_of(rule(90, quiet=False), moment(22, 23)) == moment(23, 0, 30)


@pytest.mark.parametrize(
    ("hours", "right"),
    [
        ((None, None), True),
        ((1_080, 540), True),
        ((540, 1_080), False),
        ((600, 600), False),
        ((None, 540), False),
        ((1_440, 0), False),
        ((-1, -1), False),
    ],
)
def test_quiet_hours_leave_some_of_the_day(
    hours: tuple[int | None, int | None], *, right: bool
) -> None:
    assert has_hours(*hours) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("asha@shop.in", True), ("asha", False), ("a@b", False), ("a b@shop.in", False), ("", False)],
)
def test_an_address_of_mail_is_known(text: str, *, right: bool) -> None:
    assert is_mail(text) is right
