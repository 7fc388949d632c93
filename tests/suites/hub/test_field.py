"""The field: entries kept once, visits told by where they were, beats with their plan, rows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hub.base.access import EVERYTHING, Scope, Session
from hub.base.fields import Change, Refused
from hub.base.listing import Wanted
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.entries import Kept, read_entry
from hub.desk.field.model.fields import BeatFields
from hub.desk.field.reads.beats import list_beats, list_walkers, read_beat
from hub.desk.field.reads.calls import read_performance
from hub.desk.field.reads.interactions import read_photo_digest
from hub.desk.field.reads.snapshot import read_outlets, read_own_day, read_unended
from hub.desk.field.reads.visits import NEWEST, VisitRow, list_visits, read_days
from hub.desk.field.reads.ways import read_ways
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.field_team import (
    AT_C2,
    EVERY_DAY,
    REP,
    TODAY,
    entry,
    field_of,
    keep,
    send_rep,
    session_of,
)
from tests.builders.hub_records import Shelves
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.photos import jpeg
from tests.builders.two_sellers import SELLERS

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


@pytest.fixture
def rep(market: Market) -> Session:
    """Give the session of a rep on a beat with two shops."""
    return send_rep(market)


def visits_of(market: Market, session: Session) -> list[VisitRow]:
    """List the visits that somebody sees."""
    with market.database.read() as connection:
        return list(list_visits(connection, Wanted(NEWEST), scope=session.scope).rows)


def code_of(done: Kept | Refused) -> str:
    """Give the code of why nothing was done."""
    return done.reasons[0].code if isinstance(done, Refused) else done.state


def test_a_visit_is_kept_once_however_often_its_entries_come(market: Market, rep: Session) -> None:
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    ended = entry("visit_ended", visit=begun["id"], outcome="no_need", why="full shelf")
    ended["at"] = NOON + 7 * MINUTE_MS
    market.clock.ms += 10 * MINUTE_MS

    answers = [keep(market, rep, one) for one in (begun, ended, begun, ended)]

    assert [(code_of(one), one.again) for one in answers if isinstance(one, Kept)] == [
        ("kept", False),
        ("kept", False),
        ("kept", True),
        ("kept", True),
    ]
    (visit,) = visits_of(market, rep)
    assert (visit.code, visit.verdict, visit.minutes, visit.outcome) == (
        *("C2", "verified"),
        *(7, "no_need"),
    )
    assert market.broken() == set()


def test_a_double_tap_is_one_visit_and_both_ids_end_it(market: Market, rep: Session) -> None:
    first = entry("visit_begun", outlet="C2", place={})
    second = entry("visit_begun", outlet="C2", place=AT_C2)

    made = [keep(market, rep, one) for one in (first, second)]
    ended = keep(market, rep, entry("visit_ended", visit=second["id"], outcome="closed"))

    assert [one.document for one in made if isinstance(one, Kept)] == [first["id"]] * 2
    assert code_of(ended) == "kept"
    (visit,) = visits_of(market, rep)
    assert (visit.verdict, visit.outcome) == ("unknown", "closed")


@SQLITE
def test_an_id_under_which_something_else_was_kept_is_refused(market: Market, rep: Session) -> None:
    written = entry("noted", outlet="C2", about="note", text="wants soap")
    keep(market, rep, written)
    Shelves(market.database).user("sita", "field_rep")

    other_text = keep(market, rep, {**written, "text": "wants rice"})
    other_person = keep(
        market, session_of(market, "sita"), entry("day_begun") | {"id": written["id"]}
    )

    assert (code_of(other_text), code_of(other_person)) == ("entry_used", "entry_used")


@SQLITE
def test_outlets_of_others_are_unknown_but_a_morning_s_visit_counts_after_the_hand_over(
    market: Market, rep: Session
) -> None:
    handing = market.hub.ground.part(CustomerActs).map
    stranger = keep(market, rep, entry("visit_begun", outlet="C4"))
    Shelves(market.database).user("sita", "field_rep")
    handing("C2", "rep", Span("sita", date(2026, 11, 22)), by="asha", scope=EVERYTHING)
    market.clock.ms += 24 * 60 * MINUTE_MS
    later = session_of(market, REP)

    of_morning = keep(market, later, entry("visit_begun", outlet="C2", place=AT_C2))
    of_today = keep(market, later, {**entry("visit_begun", outlet="C2"), "at": market.clock.ms})

    assert [code_of(one) for one in (stranger, of_morning, of_today)] == [
        *("outlet_unknown", "kept"),
        "outlet_unknown",
    ]


@SQLITE
def test_a_phone_s_wrong_clock_changes_neither_the_moment_nor_the_day(
    market: Market, rep: Session
) -> None:
    written = entry("visit_begun", outlet="C2", place=AT_C2)
    written["at"] = NOON - 400 * 24 * 60 * MINUTE_MS
    act = field_of(market).keep
    act(read_entry(written), by=rep, sent_at_ms=written["at"] + 5 * MINUTE_MS)

    (visit,) = visits_of(market, rep)
    assert (visit.day, visit.begun_at) == (TODAY, NOON - 5 * MINUTE_MS)


@SQLITE
def test_a_visit_that_nobody_ended_is_closed_at_midnight_and_its_minutes_are_none(
    market: Market, rep: Session
) -> None:
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    keep(market, rep, begun)
    market.hub.jobs.run_due("worker")
    assert [one.outcome for one in visits_of(market, rep)] == [None]

    market.clock.ms += 12 * HOUR_MS
    market.hub.jobs.run_due("worker")
    (closed,) = visits_of(market, rep)
    with market.database.read() as connection:
        (told,) = read_unended(
            connection, TODAY + timedelta(days=1), user=rep.user_id, scope=rep.scope
        )
        (own,) = read_performance(connection, TODAY, TODAY, scope=EVERYTHING)

    assert (closed.outcome, closed.minutes, own.made, own.minutes) == ("not_ended", None, 1, 0)
    assert (told.outlet, told.name) == ("C2", "Second Shop")
    # An end of the next day is none: nobody knows how long the visit took.
    keep(market, rep, entry("visit_ended", visit=begun["id"], outcome="debt", at=market.clock.ms))
    assert [one.outcome for one in visits_of(market, rep)] == ["not_ended"]
    # One of the visit's own day counts, however late the phone tells of it.
    late = entry("visit_ended", visit=begun["id"], outcome="no_need", at=NOON + 9 * MINUTE_MS)
    keep(market, rep, late)
    market.hub.jobs.run_due("worker")
    (ended,) = visits_of(market, rep)
    assert (ended.outcome, ended.minutes) == ("no_need", 9)
    assert market.broken() == set()


def test_a_visit_that_is_told_of_days_later_waits_for_its_end_before_it_is_closed(
    market: Market, rep: Session
) -> None:
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    market.clock.ms += 30 * HOUR_MS
    keep(market, rep, begun)

    market.hub.jobs.run_due("worker")
    still = [one.outcome for one in visits_of(market, rep)]
    market.clock.ms += HOUR_MS
    market.hub.jobs.run_due("worker")

    assert still == [None]
    assert [one.outcome for one in visits_of(market, rep)] == ["not_ended"]


@SQLITE
def test_a_photo_of_a_person_is_seen_by_the_person_and_who_sees_the_network_alone(
    market: Market, rep: Session
) -> None:
    day = entry("day_begun")
    keep(market, rep, day)
    photo, late = new_uuid(), entry("day_ended")
    field = field_of(market)
    assert field.photos(photo, jpeg(), entry=day["id"], by=rep) == Kept("kept", photo)
    keep(market, rep, late)
    assert code_of(field.photos(new_uuid(), jpeg(), entry=late["id"], by=rep)) == "photo_entry"
    Shelves(market.database).user("sita", "field_rep")
    other = session_of(market, "sita")

    def sees(scope: Scope) -> bool:
        with market.database.read() as connection:
            days = read_days(connection, TODAY, TODAY, scope=scope)
            photos = [one.photos for one in days]
            shown = read_photo_digest(connection, photo, scope=scope) is not None
        assert photos == ([(photo,)] if shown else [])
        return shown

    assert [sees(one) for one in (EVERYTHING, rep.scope, other.scope)] == [True, True, False]
    asked = field.selfies(asked=True, by="ravi", scope=rep.scope)
    assert isinstance(asked, Refused)
    assert asked.reasons[0].code == "entry_not_permitted"


def test_a_seller_s_manager_sees_the_days_of_the_own_people_alone(
    market: Market, rep: Session
) -> None:
    market.load(sellers=SELLERS)
    begun, photo, field = entry("day_begun"), new_uuid(), field_of(market)
    keep(market, rep, begun)
    assert field.photos(photo, jpeg(), entry=begun["id"], by=rep) == Kept("kept", photo)
    people = market.hub.ground.part(PeopleActs)
    for name, role in (("nora", "manager"), ("nils", "field_rep")):
        Shelves(market.database).user(name, role)
        account = people.sign_in.find_account(name)
        assert account is not None
        people.lines.set_rows(account.id, [("seller", "NORTH")], by=OPERATOR)
    nils, nora = session_of(market, "nils"), session_of(market, "nora").scope
    keep(market, nils, entry("leave", day=TODAY.isoformat(), why="wedding"))

    with market.database.read() as connection:
        days = [one.user for one in read_days(connection, TODAY, TODAY, scope=nora)]
        whole = [one.user for one in read_days(connection, TODAY, TODAY, scope=EVERYTHING)]
        shown = read_photo_digest(connection, photo, scope=nora)
        walkers = list_walkers(connection, scope=nora)
    asked = field.selfies(asked=True, by="nora", scope=nora)

    assert (days, whole) == (["nils"], ["nils", "ravi"])
    assert shown is None
    assert walkers == ["nils", "nora"]
    assert isinstance(asked, Refused)  # it is said for the whole network


def test_a_day_begins_at_its_earliest_word_and_ends_at_its_latest(
    market: Market, rep: Session
) -> None:
    market.clock.ms += 60 * MINUTE_MS
    for minutes in (30, 10, 20):
        for kind in ("day_begun", "day_ended"):
            keep(market, rep, {**entry(kind), "at": NOON + minutes * MINUTE_MS})
    keep(market, rep, entry("leave", day="2026-11-23", why="wedding"))
    far = keep(market, rep, entry("leave", day="2029-11-23"))

    with market.database.read() as connection:
        own, leave = read_days(connection, TODAY, date(2026, 11, 23), scope=rep.scope)

    assert (own.begun_at, own.ended_at) == (NOON + 10 * MINUTE_MS, NOON + 30 * MINUTE_MS)
    assert (leave.leave, leave.why, code_of(far)) == (True, "wedding", "leave_day")


@SQLITE
def test_a_leave_of_a_day_at_work_is_refused_with_the_day(market: Market, rep: Session) -> None:
    keep(market, rep, entry("day_begun"))

    late = keep(market, rep, entry("leave", day=TODAY.isoformat()))
    other = keep(market, rep, entry("leave", day="2026-11-23"))
    again = keep(market, rep, entry("leave", day="2026-11-23", why="wedding"))

    assert code_of(late) == "leave_worked"
    assert (code_of(other), code_of(again)) == ("kept", "kept")


def test_the_phone_s_snapshot_has_the_rep_s_outlets_and_today_s_way(
    market: Market, rep: Session
) -> None:
    keep(market, rep, entry("day_begun"))
    keep(market, rep, entry("visit_begun", outlet="C1"))

    with market.database.read() as connection:
        (way,) = read_ways(connection, [TODAY], user=REP, scope=rep.scope).values()
        outlets = read_outlets(connection, first=way, scope=rep.scope)
        own, visits = read_own_day(connection, TODAY, user=rep.user_id, scope=rep.scope)

    assert way == ["C2", "C1"]
    assert [one.code for one in outlets] == ["C1", "C2", "C3"]
    assert next(one for one in outlets if one.code == "C1").owed == 10_000
    assert own == (NOON, None)
    assert [one.outlet for one in visits] == ["C1"]


@SQLITE
def test_a_plan_and_its_visits_are_compared_for_who_looks_on_and_for_oneself_alone(
    market: Market, rep: Session
) -> None:
    keep(market, rep, entry("day_begun"))
    keep(market, rep, entry("visit_begun", outlet="C2", place=AT_C2))
    Shelves(market.database).user("meena", "manager")
    Shelves(market.database).user("sita", "field_rep")

    found = {}
    for name in ("meena", REP, "sita"):
        session = session_of(market, name)
        with market.database.read() as connection:
            found[name] = read_performance(connection, TODAY, TODAY, scope=session.scope)

    (own,) = found["meena"]
    assert (own.user, own.planned, own.kept, own.verified, own.covered) == (REP, 2, 1, 1, 1)
    assert found[REP] == found["meena"]
    assert found["sita"] == []


@SQLITE
def test_a_changed_beat_stays_as_it_was_for_the_days_before(market: Market, rep: Session) -> None:
    del rep
    plan = field_of(market).plan
    market.clock.ms += 24 * 60 * MINUTE_MS
    wanted = BeatFields("B-1", "Station road", ("C3", "C2"), seen=("C2", "C1"))

    changed = plan.change(wanted, by="asha", scope=EVERYTHING)
    stale = plan.change(replace(wanted, outlets=("C4",)), by="meena", scope=EVERYTHING)

    assert (isinstance(changed, Refused), code_of_plan(stale)) == (False, "beat_changed")
    with market.database.read() as connection:
        before = read_performance(connection, TODAY, TODAY, scope=EVERYTHING)
        found = read_beat(connection, "B-1", day=date(2026, 11, 22), scope=EVERYTHING)
    assert before[0].planned == 2
    assert found is not None
    assert [code for code, _, _ in found.outlets] == ["C3", "C2"]
    assert found.history[-1].new == "C3, C2"


def test_an_outlet_is_planned_by_its_class_of_the_day(market: Market, rep: Session) -> None:
    change = market.hub.ground.part(CustomerActs).change
    plan = field_of(market).plan
    only_a = Journey(0, REP, 0, EVERY_DAY, 1, TODAY, classes=("a",))
    plan.stop("B-1", 1, day=TODAY - timedelta(days=1), by="asha", scope=EVERYTHING)
    plan.walk("B-1", only_a, by="asha", scope=EVERYTHING)

    def classed(outlet: str, old: str, new: str) -> None:
        change(outlet, {"outlet_class": Change(old, new)}, by="asha", scope=EVERYTHING)

    def planned(day: date) -> list[int]:
        with market.database.read() as connection:
            return [one.planned for one in read_performance(connection, day, day, scope=rep.scope)]

    classed("C1", "", "A")
    classed("C2", "", "a")
    market.clock.ms += 24 * 60 * MINUTE_MS
    tomorrow = TODAY + timedelta(days=1)
    classed("C2", "a", "b")
    change("C1", {"city": Change("", "Pune")}, by="asha", scope=EVERYTHING)

    assert (planned(TODAY), planned(tomorrow)) == ([2], [1])
    with market.database.read() as connection:
        found = read_beat(connection, "B-1", day=tomorrow, scope=EVERYTHING)
    assert found is not None
    assert [(code, outlet_class) for code, _, outlet_class in found.outlets] == [
        *(("C2", "b"), ("C1", "a"))
    ]
    assert found.unplanned == ("C2",)
    assert found.history[-1].new == f"{REP} 1,2,3,4,5,6,7 /1 {TODAY}.. a"


@SQLITE
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"classes": ("a", "e")}, "journey_classes"),
        ({"user": "nobody"}, "journey_user"),
        ({"weekdays": 0}, "journey_days"),
        ({"weekdays": 1 << 7}, "journey_days"),
        ({"every_weeks": 13}, "journey_days"),
        ({"until_day": date(2026, 11, 1)}, "journey_days"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    market: Market, rep: Session, wrong: dict[str, Any], code: str
) -> None:
    plan = replace(Journey(0, rep.user, 0, EVERY_DAY, 1, TODAY), **wrong)

    done = field_of(market).plan.walk("B-1", plan, by="asha", scope=EVERYTHING)

    assert code_of_plan(done) == code


@SQLITE
def test_a_beat_that_a_person_does_not_see_is_neither_changed_nor_planned(
    market: Market, rep: Session
) -> None:
    del rep
    plan, nobody = field_of(market).plan, Scope()
    before = market.rows("SELECT name FROM beat"), market.rows("SELECT until_day FROM journey")
    walk = Journey(0, "asha", 0, EVERY_DAY, 1, TODAY)

    done = [
        plan.change(BeatFields("B-1", "Mine"), by="asha", scope=nobody),
        plan.walk("B-1", walk, by="asha", scope=nobody),
        plan.stop("B-1", 1, day=TODAY, by="asha", scope=nobody),
        plan.add(BeatFields("B-2", "Mine"), by="asha", scope=nobody),
    ]

    assert [code_of_plan(one) for one in done] == [
        *("beat_unknown", "beat_unknown"),
        *("journey_unknown", "seller_unknown"),
    ]
    after = market.rows("SELECT name FROM beat"), market.rows("SELECT until_day FROM journey")
    assert after == before


@SQLITE
def test_a_beat_is_walked_no_more_after_its_last_day(market: Market, rep: Session) -> None:
    plan = field_of(market).plan
    with market.database.read() as connection:
        found = read_beat(connection, "B-1", day=TODAY, scope=EVERYTHING)
    assert found is not None
    (journey,) = found.journeys

    plan.stop("B-1", journey.id, day=TODAY, by="asha", scope=EVERYTHING)
    again = plan.stop("B-1", journey.id, day=TODAY, by="asha", scope=EVERYTHING)
    tomorrow = date(2026, 11, 22)

    with market.database.read() as connection:
        ways = read_ways(connection, [TODAY, tomorrow], user=REP, scope=rep.scope)
        (row,) = list_beats(connection, day=tomorrow, scope=EVERYTHING)
    assert {day: len(way) for day, way in ways.items()} == {TODAY: 2, tomorrow: 0}
    assert (row.walkers, code_of_plan(again)) == ((), "journey_unknown")


@SQLITE
def test_the_audit_names_a_visit_without_its_entry_and_what_an_entry_made_that_is_gone(
    market: Market, rep: Session
) -> None:
    begun = entry("visit_begun", outlet="C2")
    keep(market, rep, begun)
    ordered = entry("ordered", outlet="C2", lines=[{"sku": "TEA", "quantity": 1}])
    paid = entry("collected", outlet="C2", fields={"amount": "5.00"})
    act = field_of(market).keep
    for one in (ordered, paid):
        act(read_entry(one), by=rep, sent_at_ms=NOON, document=new_uuid())
    market.change("UPDATE field_entry SET kind = 'brought' WHERE uuid = :u", u=begun["id"])

    assert market.broken() == {"visit_begun", "field_order", "field_money", "field_brought"}


def code_of_plan(done: object) -> str:
    """Give the code of why a plan was not changed."""
    return done.reasons[0].code if isinstance(done, Refused) else "done"
