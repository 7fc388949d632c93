"""Beats, their outlets and who walks them, written in a given transaction with their history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from hub.base import history
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.model.beats import Journey
from hub.desk.field.model.fields import code_at
from hub.desk.field.tables import beat, beat_outlet, journey
from hub.desk.parties.tables import HOUSE
from hub.desk.workdays.model import WEEKDAYS

_BEAT: Final = "SELECT id, code, name, active, seller_id FROM beat WHERE code = ?"
_STOPS: Final = """
SELECT o.id, p.code, o.place, o.from_day FROM beat_outlet o JOIN party p ON p.id = o.party_id
WHERE o.beat_id = ? AND (o.until_day IS NULL OR o.until_day >= ?) ORDER BY o.place, o.id
"""
_LEAVE: Final = "UPDATE beat_outlet SET until_day = ? WHERE id = ?"
_DROP: Final = "DELETE FROM beat_outlet WHERE id = ?"
_MOVE: Final = "UPDATE beat_outlet SET place = ? WHERE id = ?"
_PLAN: Final = """
SELECT u.name, j.beat_id, j.weekdays, j.every_weeks, j.from_day, j.until_day
FROM journey j JOIN user_account u ON u.id = j.user_id WHERE j.id = ? AND j.beat_id = ?
"""
_SELLER: Final = "SELECT code FROM party WHERE id = ?"
_USER: Final = "SELECT id FROM user_account WHERE name = ? AND active"


@dataclass(frozen=True, slots=True)
class LockedBeat:
    """A beat that is held for a change; `active` says that it is walked."""

    id: int
    code: str
    name: str
    active: bool
    seller: int


def code_for(t: Transaction, code: str, *, seller: int) -> str:
    """Give the code that a beat or survey of a seller is kept under, of the chosen one."""
    ((named,),) = t.rows(_SELLER, (seller,))
    return code_at(code, "" if named == HOUSE else named)


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


def add_journey(t: Transaction, one: LockedBeat, plan: Journey, *, user: int) -> None:
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
    history.record(t, "beat", one.code, before={"walked": None}, after={"walked": _shown(plan)})


def end_journey(t: Transaction, one: LockedBeat, number: int, *, day: date) -> bool:
    """Have a person walk a beat no more after a day; False where there is no such plan."""
    found = t.rows(_PLAN, (number, one.id))
    if not found:
        return False
    user, _, weekdays, weeks, begun, until = found[0]
    plan = Journey(
        *(0, user, one.id, weekdays, weeks), from_day=_day(begun), until_day=_until(until)
    )
    if plan.until_day is not None and plan.until_day <= day:
        return False
    t.connection.execute(journey.update().where(journey.c.id == number).values(until_day=day))
    before, after = _shown(plan), _shown(replace(plan, until_day=day))
    history.record(t, "beat", one.code, before={"walked": before}, after={"walked": after})
    return True


def _until(value: date | str | None) -> date | None:
    return None if value is None else _day(value)


def _shown(plan: Journey) -> str:
    """Write a plan as the history has it: `ravi 1,4 /2 2026-11-02..`."""
    days = ",".join(str(one + 1) for one in range(WEEKDAYS) if plan.weekdays >> one & 1)
    until = plan.until_day.isoformat() if plan.until_day else ""
    return f"{plan.user} {days} /{plan.every_weeks} {plan.from_day.isoformat()}..{until}"
