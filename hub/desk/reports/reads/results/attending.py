"""Who was at work, on leave or absent on which working days, as what reports are made from."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, String, cast, func, literal, or_, select

from hub.base.access import Scope
from hub.desk.field.model.calls import PersonDay
from hub.desk.field.reads.calls import read_person_days
from hub.desk.field.reads.visits import person_of
from hub.desk.field.tables import beat, beat_outlet, journey
from hub.desk.people.tables import user_account
from hub.desk.reports.model.requests import FilterValue
from hub.desk.reports.reads.known import table_of_known
from hub.desk.reports.reads.results.visiting import day_of, field_days
from hub.desk.reports.reads.rows.buyers import buyer_filters, is_named, is_user
from hub.desk.reports.reads.sources import AnswerAsked, Asked, Grain, Join, Part, Source
from hub.desk.reports.reads.spans import SPANS

_COLUMNS: Final = {
    "person": "text",
    "day": "text",
    "beats": "text",
    **dict.fromkeys(("working", "at_work", "leave", "absent"), "number"),
}
_Key = tuple[str, str, tuple[int, ...]]


def work_out_attendance(
    connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
) -> Asked:
    """Read everybody's days of a period, up to today, as rows of figures.

    Who was absent is asked about by its status: then no other day is a row.
    """
    del answer
    first, last = field_days(connection, asked, scope=scope)
    if first > last:
        return replace(asked, known=())
    days = read_person_days(connection, first, last, today=asked.today, scope=scope)
    if asked.request.find("status") == "absent":
        days = [one for one in days if one.absent]
    by_beat = asked.request.find("beat") is not None
    return replace(asked, known=_rows(days, span=asked.request.group_by, by_beat=by_beat))


def _rows(
    days: Collection[PersonDay], *, span: str | None, by_beat: bool
) -> Sequence[tuple[object, ...]]:
    """Add the days of a person up, those of each stretch of time and of each beat where asked."""
    groups: dict[_Key, list[PersonDay]] = {}
    for one in days:
        key = (one.user, day_of(span, one.day), one.beats if by_beat else ())
        groups.setdefault(key, []).append(one)
    return [
        (
            *(user, day, "".join(f",{number}," for number in beats)),
            *(sum(one.working for one in found), sum(one.at_work for one in found)),
            *(sum(one.leave for one in found), sum(one.absent for one in found)),
        )
        for (user, day, beats), found in groups.items()
    ]


def attendance(asked: Asked) -> Source:
    """Give the days of the people whom a reader sees."""
    table = table_of_known("days", _COLUMNS, asked.known)
    days = table.c
    day = Grain(days.day, days.day, kind="day")
    return Source(
        table,
        (Join(user_account, user_account.c.name == days.person),),
        [person_of(asked.scope), user_account.c.name == days.person],
        grains={
            "rep": Grain(days.person, days.person, code=days.person),
            **dict.fromkeys(SPANS, day),
        },
        parts={
            "working_days": Part(days.working),
            "days_at_work": Part(days.at_work),
            "leave_days": Part(days.leave),
            "absent_days": Part(days.absent),
        },
        filters={
            "rep": lambda value: is_user(value, days.person),
            "mine": lambda _: days.person == asked.reader,
            "beat": lambda value: _is_on(value, days.beats),
            "area": lambda value: _walks_in(value, asked),
            "status": lambda _: days.absent > 0,
        },
        in_period=literal(1) == 1,
    )


def _is_on(value: FilterValue, beats: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that a beat that is named was to be walked on a day."""
    number = literal(",") + cast(beat.c.id, String) + ","
    named = select(beat.c.id).where(is_named(value, beat.c.code, beat.c.name))
    return named.where(func.replace(beats, number, "") != beats).exists()


def _walks_in(value: FilterValue, asked: Asked) -> ColumnElement[bool]:
    """Say that a person walks a beat with an outlet in an area, on a day that is asked about."""
    stop, today = beat_outlet.c, literal(asked.today)
    first, last = asked.first or asked.today, asked.last or asked.today
    in_area = buyer_filters(stop.party_id, today, reader=asked.reader)["area"](value)
    return user_account.c.id.in_(
        select(journey.c.user_id)
        .join(beat_outlet, stop.beat_id == journey.c.beat_id)
        .where(in_area, stop.from_day <= last, journey.c.from_day <= last)
        .where(or_(stop.until_day.is_(None), stop.until_day >= first))
        .where(or_(journey.c.until_day.is_(None), journey.c.until_day >= first))
    )
