"""Beats with their outlets and who walks them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from hub.base import history
from hub.base.access import Scope, visible
from hub.desk.field.model.beats import Journey, Stop, is_unplanned, resting_of
from hub.desk.field.model.calls import Plan
from hub.desk.field.model.fields import choose_code, read_classes
from hub.desk.field.reads.visits import person_of
from hub.desk.field.tables import beat, beat_outlet, journey
from hub.desk.parties.tables import party
from hub.desk.people.tables import user_account
from hub.desk.workdays.reads import read_calendar

_STOP: Final = beat_outlet.c


@dataclass(frozen=True, slots=True)
class BeatRow:
    """A beat in a list: how many outlets are on it today, and who walks it."""

    code: str
    name: str
    active: bool
    outlets: int
    walkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeatOf:
    """A beat that a customer is on: at which place of the way, on which days, and who walks it."""

    code: str
    name: str
    place: int
    from_day: date
    until_day: date | None
    walkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeatDetail:
    """One beat: its outlets of today as codes, names and classes, its plan, and what was changed.

    On the days of the week `resting`, Monday is 0, it is planned although nobody is to walk it: at
    none of its outlets is worked then. The outlets `unplanned`, by code, are of a class that no
    plan is of.
    """

    code: str
    name: str
    active: bool
    outlets: tuple[tuple[str, str, str], ...]
    journeys: tuple[Journey, ...]
    history: tuple[history.Entry, ...]
    resting: tuple[int, ...] = ()
    unplanned: tuple[str, ...] = ()


def beats_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a beat: the seller's, or one's own to walk."""
    own = select(journey.c.beat_id).where(journey.c.user_id == scope.user)
    return and_(
        visible(scope, seller=beat.c.seller_id),
        true() if scope.sees_sellers else beat.c.id.in_(own),
    )


def list_beats(connection: Connection, *, day: date, scope: Scope) -> Sequence[BeatRow]:
    """Read the beats with their outlets of a day and who walks them, by code."""
    rows = connection.execute(
        select(beat.c.id, beat.c.code, beat.c.name, beat.c.active)
        .where(beats_of(scope))
        .order_by(beat.c.active.desc(), beat.c.code)
    ).all()
    on = and_(_STOP.from_day <= day, or_(_STOP.until_day.is_(None), _STOP.until_day >= day))
    grouped = select(_STOP.beat_id, func.count()).where(on).group_by(_STOP.beat_id)
    counts = {int(row[0]): int(row[1]) for row in connection.execute(grouped)}
    walkers: dict[int, set[str]] = {}
    for one in _journeys(connection, scope=scope):
        if one.until_day is None or one.until_day >= day:
            walkers.setdefault(one.beat, set()).add(one.user)
    return [
        BeatRow(row.code, row.name, row.active, counts.get(row.id, 0), _sorted(walkers, row.id))
        for row in rows
    ]


def list_beats_of(
    connection: Connection, code: str, *, day: date, scope: Scope
) -> Sequence[BeatOf]:
    """Read the beats that a customer is on, from when on and until when, the first first."""
    query = (
        select(beat.c.code, beat.c.name, _STOP.place, _STOP.from_day, _STOP.until_day, beat.c.id)
        .join(beat_outlet, _STOP.beat_id == beat.c.id)
        .join(party, party.c.id == _STOP.party_id)
        .where(party.c.code == code, beat.c.active, beats_of(scope))
        .where(or_(_STOP.until_day.is_(None), _STOP.until_day >= day))
        .order_by(_STOP.from_day, beat.c.code)
    )
    rows = connection.execute(query).all()
    walkers: dict[int, set[str]] = {}
    for one in _journeys(connection, scope=scope) if rows else ():
        if one.until_day is None or one.until_day >= day:
            walkers.setdefault(one.beat, set()).add(one.user)
    return [BeatOf(*row[:-1], _sorted(walkers, row.id)) for row in rows]


def _sorted(walkers: Mapping[int, set[str]], number: int) -> tuple[str, ...]:
    return tuple(sorted(walkers.get(number, ())))


def read_beat(connection: Connection, code: str, *, day: date, scope: Scope) -> BeatDetail | None:
    """Read one beat as of a day; None where nobody sees one of this code."""
    named = name_beat(connection, code, scope=scope)
    query = select(beat.c.id, beat.c.code, beat.c.name, beat.c.active)
    row = connection.execute(query.where(beat.c.code == named, beats_of(scope))).first()
    if row is None:
        return None
    stops = (
        select(party.c.code, party.c.name, party.c.geo, _STOP.outlet_class)
        .join(beat_outlet, _STOP.party_id == party.c.id)
        .where(_STOP.beat_id == row.id, visible(scope, seller=party.c.parent_id, party=party.c.id))
        .where(or_(_STOP.until_day.is_(None), _STOP.until_day >= day))
        .order_by(_STOP.place, _STOP.id)
    )
    plans = [one for one in _journeys(connection, scope=scope) if one.beat == row.id]
    outlets = connection.execute(stops).all()
    calendar = read_calendar(connection, scope=scope)
    return BeatDetail(
        *(row.code, row.name, row.active),
        tuple((found.code, found.name, found.outlet_class or "") for found in outlets),
        tuple(plans),
        tuple(history.read(connection, "beat", row.code)),
        tuple(resting_of(plans, {found.geo for found in outlets}, day=day, calendar=calendar)),
        tuple(found.code for found in outlets if is_unplanned(found.outlet_class, plans, day=day)),
    )


def read_plan(
    connection: Connection,
    *,
    scope: Scope,
    excused: Collection[tuple[str, date]] = (),
    walker: str = "",
) -> Plan:
    """Read who walks which outlets when, of what somebody sees, or what the `walker` alone walks.

    `excused` are days of leave.
    """
    journeys = _journeys(connection, scope=scope, walker=walker)
    stops = _stops(connection, {one.beat for one in journeys})
    return Plan(journeys, stops, read_calendar(connection, scope=scope), excused)


def name_beat(connection: Connection, code: str, *, scope: Scope) -> str | None:
    """Give the whole code of the beat that somebody means; None where there is no such one.

    `B-1` is the company's, or else the only one of a seller that the person sees: `B-1@D2`.
    """
    alike = or_(beat.c.code == code, beat.c.code.startswith(f"{code}@", autoescape=True))
    query = select(beat.c.code).where(alike, beats_of(scope))
    return choose_code(code, list(connection.execute(query).scalars()))


def sees_seller(connection: Connection, seller: int, *, scope: Scope) -> bool:
    """Say whether somebody sees the rows of a seller."""
    query = select(party.c.id).where(party.c.id == seller, visible(scope, seller=party.c.id))
    return connection.execute(query).first() is not None


def is_walker(connection: Connection, user: int, *, scope: Scope) -> bool:
    """Say whether a user may be given a beat: one who is active, and whom the planner sees."""
    query = select(user_account.c.id).where(user_account.c.id == user, user_account.c.active)
    return connection.execute(query.where(person_of(scope))).first() is not None


def list_walkers(connection: Connection, *, scope: Scope) -> Sequence[str]:
    """Name the active users who may be given a beat: oneself, and the people of one's sellers."""
    query = select(user_account.c.name).where(user_account.c.active, person_of(scope))
    query = query.order_by(user_account.c.name)
    return list(connection.execute(query).scalars())


def _journeys(connection: Connection, *, scope: Scope, walker: str = "") -> Sequence[Journey]:
    """Read who walks which beat: all of the sellers that somebody sees whole, else one's own."""
    table = journey.c
    query = (
        select(
            *(table.id, user_account.c.name, table.beat_id, table.weekdays, table.every_weeks),
            *(table.from_day, table.until_day, table.classes, beat.c.seller_id),
        )
        .join(user_account, user_account.c.id == table.user_id)
        .join(beat, beat.c.id == table.beat_id)
        .where(beat.c.active, visible(scope, seller=beat.c.seller_id))
        .order_by(table.from_day, table.id)
    )
    if not scope.sees_sellers:
        query = query.where(table.user_id == scope.user)
    if walker:
        query = query.where(user_account.c.name == walker)
    return [
        Journey(*row[:7], read_classes(row.classes), row.seller_id)
        for row in connection.execute(query)
    ]


def _stops(connection: Connection, beats: set[int]) -> Mapping[int, Sequence[Stop]]:
    found: dict[int, list[Stop]] = {}
    if not beats:
        return found
    query = (
        select(_STOP.beat_id, _STOP.party_id, _STOP.place, _STOP.from_day, _STOP.until_day)
        .add_columns(_STOP.outlet_class, party.c.geo)
        .join(party, party.c.id == _STOP.party_id)
        .where(_STOP.beat_id.in_(sorted(beats)))
    )
    for row in connection.execute(query.order_by(_STOP.place, _STOP.id)):
        found.setdefault(row.beat_id, []).append(Stop(*row))
    return found
