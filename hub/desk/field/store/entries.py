"""Entries of phones written inside a given transaction: each once, whoever sends it how often."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select

from hub.base.access import Scope, visible
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction
from hub.desk.field.model.entries import Entry, Leave, VisitBegun, VisitEnded, digest_of, kind_of
from hub.desk.field.model.places import Place, judge
from hub.desk.field.store.telling import tell_of_leave_asked
from hub.desk.parties.store.tree import business_zone
from hub.desk.parties.tables import HOUSE, customer_profile, party, party_joined, party_mapping

TOPIC: Final = "field"
CLOSE: Final = "field.close_visits"
_QUARTER_MS: Final = 15 * 60_000
_SENT: Final = "SELECT user_id, digest, document, visit FROM field_entry WHERE uuid = ?"
_VISIT: Final = "SELECT visit FROM field_entry WHERE uuid = ? AND user_id = ?"
_KEEP: Final = """
INSERT INTO field_entry (uuid, user_id, kind, party_id, visit, day, at, said_at, received_at,
    digest, document, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING RETURNING uuid
"""
_BEGIN: Final = """
INSERT INTO visit (uuid, user_id, party_id, day, begun_at, verdict, distance_m, latitude, longitude,
    accuracy_m, why)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
ON CONFLICT DO NOTHING RETURNING uuid
"""
_OPEN: Final = """
SELECT uuid FROM visit WHERE user_id = ? AND party_id = ? AND day = ? AND ended_at IS NULL
"""
_END: Final = """
UPDATE visit SET outcome = ?, why = ?,
    ended_at = CASE WHEN begun_at > ? THEN begun_at ELSE CAST(? AS BIGINT) END
WHERE uuid = ? AND day = ? AND (ended_at IS NULL OR outcome = 'not_ended')
"""
_CLOSE: Final = """
UPDATE visit SET outcome = 'not_ended', ended_at = ?
WHERE user_id = ? AND day = ? AND ended_at IS NULL
"""
_DAY: Final = """
INSERT INTO attendance (user_id, day, leave, why, begun_at, latitude, longitude)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, day) DO NOTHING
"""
_AT_WORK: Final = """
UPDATE attendance SET leave = ?, begun_at = CASE WHEN begun_at IS NULL OR begun_at > ?
    THEN CAST(? AS BIGINT) ELSE begun_at END
WHERE user_id = ? AND day = ?
"""
_WORKED: Final = "SELECT day FROM attendance WHERE user_id = ? AND day = ? AND NOT leave"
_OVER: Final = """
UPDATE attendance SET ended_at = CASE WHEN ended_at IS NULL OR ended_at < ?
    THEN CAST(? AS BIGINT) ELSE ended_at END
WHERE user_id = ? AND day = ?
"""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet as far as a visit needs it: its row's id and its coordinates in millionths."""

    id: int
    latitude: int | None
    longitude: int | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry that the hub has: whose it is, what it said, and what it made."""

    user: int
    digest: str
    document: str
    visit: str | None


@dataclass(frozen=True, slots=True)
class Moments:
    """When an entry was made: by the phone's clock, in truth, and on which business day."""

    said_at: int
    at: int
    day: date


def find_sent(t: Transaction, entry: str) -> Sent | None:
    """Find an entry that was sent before."""
    found = t.rows(_SENT, (entry,))
    return Sent(*found[0]) if found else None


def find_outlet(t: Transaction, code: str, *, user: str, day: date, scope: Scope) -> Outlet | None:
    """Find an outlet that the person sees, or served on the day of the entry.

    So a visit of the morning counts, though at noon another took the outlet over. One that turned
    out to be another outlet is that one.
    """
    table = party_mapping.c
    served = select(table.party_id).where(
        table.who == user,
        table.from_day <= day,
        (table.until_day.is_(None)) | (table.until_day >= day),
    )
    is_it = func.coalesce(party_joined.c.into_id, party.c.id)
    query = (
        select(is_it, customer_profile.c.latitude, customer_profile.c.longitude)
        .outerjoin(party_joined, party_joined.c.party_id == party.c.id)
        .outerjoin(customer_profile, customer_profile.c.party_id == is_it)
        .where(party.c.code == code, party.c.code != HOUSE)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id) | party.c.id.in_(served))
    )
    row = t.connection.execute(query).first()
    return None if row is None else Outlet(row[0], row[1], row[2])


def find_visit(t: Transaction, entry: str | None, *, user: int) -> str | None:
    """Find the visit that an entry of this person began, or was taken for."""
    found = t.rows(_VISIT, (entry, user)) if entry else []
    return found[0][0] if found else None


def write_entry(
    t: Transaction,
    entry: Entry,
    *,
    user: int,
    moments: Moments,
    outlet: int | None = None,
    visit: str | None = None,
    document: str = "",
) -> bool:
    """Keep an entry; False where another transaction has kept it meanwhile."""
    digest, content = digest_of(entry), msgspec.json.encode(entry)
    when = (moments.day, moments.at, moments.said_at, t.at_ms)
    values = (entry.id, user, kind_of(entry), outlet, visit, *when, digest, document, content)
    t.changed(TOPIC)
    return bool(t.rows(_KEEP, values))


def begin_visit(
    t: Transaction, entry: VisitBegun, outlet: Outlet, *, user: int, moments: Moments
) -> str:
    """Begin a visit; where one of the person at the outlet is open on that day, it is that one."""
    judged = judge(entry.place, (outlet.latitude, outlet.longitude))
    place = entry.place if entry.place.is_known else Place()
    where = (judged.verdict, judged.distance_m, place.latitude, place.longitude)
    values = (entry.id, user, outlet.id, moments.day, moments.at, *where, place.accuracy_m)
    begun = t.rows(_BEGIN, values) or t.rows(_OPEN, (user, outlet.id, moments.day))
    _expect_close(t, user=user, day=moments.day)
    return str(begun[0][0])


def end_visit(t: Transaction, entry: VisitEnded, visit: str, *, moments: Moments) -> None:
    """End a visit; what a person ended it with first stays.

    An end of the visit's own day counts although the phone tells of it days later, when the visit
    was closed already; an end of the next day is none, as nobody knows how long the visit took.
    """
    ended = (entry.outcome, entry.why, moments.at, moments.at, visit, moments.day)
    t.many(_END, [ended])


def _expect_close(t: Transaction, *, user: int, day: date) -> None:
    """Have a person's visits of a day looked at after its midnight: once in a quarter of an hour.

    A visit that a phone tells of days later has that long to be told how it ended.
    """
    midnight = midnight_after(day, business_zone(t))
    late = (t.at_ms // _QUARTER_MS + 2) * _QUARTER_MS
    due = max(midnight, late) if t.at_ms >= midnight else midnight
    enqueue(
        t,
        CLOSE,
        f"{user}:{day}:{due}",
        payload={"user": user, "day": day.isoformat()},
        due_at_ms=due,
        by_calendar=True,
    )


def close_visits(t: Transaction, *, user: int, day: date) -> None:
    """End the visits of a person that nobody ended on a day that is over, at its midnight."""
    midnight = midnight_after(day, business_zone(t))
    if t.at_ms >= midnight and t.many(_CLOSE, [(midnight, user, day)]):
        t.changed(TOPIC)


def midnight_after(day: date, zone: ZoneInfo) -> int:
    """Give the moment at which a day ends, in Unix ms."""
    return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp() * 1_000)


def begin_day(t: Transaction, place: Place, *, user: int, moments: Moments) -> None:
    """Write that a person is at work; the earliest beginning stays, and a leave is over with it."""
    known = place if place.is_known else Place()
    made = (user, moments.day, False, "", moments.at, known.latitude, known.longitude)
    t.many(_DAY, [made])
    t.many(_AT_WORK, [(False, moments.at, moments.at, user, moments.day)])


def end_day(t: Transaction, *, user: int, moments: Moments) -> None:
    """Write that a day is over; the latest end stays. A day that was never begun has an end too."""
    t.many(_DAY, [(user, moments.day, False, "", None, None, None)])
    t.many(_OVER, [(moments.at, moments.at, user, moments.day)])


def was_at_work(t: Transaction, day: date, *, user: int) -> bool:
    """Say whether a person was at work on a day."""
    return bool(t.rows(_WORKED, (user, day)))


def take_leave(t: Transaction, entry: Leave, *, user: tuple[int, str]) -> None:
    """Write a day of leave of a user, row id and name, unless the person was at work on it.

    Whom the person reports to is told; a leave that was asked for before stays as it was.
    """
    if t.many(_DAY, [(user[0], entry.day, True, entry.why, None, None, None)]):
        tell_of_leave_asked(t, user, day=entry.day, why=entry.why)
