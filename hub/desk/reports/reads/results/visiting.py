"""Visits beside their plan, as what reports are made from: compliance, strike rates, coverage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection, case, func, literal

from hub.base.access import Scope, visible
from hub.desk.field.model.calls import Call
from hub.desk.field.reads.calls import read_calls, read_first_day
from hub.desk.field.tables import beat
from hub.desk.people.tables import user_account
from hub.desk.reports.model.periods import first_of
from hub.desk.reports.reads.known import table_of_known
from hub.desk.reports.reads.rows.buyers import (
    buyer,
    buyer_filters,
    buyer_grains,
    buyer_join,
    is_named,
    is_user,
)
from hub.desk.reports.reads.sources import NO_NAME, AnswerAsked, Asked, Grain, Join, Part, Source
from hub.desk.reports.reads.spans import SPANS

_COLUMNS: Final = {
    "person": "text",
    "outlet": "number",
    "beat": "number",
    "day": "text",
    **dict.fromkeys(
        (
            *("planned", "kept", "made", "verified", "productive", "kept_productive"),
            *("minutes", "on_beat", "covered"),
        ),
        "number",
    ),
}


@dataclass(frozen=True, slots=True)
class _Group:
    """What is told apart: a person at an outlet, by a beat, in the stretch that is asked about."""

    person: str
    outlet: int
    beat: int
    day: str


def work_out_visits(
    connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
) -> Asked:
    """Read what was planned and visited in a period, up to today, as rows of figures.

    What is missed alone is asked about by its status: then no other day at an outlet is a row.
    """
    del answer
    first, last = field_days(connection, asked, scope=scope)
    if first > last:
        return replace(asked, known=())
    calls = read_calls(connection, first, last, scope=scope)
    if asked.request.find("status") == "missed":
        calls = [one for one in calls if one.missed]
    return replace(asked, known=_rows(calls, span=asked.request.group_by))


def field_days(connection: Connection, asked: Asked, *, scope: Scope) -> tuple[date, date]:
    """Give the days that are asked about, as far as the field knows of any and up to today."""
    begun = read_first_day(connection, scope=scope) or asked.today
    return max(asked.first or begun, begun), min(asked.last or asked.today, asked.today)


def day_of(span: str | None, day: date) -> str:
    """Give the first day of a day's stretch as `2026-11-01`; none where rows are put by no time."""
    return first_of(span, day).isoformat() if span in SPANS and span else ""


def _rows(calls: Collection[Call], *, span: str | None) -> Sequence[tuple[object, ...]]:
    """Add days at an outlet up, as far as the rows of the report do not tell them apart."""
    groups: dict[_Group, list[Call]] = {}
    on_way: dict[tuple[str, str], set[int]] = {}
    for one in calls:
        group = _Group(one.user, one.outlet, one.beat, day_of(span, one.day))
        groups.setdefault(group, []).append(one)
        if one.on_way:
            on_way.setdefault((group.person, group.day), set()).add(one.outlet)
    return [
        (
            *(group.person, group.outlet, group.beat, group.day),
            sum(one.planned for one in found),
            sum(one.planned and one.made for one in found),
            sum(one.made for one in found),
            sum(one.verified for one in found),
            sum(one.ordered for one in found),
            sum(one.planned and one.ordered for one in found),
            sum(one.minutes for one in found),
            int(group.outlet in (way := on_way.get((group.person, group.day), set()))),
            int(group.outlet in way and any(one.verified for one in found)),
        )
        for group, found in groups.items()
    ]


def visits(asked: Asked) -> Source:
    """Give what was planned and visited, of the outlets and the people that a reader sees."""
    table = table_of_known("calls", _COLUMNS, asked.known)
    calls, today = table.c, literal(asked.today)
    whose = calls.person + ":" + func.coalesce(buyer.c.code, NO_NAME)
    day = Grain(calls.day, calls.day, kind="day")
    named = func.coalesce(beat.c.code, NO_NAME)
    figures: Mapping[str, Part] = {
        "planned_visits": Part(calls.planned),
        "kept_visits": Part(calls.kept),
        "missed_visits": Part(calls.planned - calls.kept),
        "made_visits": Part(calls.made),
        "verified_visits": Part(calls.verified),
        "productive_visits": Part(calls.productive),
        "kept_productive": Part(calls.kept_productive),
        "visit_minutes": Part(calls.minutes),
        "beat_outlets": Part(case((calls.on_beat == 1, whose)), how="distinct"),
        "covered_outlets": Part(case((calls.covered == 1, whose)), how="distinct"),
    }
    return Source(
        table,
        (
            Join(user_account, user_account.c.name == calls.person),
            buyer_join(calls.outlet),
            Join(beat, beat.c.id == calls.beat, outer=True),
        ),
        [
            visible(
                asked.scope,
                seller=buyer.c.parent_id,
                party=calls.outlet,
                user=user_account.c.id,
            )
        ],
        grains={
            **buyer_grains(func.coalesce(buyer.c.code, NO_NAME)),
            "rep": Grain(calls.person, calls.person, code=calls.person),
            "beat": Grain(named, func.coalesce(beat.c.name, NO_NAME), code=named),
            **dict.fromkeys(SPANS, day),
        },
        parts=figures,
        filters={
            **buyer_filters(calls.outlet, today, reader=asked.reader),
            "rep": lambda value: is_user(value, calls.person),
            "mine": lambda _: calls.person == asked.reader,
            "beat": lambda value: is_named(value, beat.c.code, beat.c.name),
            "status": lambda _: calls.planned > calls.kept,
        },
        in_period=literal(1) == 1,
    )
