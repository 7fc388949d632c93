"""The field's own reports: the same figures as the team's page, however they are put together."""

from datetime import date

import pytest

from hub.base.access import EVERYTHING, Session
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.reads.calls import read_performance
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import FilterValue, Named, Period, ReportRequest
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from tests.builders.field_team import (
    AT_C2,
    EVERY_DAY,
    REP,
    TODAY,
    entry,
    field_of,
    keep,
    session_of,
    work_a_day,
)
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.suites.hub.test_field import rep
from tests.suites.hub.test_reports import ZONE

__all__ = ["rep"]
NOW = date(2026, 11, 25)
DAYS = (date(2026, 11, 16), NOW)
"""Beats are walked since the 21st, the Saturday on which they were made: five days of ten."""
FIELD = ("visit_compliance", "productivity", "attendance")


def asked_by(
    market: Market,
    session: Session,
    report: str,
    *filters: tuple[str, FilterValue],
    by: str | None = None,
    days: tuple[date, date] = DAYS,
) -> Answer:
    """Answer a report of the field out of somebody's rows."""
    wanted = ReportRequest(report, filters, Period("these days", *days), by)
    with market.database.read() as connection:
        asked = ask(wanted, reader=session.user, now_ms=market.clock.ms, zone=ZONE)
        return answer_report(connection, asked, scope=session.scope, compare=True)


def asked(
    market: Market,
    report: str,
    *filters: tuple[str, FilterValue],
    by: str | None = None,
    days: tuple[date, date] = DAYS,
) -> Answer:
    """Answer a report of the field for a manager who sees everything."""
    return asked_by(market, session_of(market, "meena"), report, *filters, by=by, days=days)


@pytest.fixture
def manager(market: Market) -> Session:
    """Have a rep work one of five days, another one none; gives their manager."""
    work_a_day(market)
    shelves = Shelves(market.database)
    shelves.user("meena", "manager")
    shelves.user("sita", "field_rep")
    customers = market.hub.ground.part(CustomerActs)
    customers.map("C2", "collector", Span("sita", TODAY), by="asha", scope=EVERYTHING)
    plan = field_of(market).plan
    plan.add(BeatFields("B-2", "Second way", ("C2", "C4")), by="asha", scope=EVERYTHING)
    walk = Journey(0, "sita", 0, EVERY_DAY, 1, date(2026, 11, 19))
    plan.walk("B-2", walk, by="asha", scope=EVERYTHING)
    keep(market, session_of(market, REP), entry("day_begun"))
    market.clock.ms += (NOW - TODAY).days * 24 * 60 * 60_000
    return session_of(market, "meena")


def test_the_reports_of_the_field_are_the_figures_of_the_team_s_page(
    market: Market, manager: Session
) -> None:
    with market.database.read() as connection:
        people = read_performance(connection, *DAYS, scope=manager.scope)

    visits = {line.code: line.values for line in asked(market, "visit_compliance").lines}
    orders = {line.code: line.values for line in asked(market, "productivity").lines}
    days = {line.code: line.values for line in asked(market, "attendance").lines}

    assert {one.user for one in people} == set(visits) == set(days) == {REP, "sita"}
    for one in people:
        told, struck, was = visits[one.user], orders[one.user], days[one.user]
        assert (one.planned, one.kept, one.made) == (
            *(told["planned_visits"], told["kept_visits"], told["made_visits"]),
        )
        assert (one.verified, one.covered, one.on_beats) == (
            *(told["verified_visits"], told["covered_outlets"], told["beat_outlets"]),
        )
        assert (one.productive, one.planned_productive, one.minutes) == (
            *(struck["productive_visits"], struck["kept_productive"], struck["visit_minutes"]),
        )
        assert (one.working, one.days, one.leave) == (
            *(was["working_days"], was["days_at_work"], was["leave_days"]),
        )
    assert (visits[REP]["planned_visits"], visits[REP]["visit_rate"]) == (10, 1_000)
    assert (orders[REP]["strike_rate"], days["sita"]["absent_days"]) == (10_000, 10)


@pytest.mark.one_engine
@pytest.mark.parametrize("by", ["beat", "customer", "area", "day", "week", "month", "quarter"])
def test_visits_come_to_the_same_however_they_are_put_together(
    market: Market, manager: Session, by: str
) -> None:
    del manager
    people, rows = asked(market, "visit_compliance"), asked(market, "visit_compliance", by=by)

    sums = [one.name for one in rows.measures if one.total == "sum"]
    assert {name: rows.totals[name] for name in sums} == {
        name: people.totals[name] for name in sums
    }
    for name in sums:
        assert sum(int(str(line.values[name])) for line in rows.lines) == rows.totals[name]


@pytest.mark.one_engine
def test_what_was_missed_is_told_by_outlet_and_who_was_absent_by_person(
    market: Market, manager: Session
) -> None:
    del manager
    missed = asked(market, "visit_compliance", ("status", "missed"), ("rep", Named(REP)))
    second = asked(market, "visit_compliance", ("status", "missed"), ("beat", Named("Second way")))
    absent = asked(market, "attendance", ("status", "absent"), by="day")
    there = asked(market, "attendance", ("area", Named("Nowhere")))
    walkers = asked(market, "attendance", ("beat", Named("Second way")), days=(NOW, NOW))

    rows = {line.code: line.values["missed_visits"] for line in missed.lines}
    assert rows == {"C1": 5, "C2": 4}
    assert {line.code: line.values["missed_visits"] for line in second.lines} == {
        "C2": 5,
        "C4": 5,
    }
    assert absent.totals["absent_days"] == 10 + 9
    assert there.lines == []
    assert [line.code for line in walkers.lines] == ["sita"]


def test_a_rep_is_told_of_the_own_days_and_visits_alone(market: Market, manager: Session) -> None:
    del manager
    sita = session_of(market, "sita")

    told = {
        report: [line.code for line in asked_by(market, sita, report).lines] for report in FIELD
    }
    mine = asked_by(market, session_of(market, REP), "productivity", ("mine", True))

    assert told["attendance"] == ["sita"]
    assert told["visit_compliance"] == ["sita"]
    assert [line.code for line in mine.lines] == [REP]


@pytest.mark.one_engine
def test_days_before_anybody_walked_and_days_to_come_are_neither_planned_nor_missed(
    market: Market, manager: Session
) -> None:
    del manager
    whole = asked(market, "visit_compliance", days=(date(1900, 1, 1), date(2199, 12, 31)))
    asked(market, "sales", days=(date(1900, 1, 1), date(2199, 12, 31)))
    walked = asked(market, "visit_compliance", days=(TODAY, NOW))
    ahead = asked(market, "attendance", days=(date(2027, 1, 1), date(2027, 1, 31)))

    assert whole.totals == walked.totals
    assert ahead.lines == []
    late = asked(market, "visit_compliance", days=(date(2026, 11, 24), NOW))
    assert [one.totals["planned_visits"] for one in late.compared] == [8, 0]


@pytest.mark.one_engine
def test_a_visit_off_the_plan_is_made_and_neither_planned_nor_missed(
    market: Market, manager: Session
) -> None:
    del manager
    ravi = session_of(market, REP)
    keep(market, ravi, entry("visit_begun", outlet="C3", place=AT_C2))

    before = asked(market, "visit_compliance", ("customer", Named("C3", "C3")))

    (line,) = before.lines
    assert (line.values["made_visits"], line.values["planned_visits"]) == (1, 0)
    assert (line.values["visit_rate"], line.values["missed_visits"]) == (None, 0)
