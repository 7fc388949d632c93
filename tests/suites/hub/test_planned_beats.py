"""Whose a beat is, who walks it, and a leave that is granted: what the plan of the field holds."""

from dataclasses import replace
from datetime import date

from hub.base import history
from hub.base.access import EVERYTHING, Scope, Session
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.reads.beats import list_beats, read_beat
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.snapshot import read_own_leaves
from hub.desk.field.reads.visits import list_leaves
from hub.desk.field.reads.ways import read_ways
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.field_team import (
    AT_C2,
    EVERY_DAY,
    TODAY,
    entry,
    field_of,
    keep,
    session_of,
)
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.two_sellers import SELLERS
from tests.suites.hub.test_field import SQLITE, code_of_plan, rep

__all__ = ["rep"]


@SQLITE
def test_a_granted_leave_takes_the_day_out_of_the_plan_and_says_who_granted_it(
    market: Market, rep: Session
) -> None:
    field, monday = field_of(market), date(2026, 11, 23)
    keep(market, rep, entry("leave", day=monday.isoformat(), why="wedding"))
    days = (date(2026, 11, 22), monday)

    def planned() -> tuple[int, int]:
        with market.database.read() as connection:
            (one,) = read_performance(connection, *days, scope=EVERYTHING)
        return one.planned, one.on_beats

    asked = planned()
    own = field.leave(rep.user, monday, granted=True, by=rep.user, scope=EVERYTHING)
    silent = field.leave(rep.user, monday, granted=False, by="asha", scope=EVERYTHING)
    done = field.leave(rep.user, monday, granted=True, by="asha", scope=EVERYTHING)
    field.leave(rep.user, monday, granted=True, by="meena", scope=EVERYTHING)
    granted = planned()
    unseen = field.leave(rep.user, monday, granted=True, by="asha", scope=Scope())
    other = field.leave(rep.user, days[0], granted=True, by="asha", scope=EVERYTHING)
    with market.database.read() as connection:
        (row,) = list_leaves(connection, first=TODAY, scope=rep.scope)
        told = read_own_leaves(connection, TODAY, user=rep.user_id, scope=rep.scope)
        changes = history.read(connection, "leave", f"{rep.user} 2026-11-23")
    refused = field.leave(
        rep.user, monday, granted=False, why="stock taking", by="asha", scope=EVERYTHING
    )

    assert (asked, granted, planned()) == ((4, 2), (2, 2), (4, 2))
    assert [code_of_plan(one) for one in (own, silent, unseen, other)] == [
        *("leave_own", "leave_why", "leave_unknown", "leave_unknown"),
    ]
    assert (code_of_plan(done), code_of_plan(refused)) == ("done", "done")
    assert (row.user, row.leave_state, row.decided_by) == (rep.user, "granted", "asha")
    assert told == [("2026-11-23", "granted")]
    assert [(one.old, one.new, one.who) for one in changes] == [(None, True, "asha")]


@SQLITE
def test_a_shop_on_two_beats_of_two_reps_is_seen_by_both_and_each_visit_is_its_maker_s(
    market: Market, rep: Session
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    customers = market.hub.ground.part(CustomerActs)
    customers.map("C2", "collector", Span("sita", date(2026, 11, 1)), by="asha", scope=EVERYTHING)
    plan = field_of(market).plan
    plan.add(BeatFields("B-2", "Second way", ("C2",)), by="asha", scope=EVERYTHING)
    walk = Journey(0, "sita", 0, EVERY_DAY, 1, date(2026, 11, 2))
    plan.walk("B-2", walk, by="asha", scope=EVERYTHING)
    sita = session_of(market, "sita")
    for who in (rep, sita):
        keep(market, who, entry("visit_begun", outlet="C2", place=AT_C2))

    with market.database.read() as connection:
        ways = {
            who.user: read_ways(connection, [TODAY], user=who.user, scope=who.scope)[TODAY]
            for who in (rep, sita)
        }
        rows = read_performance(connection, TODAY, TODAY, scope=EVERYTHING)
    assert ways == {rep.user: ["C2", "C1"], "sita": ["C2"]}
    assert {one.user: (one.planned, one.made) for one in rows} == {
        rep.user: (2, 1),
        "sita": (1, 1),
    }
    served = market.rows(
        "SELECT m.who FROM party_mapping m JOIN party p ON p.id = m.party_id "
        "WHERE p.code = 'C2' AND m.role = 'rep'"
    )
    assert served == [(rep.user,)]


@SQLITE
def test_a_beat_is_planned_for_people_and_outlets_of_its_own_seller(
    market: Market, rep: Session
) -> None:
    market.load(sellers=SELLERS)
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("nora", "manager")
    nora = people.sign_in.find_account("nora")
    assert nora is not None
    people.lines.set_rows(nora.id, [("seller", "NORTH")], by=OPERATOR)
    scope, plan = people.sign_in.scope(nora), field_of(market).plan
    walk = Journey(0, rep.user, 0, EVERY_DAY, 1, TODAY)

    done = [
        plan.add(BeatFields("N-1", "North way", ("C2",)), by="nora", scope=scope),
        plan.add(BeatFields("N-1", "North way", seller="EAST"), by="nora", scope=scope),
        plan.add(BeatFields("N-1", "North way"), by="nora", scope=scope),
        plan.walk("N-1", walk, by="nora", scope=scope),
        plan.walk("N-1", replace(walk, user="nora"), by="nora", scope=scope),
        plan.walk("B-1", replace(walk, user="nora"), by="asha", scope=EVERYTHING),
    ]

    assert [code_of_plan(one) for one in done] == [
        *("outlet_unknown", "seller_unknown", "done"),
        *("journey_user", "done", "journey_seller"),
    ]
    with market.database.read() as connection:
        (own,) = list_beats(connection, day=TODAY, scope=scope)
        found = read_beat(connection, "N-1", day=TODAY, scope=scope)
    assert (own.code, own.walkers) == ("N-1@NORTH", ("nora",))
    assert found is not None
    assert [(one.field, one.new) for one in found.history][-1] == (
        "walked",
        "nora 1,2,3,4,5,6,7 /1 2026-11-21..",
    )
