"""The visits that somebody sees, as a list, and each person's day in the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.field.model.entries import NOT_ENDED
from hub.desk.field.tables import attendance, field_entry, field_photo, visit, visit_missed
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party
from hub.desk.people.tables import shown_users, user_account

NEWEST: Final = Sorting("begun", descending=True)
_MOST_MISSED: Final = 200
_ORDERED: Final = exists().where(
    field_entry.c.visit == visit.c.uuid, field_entry.c.kind == "ordered"
)
_ROW: Final = (
    *(visit.c.uuid, user_account.c.name, party.c.code, party.c.name.label("outlet"), visit.c.day),
    *(visit.c.begun_at, visit.c.ended_at, visit.c.verdict, visit.c.distance_m),
    *(visit.c.outcome, visit.c.why, _ORDERED.label("ordered"), visit.c.party_id),
)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit; `ordered` says that an order was taken in it, whatever became of that."""

    uuid: str
    user: str
    code: str
    outlet: str
    day: date
    begun_at: int
    ended_at: int | None
    verdict: str
    distance_m: int | None
    outcome: str | None
    why: str
    ordered: bool
    party: int

    @property
    def minutes(self) -> int | None:
        """Give how many minutes the visit took; None where nobody has ended it."""
        if self.ended_at is None or self.outcome == NOT_ENDED:
            return None
        return (self.ended_at - self.begun_at) // 60_000


@dataclass(frozen=True, slots=True)
class AskedLeave:
    """A day of leave that nobody has decided yet."""

    user: str
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """One person's day: at work since when, until when, or on leave; `photos` began it.

    A leave is `granted`, refused, or decided by nobody yet.
    """

    user: str
    day: date
    leave: bool
    why: str
    begun_at: int | None
    ended_at: int | None
    granted: bool | None = None
    decided_by: str | None = None
    photos: tuple[str, ...] = ()

    @property
    def leave_state(self) -> str:
        """Say how a leave stands: `asked`, `granted` or `refused`."""
        return {None: "asked", True: "granted", False: "refused"}[self.granted]


@dataclass(frozen=True, slots=True)
class MissedRow:
    """An outlet of a day's way that was not visited, and why."""

    user: str
    day: date
    code: str
    outlet: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """What was kept in a visit: its kind, what it made, what it said, and its photos' ids."""

    uuid: str
    kind: str
    at: int
    document: str
    said: Mapping[str, Any]
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """One visit with all that was kept in it, in the order it was made."""

    row: VisitRow
    entries: tuple[VisitEntry, ...]


def visits_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a visit: of their outlets, or made by them."""
    return visible(scope, seller=party.c.parent_id, party=visit.c.party_id, user=visit.c.user_id)


def person_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a user's days: theirs, or their sellers'."""
    return or_(shown_users(scope), user_account.c.id == scope.user)


def list_visits(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[VisitRow]:
    """Read one page of the visits that somebody sees."""
    return page_of(
        connection,
        _filtered(select(*_ROW), wanted, scope=scope),
        wanted,
        sorts={
            "begun": visit.c.begun_at,
            "user": user_account.c.name,
            "outlet": party.c.name,
            "day": visit.c.day,
        },
        key=visit.c.uuid,
        make=lambda row: VisitRow(*row[: len(_ROW)]),
    )


def read_visit(connection: Connection, uuid: str, *, scope: Scope) -> VisitDetail | None:
    """Read one visit; None where nobody sees one of this id."""
    query = _filtered(select(*_ROW), Wanted(NEWEST), scope=scope).where(visit.c.uuid == uuid)
    found = connection.execute(query).first()
    if found is None:
        return None
    entry = field_entry.c
    rows = connection.execute(
        select(entry.uuid, entry.kind, entry.at, entry.document, entry.content)
        .where(entry.visit == uuid)
        .order_by(entry.at, entry.uuid)
    ).all()
    photos: dict[str, tuple[str, ...]] = {}
    of = select(field_photo.c.entry, field_photo.c.uuid).where(
        field_photo.c.entry.in_([row.uuid for row in rows])
    )
    for of_entry, photo in connection.execute(of.order_by(field_photo.c.uuid)):
        photos[of_entry] = (*photos.get(of_entry, ()), photo)
    entries = (
        VisitEntry(*row[:4], msgspec.json.decode(bytes(row.content)), photos.get(row.uuid, ()))
        for row in rows
    )
    return VisitDetail(VisitRow(*found), tuple(entries))


def count_visits(connection: Connection, wanted: Wanted, *, scope: Scope) -> Mapping[str, int]:
    """Count the visits by what is known of their place; "" has all."""
    chosen = {name: one for name, one in wanted.chosen.items() if name != "verdict"}
    grouped: Select[Any] = select(visit.c.verdict, func.count())
    query = _filtered(grouped, Wanted(wanted.sort, wanted.text, chosen), scope=scope)
    rows = connection.execute(query.group_by(visit.c.verdict))
    counts = {verdict: int(count) for verdict, count in rows}
    return {**counts, "": sum(counts.values())}


def read_visits(
    connection: Connection, first: date, last: date, *, scope: Scope
) -> Sequence[VisitRow]:
    """Read the visits of a period, the oldest first."""
    query = _filtered(select(*_ROW), Wanted(NEWEST), scope=scope)
    query = query.where(visit.c.day.between(first, last)).order_by(visit.c.begun_at)
    return [VisitRow(*row) for row in connection.execute(query)]


def read_days(connection: Connection, first: date, last: date, *, scope: Scope) -> Sequence[DayRow]:
    """Read who was at work or on leave in a period: oneself, and the people of one's sellers.

    A narrowed scope shows one's own days alone.
    """
    table = attendance.c
    query = (
        select(
            *(user_account.c.name, table.day, table.leave, table.why, table.begun_at),
            *(table.ended_at, table.granted, table.decided_by),
        )
        .join(user_account, user_account.c.id == table.user_id)
        .where(table.day.between(first, last), person_of(scope))
        .order_by(table.day, user_account.c.name)
    )
    rows = [DayRow(*row) for row in connection.execute(query)]
    photos = _selfies(connection, first, last, scope=scope)
    return [replace(one, photos=tuple(photos.get((one.user, one.day), ()))) for one in rows]


def list_leaves(connection: Connection, *, first: date, scope: Scope) -> Sequence[DayRow]:
    """List the days of leave from a day on, those that nobody has decided first; 200 at most."""
    table = attendance.c
    query = (
        select(
            *(user_account.c.name, table.day, table.leave, table.why, table.begun_at),
            *(table.ended_at, table.granted, table.decided_by),
        )
        .join(user_account, user_account.c.id == table.user_id)
        .where(table.leave, table.day >= first, person_of(scope))
        .order_by(table.granted.is_not(None), table.day, user_account.c.name)
        .limit(_MOST_MISSED)
    )
    return [DayRow(*row) for row in connection.execute(query)]


def list_asked(
    connection: Connection, *, first: date, most: int, scope: Scope
) -> Sequence[AskedLeave]:
    """List the days of leave from a day on that wait for somebody, the nearest first."""
    table = attendance.c
    query = (
        select(user_account.c.name, table.day, table.why)
        .select_from(attendance)
        .join(user_account, user_account.c.id == table.user_id)
        .where(_asks(first, scope))
        .order_by(table.day, user_account.c.name)
        .limit(most)
    )
    return [AskedLeave(*row) for row in connection.execute(query)]


def count_asked(connection: Connection, *, first: date, scope: Scope) -> int:
    """Count the days of leave from a day on that wait for a word of somebody: others' alone."""
    query = (
        select(func.count())
        .select_from(attendance)
        .join(user_account, user_account.c.id == attendance.c.user_id)
        .where(_asks(first, scope))
    )
    return int(connection.execute(query).scalar_one())


def _asks(first: date, scope: Scope) -> ColumnElement[bool]:
    table = attendance.c
    is_open = and_(table.leave, table.granted.is_(None), table.day >= first)
    return and_(is_open, person_of(scope), user_account.c.id != (scope.user or 0))


def _selfies(
    connection: Connection, first: date, last: date, *, scope: Scope
) -> Mapping[tuple[str, date], Sequence[str]]:
    """Give the ids of the photos that days began with, by person and day."""
    entry, found = field_entry.c, dict[tuple[str, date], list[str]]()
    query = (
        select(user_account.c.name, entry.day, field_photo.c.uuid)
        .join(field_entry, entry.uuid == field_photo.c.entry)
        .join(user_account, user_account.c.id == entry.user_id)
        .where(entry.kind == "day_begun", entry.day.between(first, last), person_of(scope))
        .order_by(field_photo.c.uuid)
    )
    for name, day, photo in connection.execute(query):
        found.setdefault((name, day), []).append(photo)
    return found


def read_missed(
    connection: Connection, first: date, last: date, *, scope: Scope
) -> Sequence[MissedRow]:
    """Read why outlets were not visited in a period, the newest first, 200 at most."""
    table = visit_missed.c
    query = (
        select(user_account.c.name, table.day, party.c.code, party.c.name)
        .add_columns(table.reason, table.text)
        .join(user_account, user_account.c.id == table.user_id)
        .join(party, party.c.id == table.party_id)
        .where(table.day.between(first, last))
        .where(visible(scope, seller=party.c.parent_id, party=table.party_id, user=table.user_id))
        .order_by(table.day.desc(), user_account.c.name, party.c.name)
        .limit(_MOST_MISSED)
    )
    return [MissedRow(*row) for row in connection.execute(query)]


def _filtered(query: Select[Any], wanted: Wanted, *, scope: Scope) -> Select[Any]:
    query = (
        query.select_from(visit)
        .join(user_account, user_account.c.id == visit.c.user_id)
        .join(party, party.c.id == visit.c.party_id)
        .where(visits_of(scope))
    )
    if wanted.text.strip():
        query = query.where(visit.c.party_id.in_(customers_with(wanted.text.strip())))
    if verdicts := wanted.chosen.get("verdict"):
        query = query.where(visit.c.verdict.in_(verdicts))
    if outcomes := wanted.chosen.get("outcome"):
        query = query.where(visit.c.outcome.in_(outcomes))
    if ordered := wanted.one("ordered"):
        query = query.where(_ORDERED if ordered == "yes" else ~_ORDERED)
    if user := wanted.one("user"):
        query = query.where(user_account.c.name == user)
    if customer := wanted.one("customer"):
        query = query.where(party.c.code == customer)
    first, last = wanted.dates("day")
    if first is not None:
        query = query.where(visit.c.day >= first)
    if last is not None:
        query = query.where(visit.c.day <= last)
    return query
