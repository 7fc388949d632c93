"""A request of a report holds what the report takes, and nothing else."""

from datetime import date

import pytest

from hub.desk.reports.model.forms import CHOICES, ENTITIES, GROUPS, NUMBERS, REPORTS, SORTS
from hub.desk.reports.model.requests import (
    Named,
    Period,
    ReportRequest,
    RequestError,
    read_fields,
    write_fields,
    write_request,
)

WEEK = Period("this_week", date(2026, 11, 16), date(2026, 11, 21))
ASKED = ReportRequest(
    "orders",
    (("status", "pending"), ("area", Named("Andheri", "IN/MH/AND")), ("amount_gt", 50_000)),
    WEEK,
    group_by="day",
    sort="amount_desc",
    limit=10,
)


def test_a_request_is_written_in_the_words_of_a_question() -> None:
    written = write_request(ASKED)

    assert written == {
        "report": "orders",
        "filters": {
            "amount_gt": 50_000,
            "area": "Andheri",
            "status": "pending",
            "period": {"expr": "this_week", "from": "2026-11-16", "to": "2026-11-21"},
        },
        "group_by": "day",
        "sort": "amount_desc",
        "limit": 10,
    }


def test_an_address_carries_the_whole_request_and_the_code_of_what_it_names() -> None:
    read = read_fields("orders", dict(write_fields(ASKED)))

    assert read == ASKED
    area = read.find("area")
    assert isinstance(area, Named)
    assert area.key == "IN/MH/AND"


def test_all_faults_of_a_request_are_told_at_once() -> None:
    with pytest.raises(RequestError) as raised:
        ReportRequest(
            "terminals",
            (("status", "pending"), ("amount_gt", 5), ("area", Named(" "))),
            WEEK,
            group_by="product",
            sort="amount_desc",
            limit=0,
        )

    assert len(raised.value.faults) == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"limit": "ten"},
        {"from": "2026-02-31", "to": "2026-03-01"},
        {"amount_gt": "-1"},
        {"amount_gt": "99999999999999999999"},
    ],
)
def test_an_address_that_was_tampered_with_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(RequestError):
        read_fields("orders", fields)


def test_days_that_no_calendar_has_are_refused() -> None:
    for report, name in (
        ("outstanding", "overdue_days_gt"),
        ("batch_expiry", "expiring_within_days"),
    ):
        assert read_fields(report, {name: "36500"}).find(name) == 36_500
        with pytest.raises(RequestError):
            read_fields(report, {name: "99999999"})


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(RequestError):
        Period("odd", date(2026, 11, 2), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("first", "last"), [("0001-01-01", "0001-01-02"), ("1900-01-01", "9999-12-31")]
)
def test_a_period_of_which_the_one_before_has_no_dates_is_refused(first: str, last: str) -> None:
    with pytest.raises(RequestError):
        read_fields("sales", {"from": first, "to": last})


def test_filters_are_taken_away_and_put_in_place_of_others() -> None:
    changed = ASKED.having("area", Named("Bandra")).without("period").without("status")

    assert changed.find("area") == Named("Bandra")
    assert changed.find("status") is None
    assert changed.period is None


def test_every_report_takes_only_filters_groups_and_sorts_that_exist() -> None:
    others = {"mine", "status", *CHOICES}

    for form in REPORTS.values():
        assert form.filters <= {*ENTITIES, *NUMBERS, *others}
        assert form.groups <= set(GROUPS)
        assert form.sorts <= set(SORTS)
        assert ("status" in form.filters) == bool(form.statuses)
