"""Writes schedules of reports inside a given transaction, and has their mails sent."""

from collections.abc import Sequence
from dataclasses import asdict, astuple
from typing import Final

from hub.base import history
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction
from hub.desk.reports.model.schedules import Delivery, Every, Schedule

SEND: Final = "reports.send"
"""The kind of the jobs that send a report by mail."""
_LONGEST: Final = 500
_PUT: Final = """
INSERT INTO report_schedule
    (user_id, owner, name, report, query, file, every, hour, active, next_at, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_FIND: Final = """
SELECT name, file, every, hour FROM report_schedule
WHERE id = ? AND user_id = ? AND active
"""
_OWNER: Final = "SELECT id FROM user_account WHERE id = ?"
_SAME: Final = """
SELECT id FROM report_schedule
WHERE user_id = ? AND name = ? AND report = ? AND query = ? AND file = ? AND every = ? AND hour = ?
    AND active
ORDER BY id
"""
_CHANGE: Final = """
UPDATE report_schedule SET name = ?, file = ?, every = ?, hour = ?, next_at = ? WHERE id = ?
"""
_RENAME: Final = "UPDATE report_schedule SET name = ?, file = ? WHERE id = ?"
_NOUN: Final = "report_schedule"
_END: Final = "UPDATE report_schedule SET active = ? WHERE id = ? AND user_id = ? AND active"
_WROTE: Final = """
UPDATE report_schedule SET failed = ?, sent_at = coalesce(?, sent_at), next_at = ?
WHERE id = ? AND active
"""
_PLANNED: Final = """
SELECT id, every, hour, next_at FROM report_schedule WHERE active AND next_at > ? ORDER BY id
"""
_MOVE: Final = "UPDATE report_schedule SET next_at = ? WHERE id = ? AND active AND next_at = ?"


def put_schedule(t: Transaction, one: Schedule, *, user_id: int) -> int:
    """Keep a schedule, and have its first mail sent; gives its number."""
    values = astuple(one)[1:10]
    number = int(t.rows(_PUT, (user_id, *values, t.at_ms))[0][0])
    after = asdict(Delivery(one.name, one.file, one.every, one.hour))
    history.record(t, _NOUN, number, before={}, after=after)
    _expect(t, number, one.next_at)
    return number


def find_same(t: Transaction, one: Schedule, *, user_id: int) -> int | None:
    """Give the number of the user's schedule that sends the same; None where there is none.

    The user is locked: of two who ask at once the later one finds what the other made.
    """
    lock = t.row_lock.replace("FOR UPDATE", "FOR NO KEY UPDATE")  # the user signs in meanwhile
    t.rows(f"{_OWNER}{lock}", (user_id,))
    asked = (user_id, one.name, one.report, one.query, one.file, one.every, one.hour)
    rows = t.rows(_SAME, asked)
    return int(rows[0][0]) if rows else None


def find_delivery(t: Transaction, number: int, *, user_id: int) -> Delivery | None:
    """Give how a user's schedule is sent; None where the user has none of this number."""
    rows = t.rows(_FIND, (number, user_id))
    return Delivery(*rows[0]) if rows else None


def change_delivery(
    t: Transaction, number: int, *, before: Delivery, after: Delivery, next_at: int | None
) -> None:
    """Have a schedule sent in another way; a `next_at` is a new time of its next mail."""
    if next_at is None:
        t.many(_RENAME, [(after.name, after.file, number)])
    else:
        t.many(_CHANGE, [(*astuple(after), next_at, number)])
        _expect(t, number, next_at)
    history.record(t, _NOUN, number, before=asdict(before), after=asdict(after))


def end_schedule(t: Transaction, number: int, *, user_id: int) -> bool:
    """Have a schedule send nothing any more; False where the user has none of this number."""
    ended = t.many(_END, [(False, number, user_id)]) > 0
    if ended:
        history.record(t, _NOUN, number, before={"active": True}, after={"active": False})
    return ended


def write_sent(t: Transaction, one: Schedule, *, failed: str | None, next_at: int) -> None:
    """Write down what came of a mail, and have the next one sent."""
    sent = None if failed else t.at_ms
    told = failed[:_LONGEST] if failed else None
    if t.many(_WROTE, [(told, sent, next_at, one.id)]):
        _expect(t, one.id, next_at)


def planned_after(t: Transaction, at_ms: int) -> Sequence[tuple[int, Every, int, int]]:
    """Give the schedules whose next mail is later than an instant: number, every, hour, next."""
    return [(row[0], row[1], row[2], row[3]) for row in t.rows(_PLANNED, (at_ms,))]


def move_mail(t: Transaction, number: int, *, was: int, due_ms: int) -> None:
    """Have the next mail of a schedule sent at another moment, unless another is next by now."""
    if t.many(_MOVE, [(due_ms, number, was)]):
        _expect(t, number, due_ms)


def _expect(t: Transaction, number: int, due_ms: int) -> None:
    key, payload = key_of_mail(number, due_ms), {"schedule": number}
    enqueue(t, SEND, key, payload=payload, due_at_ms=due_ms, by_calendar=True)


def key_of_mail(number: int, at_ms: int) -> str:
    """Name the mail of a schedule for a moment: the same at each attempt."""
    return f"{number}:{at_ms}"
