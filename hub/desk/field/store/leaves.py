"""Leave that people ask for, decided in a given transaction with its history."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.base import history
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.store.entries import TOPIC
from hub.desk.field.store.telling import tell_of_leave
from hub.desk.field.tables import attendance

LEAVE: Final = "leave"
"""What the history of a day of leave is kept under, as `ravi 2026-11-23`."""
_FIND: Final = "SELECT granted FROM attendance WHERE user_id = ? AND day = ? AND leave"


@dataclass(frozen=True, slots=True)
class LockedLeave:
    """A day of leave that is held for a decision; `granted` is what was decided before."""

    user_id: int
    user: str
    day: date
    granted: bool | None


def lock_leave(t: Transaction, user_id: int, user: str, *, day: date) -> LockedLeave | None:
    """Lock a day of leave; None where the person asked for none on that day."""
    t.lock(LockRank.DOCUMENT, [f"leave:{user_id}:{day.isoformat()}"])
    found = t.rows(f"{_FIND}{t.row_lock}", (user_id, day))
    if not found:
        return None
    return LockedLeave(user_id, user, day, None if found[0][0] is None else bool(found[0][0]))


def decide_leave(t: Transaction, one: LockedLeave, *, granted: bool, why: str) -> None:
    """Write that a day of leave is granted, or refused."""
    own = (attendance.c.user_id == one.user_id) & (attendance.c.day == one.day)
    decided = attendance.update().where(own)
    t.connection.execute(decided.values(granted=granted, decided_by=t.actor, decided_at=t.at_ms))
    ref = f"{one.user} {one.day.isoformat()}"
    before, after = {"granted": one.granted}, {"granted": granted}
    history.record(t, LEAVE, ref, before=before, after=after, why=why)
    tell_of_leave(t, one.user_id, day=one.day, granted=granted, why=why)
    t.changed(TOPIC)
