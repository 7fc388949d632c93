"""Beats, their outlets and who walks them, written in a given transaction with their history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from hub.base import history
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.model.beats import Journey, write_plan
from hub.desk.field.model.fields import code_at, read_classes
from hub.desk.field.store.entries import TOPIC
from hub.desk.field.tables import beat, beat_outlet, journey
from hub.desk.parties.model.customers import CustomerClassed
from hub.desk.parties.store import business_day
from hub.desk.parties.tables import HOUSE, customer_profile

_BEAT: Final = "SELECT id, code, name, active, seller_id FROM beat WHERE code = ?"
_STOPS: Final = """
SELECT o.id, p.code, o.place, o.from_day FROM beat_outlet o JOIN party p ON p.id = o.party_id
WHERE o.beat_id = ? AND (o.until_day IS NULL OR o.until_day >= ?) ORDER BY o.place, o.id
"""
_LEAVE: Final = "UPDATE beat_outlet SET until_day = ? WHERE id = ?"
_DROP: Final = "DELETE FROM beat_outlet WHERE id = ?"
_MOVE: Final = "UPDATE beat_outlet SET place = ? WHERE id = ?"
_PLAN: Final = """
SELECT u.name, j.beat_id, j.weekdays, j.every_weeks, j.from_day, j.until_day, j.classes
FROM journey j JOIN user_account u ON u.id = j.user_id WHERE j.id = ? AND j.beat_id = ?
"""
_OF_CLASS: Final = """
SELECT id, beat_id, place, from_day, until_day FROM beat_outlet
WHERE party_id = ? AND (until_day IS NULL OR until_day >= ?) ORDER BY id
"""
_CLASS: Final = "UPDATE beat_outlet SET outlet_class = ? WHERE id = ?"
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
    new = [(party, wanted[code]) for code, party in outlets if code not in there]
    classes = _classes_of(t, [party for party, _ in new])
    t.insert(
        beat_outlet,
        ("beat_id", "party_id", "place", "from_day", "outlet_class"),
        [(one.id, party, place, day, classes.get(party)) for party, place in new],
    )
    after = ", ".join(wanted)
    if before != after:
        history.record(
            t, "beat", one.code, before={"outlets": before[:500]}, after={"outlets": after[:500]}
        )


def _classes_of(t: Transaction, parties: Sequence[int]) -> dict[int, str | None]:
    """Read of which class outlets are."""
    profile = customer_profile.c
    query = select(profile.party_id, profile.outlet_class).where(profile.party_id.in_(parties))
    return {row.party_id: row.outlet_class for row in t.connection.execute(query)}


def class_stops(t: Transaction, classed: CustomerClassed) -> None:
    """Have an outlet be of another class on its beats from today on; until then it was of the old.

    A stop of 2 November that is put from `b` into `a` on the 20th ends with the 19th, and there is
    another one from the 20th in its place.
    """
    day = business_day(t)
    for number, beat_id, place, begun, until in t.rows(_OF_CLASS, (classed.party, day)):
        if _day(begun) >= day:
            t.many(_CLASS, [(classed.outlet_class, number)])
            continue
        t.many(_LEAVE, [(day - timedelta(days=1), number)])
        row = (beat_id, classed.party, place, day, _until(until), classed.outlet_class)
        columns = ("beat_id", "party_id", "place", "from_day", "until_day", "outlet_class")
        t.insert(beat_outlet, columns, [row])
    t.changed(TOPIC)


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
        "classes": ",".join(plan.classes),
        "made_by": t.actor,
        "made_at": t.at_ms,
    }
    t.connection.execute(journey.insert().values(values))
    history.record(t, "beat", one.code, before={"walked": None}, after={"walked": write_plan(plan)})


def end_journey(t: Transaction, one: LockedBeat, number: int, *, day: date) -> bool:
    """Have a person walk a beat no more after a day; False where there is no such plan."""
    found = t.rows(_PLAN, (number, one.id))
    if not found:
        return False
    user, _, weekdays, weeks, begun, until, classes = found[0]
    plan = Journey(
        *(0, user, one.id, weekdays, weeks, _day(begun), _until(until)), read_classes(classes)
    )
    if plan.until_day is not None and plan.until_day <= day:
        return False
    t.connection.execute(journey.update().where(journey.c.id == number).values(until_day=day))
    before, after = write_plan(plan), write_plan(replace(plan, until_day=day))
    history.record(t, "beat", one.code, before={"walked": before}, after={"walked": after})
    return True


def _until(value: date | str | None) -> date | None:
    return None if value is None else _day(value)
