"""Beats, their outlets and who walks them, written in a given transaction with their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hub.base import history
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.model.beats import Journey
from hub.desk.field.tables import beat, beat_outlet, journey

_BEAT: Final = "SELECT id, code, name, active FROM beat WHERE code = ?"
_STOPS: Final = """
SELECT o.id, p.code, o.place, o.from_day FROM beat_outlet o JOIN party p ON p.id = o.party_id
WHERE o.beat_id = ? AND (o.until_day IS NULL OR o.until_day >= ?) ORDER BY o.place, o.id
"""
_LEAVE: Final = "UPDATE beat_outlet SET until_day = ? WHERE id = ?"
_DROP: Final = "DELETE FROM beat_outlet WHERE id = ?"
_MOVE: Final = "UPDATE beat_outlet SET place = ? WHERE id = ?"
_USER: Final = "SELECT id FROM user_account WHERE name = ? AND active"


@dataclass(frozen=True, slots=True)
class LockedBeat:
    """A beat that is held for a change: its row's id, code, name, and whether it is walked."""

    id: int
    code: str
    name: str
    active: bool


def lock_beat(t: Transaction, code: str) -> LockedBeat | None:
    """Lock a beat by its code; None where there is none."""
    t.lock(LockRank.DOCUMENT, [f"beat:{code}"])
    found = t.rows(f"{_BEAT}{t.row_lock}", (code,))
    return LockedBeat(*found[0]) if found else None


def add_beat(t: Transaction, code: str, name: str, *, seller: int) -> int:
    """Make a beat without outlets."""
    (number,) = t.next_ids(beat, 1)
    t.insert(
        beat, ("id", "code", "name", "seller_id", "active"), [(number, code, name, seller, True)]
    )
    history.record(t, "beat", code, before={}, after={"name": name})
    return number


def change_beat(t: Transaction, one: LockedBeat, *, name: str, active: bool) -> None:
    """Give a beat another name, or have it walked no more, or again."""
    values: dict[str, history.Value] = {"name": name, "active": active}
    t.connection.execute(beat.update().where(beat.c.id == one.id).values(values))
    before: dict[str, history.Value] = {"name": one.name, "active": one.active}
    history.record(t, "beat", one.code, before=before, after=values)


def stops_of(t: Transaction, number: int, *, day: date) -> Sequence[str]:
    """Give the codes of the outlets that are on a beat from a day on, in the order of the way."""
    return [row[1] for row in t.rows(_STOPS, (number, day))]


def set_stops(
    t: Transaction, one: LockedBeat, outlets: Sequence[tuple[str, int]], *, day: date
) -> None:
    """Have just these outlets on a beat from a day on, in this order; what was before stays known.

    Each outlet is its code and its row's id.
    """
    there = {row[1]: (row[0], row[3]) for row in t.rows(_STOPS, (one.id, day))}
    before = ", ".join(stops_of(t, one.id, day=day))
    wanted = {code: place for place, (code, _) in enumerate(outlets, start=1)}
    gone = [found for code, found in there.items() if code not in wanted]
    ended = day - timedelta(days=1)
    t.many(_LEAVE, [(ended, number) for number, begun in gone if _day(begun) <= ended])
    t.many(_DROP, [(number,) for number, begun in gone if _day(begun) > ended])
    t.many(_MOVE, [(place, there[code][0]) for code, place in wanted.items() if code in there])
    new = [(one.id, party, wanted[code], day) for code, party in outlets if code not in there]
    t.insert(beat_outlet, ("beat_id", "party_id", "place", "from_day"), new)
    after = ", ".join(wanted)
    if before != after:
        history.record(
            t, "beat", one.code, before={"outlets": before[:500]}, after={"outlets": after[:500]}
        )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def find_user(t: Transaction, name: str) -> int | None:
    """Give the row's id of an active user."""
    found = t.rows(_USER, (name,))
    return int(found[0][0]) if found else None


def add_journey(t: Transaction, plan: Journey, *, user: int) -> None:
    """Have a person walk a beat."""
    values = {
        "user_id": user,
        "beat_id": plan.beat,
        "weekdays": plan.weekdays,
        "every_weeks": plan.every_weeks,
        "from_day": plan.from_day,
        "until_day": plan.until_day,
        "made_by": t.actor,
        "made_at": t.at_ms,
    }
    t.connection.execute(journey.insert().values(values))


def end_journey(t: Transaction, number: int, *, beat_id: int, day: date) -> bool:
    """Have a person walk a beat no more after a day; False where there is no such plan."""
    own = (journey.c.id == number) & (journey.c.beat_id == beat_id)
    still = journey.c.until_day.is_(None) | (journey.c.until_day > day)
    ended = journey.update().where(own, still).values(until_day=day)
    return t.connection.execute(ended).rowcount > 0
