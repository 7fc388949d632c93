"""Targets read from texts: the days that a month stands for, and all faults at once."""

from datetime import date

import pytest

from hub.desk.reports.model.measures import MEASURES
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.targets.model import AIMS, AskedTarget, Span, first_of, last_of, read_target

WHOLE = {"measure": "order_value", "kind": "rep", "who": "ravi", "month": "2026-11"}


@pytest.mark.parametrize(
    ("span", "month", "first", "last"),
    [
        ("month", date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2026, 11, 1), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2027, 3, 1), date(2027, 1, 1), date(2027, 3, 31)),
        ("fy", date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31)),
        ("fy", date(2027, 3, 1), date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_a_month_stands_for_the_stretch_that_it_lies_in(
    span: Span, month: date, first: date, last: date
) -> None:
    assert (first_of(span, month), last_of(span, first_of(span, month))) == (first, last)


def test_a_target_is_read_as_people_type_it() -> None:
    asked = read_target({**WHOLE, "amount": "२५००००.50"})

    assert asked == AskedTarget(
        *("order_value", "rep", "ravi", "all", "", "month"), date(2026, 11, 1), 25_000_050
    )


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        ({}, {("measure", "cell_not_choice"), ("month", "target_month")}),
        ({**WHOLE, "who": "", "amount": "5"}, {("who", "cell_empty")}),
        ({**WHOLE, "kind": "house", "amount": "5"}, {("who", "target_of_all")}),
        ({**WHOLE, "amount": "0"}, {("amount", "target_nothing")}),
        ({**WHOLE, "amount": "-5"}, {("amount", "cell_not_amount")}),
        ({**WHOLE, "measure": "quantity", "amount": "1.5"}, {("amount", "cell_not_count")}),
        ({**WHOLE, "month": "11/2026", "amount": "5"}, {("month", "target_month")}),
        ({**WHOLE, "month": "2026-13", "amount": "5"}, {("month", "target_month")}),
        (
            {**WHOLE, "goods": "brand", "thing": "Tata", "amount": "5"},
            {("goods", "target_goods")},
        ),
        (
            {**WHOLE, "measure": "goods_value", "goods": "brand", "amount": "5"},
            {("thing", "cell_empty")},
        ),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(
    texts: dict[str, str], faults: set[tuple[str, str]]
) -> None:
    asked = read_target(texts)

    assert isinstance(asked, tuple)
    assert {(one.field, one.code) for one in asked} == faults


@pytest.mark.parametrize("aim", AIMS)
def test_what_may_be_aimed_at_is_a_measure_that_its_report_tells(aim: str) -> None:
    assert (MEASURES[aim].unit == "money") == AIMS[aim].money
    assert AIMS[aim].report in DEFINITIONS
