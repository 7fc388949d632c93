"""Working days: said by seller and region, and what is counted by them."""

from dataclasses import replace
from datetime import date

import pytest

from hub.base import history
from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.desk.field.reads.beats import read_beat
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.ways import read_rest, read_ways
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.store import Reading
from hub.desk.parties.reads import scope_of
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.store import KeptTarget
from hub.desk.workdays.acts import WorkdayActs
from hub.desk.workdays.acts.set_workdays import SetWorkdays
from hub.desk.workdays.reads import list_marks, list_weeks, read_calendar, read_house
from hub.desk.workdays.store import KeptDay
from tests.builders.field_team import REP, TODAY, entry, keep, send_rep
from tests.builders.hub_records import Shelves
from tests.builders.market import FILES, Market
from tests.builders.two_sellers import SELLERS
from tests.suites.hub.test_targets import answered

MONDAY = date(2026, 11, 23)


def acts_of(market: Market) -> SetWorkdays:
    """Give the acts of working days."""
    return market.hub.ground.part(WorkdayActs).set


def mark(market: Market, day: date, *, scope: Scope = EVERYTHING, **said: str) -> str:
    """Mark a day as a holiday, and give what became of that or the code of why it was not."""
    texts = {"day": day.isoformat(), "name": "Fair", **said}
    return told(acts_of(market).mark(texts, by="meena", scope=scope))


def told(done: KeptDay | Refused) -> str:
    """Give what became of what was said, or the code of why nothing was done."""
    return done.reasons[0].code if isinstance(done, Refused) else done.came


def test_a_holiday_is_kept_once_changed_and_taken_back_with_its_history(market: Market) -> None:
    assert mark(market, MONDAY, name_hi="मेला") == "add"
    assert mark(market, MONDAY, name_hi="मेला") == "same"
    assert mark(market, MONDAY, mark="work", why="the fair was moved") == "change"
    texts = {"day": MONDAY.isoformat()}
    assert told(acts_of(market).drop(texts, kind="mark", by="asha", scope=EVERYTHING)) == "change"
    gone = acts_of(market).drop(texts, kind="mark", by="asha", scope=EVERYTHING)
    assert told(gone) == "workday_gone"

    with market.database.read() as connection:
        entries = history.read(connection, "workdays", "@house")
        assert list_marks(connection, MONDAY, MONDAY, scope=EVERYTHING) == []
    assert [(one.field, one.old, one.new, one.who, one.why) for one in entries] == [
        ("off 2026-11-23", None, "Fair / मेला", "meena", ""),
        ("off 2026-11-23", "Fair / मेला", None, "meena", "the fair was moved"),
        ("work 2026-11-23", None, "Fair", "meena", "the fair was moved"),
        ("work 2026-11-23", "Fair", None, "asha", ""),
    ]


def test_what_cannot_be_is_refused_and_a_day_that_is_over_needs_a_reason(market: Market) -> None:
    over = date(2026, 11, 20)
    own = Scope(sellers=frozenset({1}), regions=frozenset({"IN/KA"}), narrowed=True)

    assert mark(market, MONDAY, region="IN/XX") == "workday_region"
    assert mark(market, MONDAY, seller="NOPE") == "workday_seller"
    assert mark(market, over) == "workday_why"
    assert mark(market, over, why="a strike") == "add"
    assert mark(market, MONDAY, scope=own) == "workday_not_yours"
    assert mark(market, MONDAY, scope=own, region="IN/KA") == "add"


def test_the_plan_compliance_and_attendance_count_working_days_alone(market: Market) -> None:
    rep = send_rep(market)
    keep(market, rep, entry("day_begun"))
    keep(market, rep, entry("visit_begun", outlet="C2", place={}))
    first, last = TODAY, date(2026, 11, 27)

    def performance() -> tuple[int, int, int, int]:
        with market.database.read() as connection:
            (one,) = read_performance(connection, first, last, scope=EVERYTHING)
        return one.planned, one.kept, one.days, one.working

    # Two outlets each day from Saturday to Friday; the 22nd is a Sunday that nobody kept free yet.
    assert performance() == (14, 1, 1, 7)
    week = {"weekdays": "1,2,3,4,5,6", "from_day": TODAY.isoformat()}
    assert told(acts_of(market).week(week, by="meena", scope=EVERYTHING)) == "add"
    assert performance() == (12, 1, 1, 6)
    mark(market, MONDAY)
    assert performance() == (10, 1, 1, 5)
    week = {"weekdays": "1,2,3,4,5", "from_day": TODAY.isoformat()}
    assert told(acts_of(market).week(week, by="meena", scope=EVERYTHING)) == "change"
    assert performance() == (
        8,
        0,
        1,
        4,
    )  # Saturday's visit was not planned, and is made all the same
    with market.database.read() as connection:
        assert read_rest(connection, TODAY, user=REP, scope=rep.scope) is not None
        ways = read_ways(connection, [TODAY], user=REP, scope=rep.scope)
        beat = read_beat(connection, "B-1", day=TODAY, scope=EVERYTHING)
    assert ways == {TODAY: ()}
    assert beat is not None


def test_a_region_s_holiday_keeps_its_outlets_alone_off_the_way(market: Market) -> None:
    rep = send_rep(market)
    first, onam = "C1,First Shop,retailer,IN/KA", "C1,First Shop,retailer,IN/KL"
    market.load(customers=FILES["customers.csv"].replace(first, onam))
    mark(market, TODAY, region="IN/KL", name="Onam")

    with market.database.read() as connection:
        ways = read_ways(connection, [TODAY], user=REP, scope=rep.scope)

    assert ways == {TODAY: ["C2"]}


def test_a_target_s_pace_counts_the_days_of_whose_it_is(market: Market) -> None:
    set_target = market.hub.ground.part(TargetActs).set
    texts = {"measure": "order_value", "month": "2026-11", "amount": "2500"}
    house = set_target({**texts, "kind": "house"}, by="asha", scope=EVERYTHING)
    area = set_target({**texts, "kind": "area", "who": "IN/KA"}, by="asha", scope=EVERYTHING)
    assert isinstance(house, KeptTarget)
    assert isinstance(area, KeptTarget)
    mark(market, date(2026, 11, 24), region="IN/KA")

    answer = answered(market, "targets", ("measure", "order_value"))

    # Of 2,500.00, eight days are left to all of the house, and seven where the 24th is a holiday.
    needed = {line.key: line.values["needed_amount"] for line in answer.lines}
    assert needed == {str(house.id): 31_250, str(area.id): 35_715}


def test_a_seller_hears_of_its_own_days_and_the_company_s_alone(market: Market) -> None:
    market.load(sellers=SELLERS)
    for number, seller in enumerate(("", "NORTH", "EAST")):
        mark(market, date(2026, 12, 1 + number), seller=seller, name=seller or "All")
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("nora", "admin")
    account = people.sign_in.find_account("nora")
    assert account is not None
    people.lines.set_rows(account.id, [("seller", "NORTH")], by=OPERATOR)
    with market.hub.transactions.reading() as t:
        scope = scope_of(t, account.id, ("admin",))

    with market.database.read() as connection:
        seen = list_marks(connection, date(2026, 12, 1), date(2026, 12, 31), scope=scope)
        own = read_calendar(connection, scope=scope).of(read_house(connection, scope=scope))

    assert [(one.name, one.own) for one in seen] == [("All", False), ("NORTH", True)]
    assert [own.is_worked(date(2026, 12, day)) for day in (1, 2, 3)] == [False, False, True]
    assert mark(market, date(2026, 12, 4), scope=scope) == "add"  # hers, without naming it
    assert mark(market, date(2026, 12, 4), scope=scope, seller="EAST") == "workday_seller"
    assert (
        told(
            acts_of(market).drop(
                {"day": "2026-12-01"}, kind="mark", by="nora", scope=replace(scope)
            )
        )
        == "workday_gone"
    )  # the company's is not hers to take back


def test_holidays_are_taken_from_a_file(market: Market) -> None:
    Shelves(market.database).user("meena", "manager")
    body = "Date;Holiday;State\n2027-01-26;Republic Day;\n2027-03-22;Holi;IN/XX\n2027-08-15;;\n"
    acts = market.hub.ground.part(ImportActs)

    def take() -> list[str]:
        run = acts.take("workdays", body, file="h.csv", columns=None, reading=Reading(), by="meena")
        acts.take.begin(run, by="meena", chosen=None)
        while acts.take.go_on(run, by="meena").state != "done":
            pass
        query = "SELECT action FROM import_outcome WHERE run_id = :run ORDER BY row"
        return [one for (one,) in market.rows(query, run=run)]

    assert take() == ["add", "refuse", "refuse"]
    assert take() == ["same", "refuse", "refuse"]
    assert market.rows("SELECT name, set_by FROM marked_day") == [("Republic Day", "meena")]


@pytest.mark.parametrize("days", ["", "1,9"])
def test_a_week_without_a_day_is_refused(market: Market, days: str) -> None:
    texts = {"weekdays": days, "from_day": "2026-12-01"}

    assert told(acts_of(market).week(texts, by="meena", scope=EVERYTHING)) == "workday_week"
    with market.database.read() as connection:
        assert list_weeks(connection, scope=EVERYTHING) == []
