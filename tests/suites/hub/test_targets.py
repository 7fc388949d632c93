"""Targets on both engines: versions, what each came to, whose they are, and files of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.base.access import EVERYTHING, Scope, Session
from hub.base.fields import Refused
from hub.base.listing import Wanted
from hub.desk.field.reads.targets import OwnTargets
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.store import Reading
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import Span
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import FilterValue, Named, Period, ReportRequest
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.engine import answer_report
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.model import AIMS
from hub.desk.targets.reads import NEWEST, TargetDetail, TargetRow, list_targets, read_target
from hub.desk.targets.store import KeptTarget
from tests.builders.field_team import TODAY, send_rep, session_of
from tests.builders.hub_records import Shelves
from tests.builders.insights import told_to_come
from tests.builders.market import Market
from tests.builders.money import paid

ZONE = ZoneInfo("Asia/Kolkata")
SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NOVEMBER = Period("these days", date(2026, 11, 1), date(2026, 11, 30))


def put(
    market: Market,
    texts: Mapping[str, str] | None = None,
    *,
    by: str = "asha",
    scope: Scope = EVERYTHING,
    **more: str,
) -> Any:
    """Set a target for November of what orders come to, unless the texts say otherwise."""
    act = market.hub.ground.part(TargetActs).set
    said = {"measure": "order_value", "month": "2026-11", "amount": "1000", **(texts or {}), **more}
    return act(said, by=by, scope=scope)


def code_of(done: KeptTarget | Refused) -> str:
    """Give what became of a target, or why nothing did."""
    return done.reasons[0].code if isinstance(done, Refused) else done.came


def read(market: Market, number: int) -> TargetDetail:
    """Read one target."""
    with market.database.read() as connection:
        found = read_target(connection, number, day=TODAY, scope=EVERYTHING)
    assert found is not None
    return found


def listed(market: Market, scope: Scope) -> list[TargetRow]:
    """List the targets that somebody sees."""
    with market.database.read() as connection:
        return list(list_targets(connection, Wanted(NEWEST), day=TODAY, scope=scope).rows)


def answered(
    market: Market,
    report: str,
    *filters: tuple[str, FilterValue],
    by: str | None = None,
    scope: Scope = EVERYTHING,
    reader: str = "vikram",
    days: Period | None = NOVEMBER,
) -> Answer:
    """Answer a report."""
    wanted = ReportRequest(report, filters, days, by)
    with market.database.read() as connection:
        asked = ask(wanted, reader=reader, now_ms=market.clock.ms, zone=ZONE)
        return answer_report(connection, asked, scope=scope)


def achieved(market: Market, number: int, measure: str, **about: Any) -> Any:
    """Give what a target came to by the report of targets."""
    answer = answered(market, "targets", ("measure", measure), **about)
    unit = "amount" if AIMS[measure].money else "count"
    (line,) = [one for one in answer.lines if one.key == str(number)]
    return line.values[f"achieved_{unit}"]


def test_a_changed_target_keeps_what_it_was_with_who_when_and_why(market: Market) -> None:
    first = put(market, amount="1000")
    market.clock.ms += 60_000

    changed = put(market, amount="1200.50", why="two new shops", by="vikram")
    again = put(market, amount="1200.50", why="typed twice", by="vikram")
    withdrawn = market.hub.ground.part(TargetActs).set.withdraw(
        first.id, why="another plan", by="asha", scope=EVERYTHING
    )
    revived = put(market, amount="900", why="the old plan", by="asha")

    assert [code_of(one) for one in (first, changed, again, withdrawn, revived)] == [
        *("add", "change", "same", "change", "change"),
    ]
    found = read(market, first.id)
    assert (found.row.amount, found.row.version, found.row.active) == (90_000, 4, True)
    assert [(one.amount, one.by, one.why) for one in found.versions] == [
        (100_000, "asha", ""),
        (120_050, "vikram", "two new shops"),
        (None, "asha", "another plan"),
        (90_000, "asha", "the old plan"),
    ]
    assert found.versions[1].at == found.versions[0].at + 60_000
    assert told_to_come(market, "targets.read") == {
        "1 target of order value this month is behind what was due by now": (
            "/reports/targets?status=behind"
        )
    }
    assert market.broken() == set()


@SQLITE
def test_once_it_has_begun_a_target_is_changed_with_a_reason_alone(market: Market) -> None:
    begun, to_come = put(market, amount="1000"), put(market, amount="1000", month="2026-12")
    over = put(market, amount="1000", month="2026-10")

    silent = [put(market, amount="900"), put(market, amount="900", month="2026-12")]

    assert [code_of(one) for one in (begun, to_come, over)] == ["add", "add", "target_why"]
    assert [code_of(one) for one in silent] == ["target_why", "change"]
    assert read(market, begun.id).row.amount == 100_000


@SQLITE
def test_who_looked_at_an_older_version_changes_nothing(market: Market) -> None:
    first = put(market, amount="1000", month="2026-12")
    put(market, amount="1100", month="2026-12", by="vikram")
    act = market.hub.ground.part(TargetActs).set
    texts = {"measure": "order_value", "month": "2026-12", "amount": "1200"}

    late = act(texts, seen=1, by="asha", scope=EVERYTHING)

    assert isinstance(late, Refused)
    assert (late.reasons[0].code, late.reasons[0].params) == ("target_changed", {"who": "vikram"})
    assert read(market, first.id).row.amount == 110_000


@SQLITE
@pytest.mark.parametrize(
    ("texts", "at"),
    [
        ({"kind": "rep", "who": "nobody"}, "who"),
        ({"kind": "area", "who": "IN/XX"}, "who"),
        ({"kind": "beat", "who": "B-404"}, "who"),
        ({"kind": "customer", "who": "C404"}, "who"),
        ({"measure": "quantity", "goods": "brand", "thing": "Nobrand"}, "thing"),
        ({"measure": "quantity", "goods": "category", "thing": "none"}, "thing"),
        ({"measure": "quantity", "goods": "product", "thing": "NONE"}, "thing"),
    ],
)
def test_what_a_target_names_has_to_be_there(
    market: Market, texts: dict[str, str], at: str
) -> None:
    done = put(market, texts)

    assert isinstance(done, Refused)
    assert [(one.code, one.field) for one in done.reasons] == [("target_unknown", at)]


def test_what_a_target_came_to_is_what_the_report_of_its_measure_says(market: Market) -> None:
    send_rep(market)
    market.place(("TEA", 5), ("RICE", 20))
    market.place(("SOAP", 12), terminal="shop-1")
    paid(market, "25.00")
    category = market.rows("SELECT category FROM product WHERE sku = 'TEA'")[0][0]
    root = category.partition("/")[0]
    brand = market.rows("SELECT brand FROM product WHERE brand IS NOT NULL ORDER BY sku")[0][0]
    cases: list[tuple[str, str, dict[str, str], list[tuple[str, FilterValue]]]] = []
    for measure, aim in AIMS.items():
        cases += [
            (measure, aim.report, {}, []),
            (measure, aim.report, {"kind": "rep", "who": "ravi"}, [("rep", Named("ravi"))]),
            (
                measure,
                aim.report,
                {"kind": "customer", "who": "C2"},
                [("customer", Named("C2", "C2"))],
            ),
            (measure, aim.report, {"kind": "area", "who": "IN"}, [("area", Named("IN"))]),
            (measure, aim.report, {"kind": "beat", "who": "B-1"}, [("beat", Named("B-1"))]),
        ]
        for goods, thing in (("product", "TEA"), ("category", root), ("brand", brand)):
            if aim.goods:
                named: tuple[str, FilterValue] = (goods, Named(thing))
                cases += [
                    (measure, aim.report, {"goods": goods, "thing": thing}, [named]),
                    (
                        measure,
                        aim.report,
                        {"goods": goods, "thing": thing, "kind": "rep", "who": "ravi"},
                        [named, ("rep", Named("ravi"))],
                    ),
                ]

    wrong = []
    figures = []
    for measure, report, texts, filters in cases:
        done = put(market, texts, measure=measure, amount="50")
        assert isinstance(done, KeptTarget), (texts, done)
        told = achieved(market, done.id, measure)
        by_report = answered(market, report, *filters, by="month").totals[measure] or 0
        figures.append(told)
        if told != by_report:
            wrong.append((measure, texts, told, by_report))

    assert wrong == []
    assert sum(bool(one) for one in figures) > len(cases) // 2


def test_a_shop_counts_for_who_served_it_on_the_day_of_the_order(market: Market) -> None:
    rep = send_rep(market)
    Shelves(market.database).user("sita", "field_rep")
    ravi = put(market, kind="rep", who="ravi")
    sita = put(market, kind="rep", who="sita")
    market.place(("TEA", 5))
    before = achieved(market, ravi.id, "order_value")
    handing = market.hub.ground.part(CustomerActs).map
    handing("C2", "rep", Span("sita", date(2026, 11, 22)), by="asha", scope=EVERYTHING)
    market.clock.ms += 24 * 3_600_000
    market.place(("TEA", 2))
    later = session_of(market, rep.user)

    own = answered(market, "targets", ("mine", True), scope=later.scope, reader="ravi")

    of_all = answered(market, "sales").totals["order_value"] or 0
    assert before
    assert of_all > before
    assert [line.values["achieved_amount"] for line in own.lines] == [before]
    assert achieved(market, sita.id, "order_value") == of_all - before


def test_a_rep_sees_own_targets_a_manager_those_of_the_team_and_others_none(
    market: Market,
) -> None:
    send_rep(market)
    shelves = Shelves(market.database)
    for name, role in (("sita", "field_rep"), ("mohan", "manager"), ("other", "manager")):
        shelves.user(name, role)
    people = market.hub.ground.part(PeopleActs)
    numbers = {}
    for name in ("ravi", "sita", "mohan", "other"):
        account = people.sign_in.find_account(name)
        assert account is not None
        numbers[name] = account.id
    people.lines.set_rows(numbers["mohan"], [("customer", "C4")], by=OPERATOR)
    people.lines.set_rows(numbers["other"], [("region", "IN/KA")], by=OPERATOR)
    people.lines.report_to(numbers["ravi"], "sita", since=date(2026, 11, 1), by=OPERATOR)
    people.lines.report_to(numbers["sita"], "mohan", since=date(2026, 11, 1), by=OPERATOR)
    for texts in (
        {},
        {"kind": "rep", "who": "ravi"},
        {"kind": "rep", "who": "sita"},
        {"kind": "customer", "who": "C2"},
        {"kind": "area", "who": "IN"},
        {"kind": "area", "who": "IN/KA"},
    ):
        assert code_of(put(market, texts)) == "add"

    seen = {
        name: sorted((row.kind, row.who) for row in listed(market, session_of(market, name).scope))
        for name in ("ravi", "sita", "mohan", "other")
    }

    assert seen == {
        "ravi": [("customer", "C2"), ("rep", "ravi")],
        "sita": [("rep", "sita")],
        "mohan": [("rep", "ravi"), ("rep", "sita")],
        "other": [("area", "IN/KA"), ("customer", "C2")],
    }


@SQLITE
def test_who_sees_some_rows_sets_targets_for_these_alone(market: Market) -> None:
    send_rep(market)
    shelves = Shelves(market.database)
    shelves.user("mohan", "manager")
    people = market.hub.ground.part(PeopleActs)
    mohan, ravi = (people.sign_in.find_account(name) for name in ("mohan", "ravi"))
    assert mohan is not None
    assert ravi is not None
    people.lines.set_rows(mohan.id, [("customer", "C2")], by=OPERATOR)
    scope = session_of(market, "mohan").scope
    before = put(market, kind="rep", who="ravi", by="mohan", scope=scope)
    people.lines.report_to(ravi.id, "mohan", since=date(2026, 11, 1), by=OPERATOR)

    done = [
        put(market, texts, by="mohan", scope=scope)
        for texts in (
            {},
            {"kind": "customer", "who": "C2"},
            {"kind": "customer", "who": "C1"},
            {"kind": "rep", "who": "ravi"},
        )
    ]

    assert [code_of(one) for one in (before, *done)] == [
        *("target_not_yours", "target_not_yours", "add", "target_unknown", "add"),
    ]


def test_targets_of_which_one_holds_another_are_not_added_up(market: Market) -> None:
    send_rep(market)
    Shelves(market.database).user("sita", "field_rep")
    put(market, amount="1000")
    for who in ("ravi", "sita"):
        put(market, kind="rep", who=who, amount="400")
    put(market, kind="rep", who="ravi", amount="5000", span="fy")

    everything = answered(market, "targets")
    reps = answered(market, "targets", ("aimed", "rep"), ("span", "month"), by="rep")

    assert everything.count == 4
    assert everything.totals["target_amount"] is None
    assert everything.totals["amount_rate"] is None
    assert [line.values["target_amount"] for line in reps.lines] == [40_000, 40_000]
    assert reps.totals["target_amount"] == 80_000


@SQLITE
def test_a_phone_is_told_of_own_targets_that_run_today(market: Market) -> None:
    rep = send_rep(market)
    Shelves(market.database).user("sita", "field_rep")
    for texts in (
        {"kind": "rep", "who": "ravi", "amount": "2500"},
        {"kind": "rep", "who": "sita"},
        {"kind": "rep", "who": "ravi", "month": "2026-12"},
        {"kind": "customer", "who": "C2"},
        {},
    ):
        put(market, texts)
    market.place(("TEA", 5))
    sold = answered(market, "sales").totals["order_value"] or 0
    read_own = market.hub.ground.part(OwnTargets).read

    def told(session: Session) -> list[tuple[int, int, int | None, int]]:
        with market.database.read() as connection:
            found = read_own(connection, session, now_ms=market.clock.ms)
        return [(one.target, one.achieved, one.needed, one.days) for one in found]

    assert told(rep) == [(250_000, sold, -(-(250_000 - sold) // 8), 8)]
    assert told(replace(rep, permissions=frozenset())) == []


def test_a_file_of_targets_is_tried_taken_and_taken_again(market: Market) -> None:
    send_rep(market)
    Shelves(market.database).user("meena", "manager")
    body = (
        "measure;rep;month;target\n"
        "order_value;ravi;2026-11;2500\n"
        "order_value;nobody;2026-11;2500\n"
        "quantity;ravi;2026-11;1,5\n"
        "order_value;;2026-11;90000\n"
    )
    acts = market.hub.ground.part(ImportActs)

    def take() -> list[str]:
        run = acts.take("targets", body, file="t.csv", columns=None, reading=Reading(), by="meena")
        acts.take.begin(run, by="meena", chosen=None)
        while acts.take.go_on(run, by="meena").state != "done":
            pass
        rows = market.rows(
            "SELECT action FROM import_outcome WHERE run_id = :run ORDER BY row", run=run
        )
        return [one for (one,) in rows]

    tried = acts.check(
        "targets", body, file="t.csv", columns=None, reading=Reading(), by="meena", scope=EVERYTHING
    )
    expected = ["add", "refuse", "refuse", "add"]
    assert [one.action for one in tried] == expected
    assert listed(market, EVERYTHING) == []

    assert take() == expected
    assert take() == ["same", "refuse", "refuse", "same"]
    assert {(row.kind, row.who, row.amount) for row in listed(market, EVERYTHING)} == {
        ("rep", "ravi", 250_000),
        ("house", "", 9_000_000),
    }
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE target SET amount = amount + 1",
        "UPDATE target SET version = 2",
        "UPDATE target SET active = 0",
        "DELETE FROM target_version",
    ],
)
def test_the_audit_names_a_target_that_its_versions_do_not_tell_of(
    market: Market, statement: str
) -> None:
    put(market)
    assert market.broken() == set()

    market.change(statement)

    assert market.broken() == {"target_versions"}


@SQLITE
def test_an_order_late_in_the_evening_counts_for_its_own_day(market: Market) -> None:
    done = put(market, month="2026-11", amount="5000")
    evening = datetime(2026, 11, 30, 23, 45, tzinfo=ZONE)
    market.clock.ms = int(evening.timestamp() * 1_000)

    market.place(("TEA", 1))

    assert achieved(market, done.id, "order_value") > 0
