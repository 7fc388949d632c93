"""When a notice is due: at once, after working hours, and never in quiet ones."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from hub.desk.notices.model import Faulty, Rule, due_of, fault_of, has_hours, is_mail, slot_of
from hub.desk.notices.words import read_rule
from hub.desk.workdays.model import Mark, MarkedDay, Workdays

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


DIWALI = date(2026, 11, 23)
SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("marks", "happened", "after", "due"),
    [
        ({DIWALI: "off"}, moment(21, 17), 120, moment(24, 10)),
        ({DIWALI: "off"}, moment(23, 12), 0, moment(24, 9)),
        ({SUNDAY: "work"}, moment(21, 17), 120, moment(22, 10)),
        ({SUNDAY: "work", DIWALI: "off"}, moment(22, 17), 120, moment(24, 10)),
    ],
)
def test_holidays_do_not_count_and_a_sunday_that_is_worked_does(
    marks: dict[date, Mark], happened: datetime, after: int, due: datetime
) -> None:
    days = Workdays((), {day: MarkedDay(1, "", day, mark, "") for day, mark in marks.items()})

    assert due_of(rule(after), happened, days) == due


def test_what_gathers_for_a_holiday_goes_on_the_day_after() -> None:
    days = Workdays((), {DIWALI: MarkedDay(1, "", DIWALI, "off", "Diwali")})
    daily = replace(rule(), channel="mail", gather="day", gather_at=17 * 60)

    assert slot_of(daily, moment(21, 17), days) == moment(24, 9)


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


@pytest.mark.parametrize(
    ("gather", "at", "happened", "goes"),
    [
        ("at_once", None, moment(20, 10), None),
        ("hour", None, moment(20, 10), moment(20, 11)),
        ("hour", None, moment(20, 10, 59), moment(20, 11)),
        ("hour", None, moment(20, 18), moment(21, 9)),
        ("day", 17 * 60, moment(20, 16, 59), moment(20, 17)),
        ("day", 17 * 60, moment(20, 17), moment(21, 17)),
        ("day", 17 * 60, moment(21, 20), moment(23, 9)),
        ("day", 20 * 60, moment(20, 10), moment(21, 9)),
    ],
)
def test_mails_that_gather_go_at_their_hour_and_never_in_quiet_ones(
    gather: str, at: int | None, happened: datetime, goes: datetime | None
) -> None:
    gathering = replace(rule(120), gather=gather, gather_at=at)  # type: ignore[arg-type]

    assert slot_of(gathering, happened) == goes


FIELDS = {"event": "order_held", "receiver": "customer", "channel": "mail"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"event": "rain"}, "choice"),
        ({"receiver": "nobody"}, "choice"),
        ({"gather": "week"}, "choice"),
        ({"quiet_from": "9:00", "quiet_until": "18:00"}, "hours"),
        ({"quiet_from": "18:75", "quiet_until": "9:00"}, "hours"),
        ({"after": "721"}, "after"),
        ({"after": "soon"}, "after"),
        ({"after": "9" * 5_000}, "after"),
        ({"quiet_from": "9" * 5_000, "quiet_until": "9:00"}, "hours"),
        ({"above": "1,5"}, "after"),
        ({"channel": "page"}, "customer"),
        ({"receiver": "manager", "channel": "page", "gather": "hour"}, "gather"),
        ({"gather": "day"}, "gather_at"),
        ({"gather": "day", "gather_at": "25:00"}, "gather_at"),
        ({"gather_at": "17:00"}, "gather_at"),
    ],
)
def test_a_rule_that_means_nothing_is_told_why(said: dict[str, str], fault: Faulty) -> None:
    assert read_rule({**FIELDS, **said}, {"customer", "manager"}) == fault


def test_a_rule_is_read_as_it_is_typed() -> None:
    texts = {**FIELDS, "above": "500.00", "after": "2", "gather": "day", "gather_at": "17:30"}

    read = read_rule({**texts, "quiet_from": "18:00", "quiet_until": "9"}, {"customer"})

    assert read == Rule(
        *(0, "order_held", "customer", "mail", 50_000, 120, 1_080, 540),
        gather="day",
        gather_at=17 * 60 + 30,
    )
    assert isinstance(read, Rule)
    assert fault_of(read) is None
