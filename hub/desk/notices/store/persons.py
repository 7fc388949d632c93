"""What one person is told of their own work, and what is over by itself, in a given transaction."""

from typing import Final

from hub.base.jobs.rows import enqueue
from hub.base.transaction import Transaction
from hub.desk.notices.model import PersonNotice
from hub.desk.notices.store.devices import PUSH, devices_of
from hub.desk.notices.store.notices import TOPIC

_KEEP: Final = """
INSERT INTO person_notice (key, about, user_id, event, subject, day, text, address, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""
_OVER: Final = "UPDATE person_notice SET read_at = ? WHERE about = ? AND read_at IS NULL"
_LONGEST: Final = 200


def tell_person(t: Transaction, one: PersonNotice, *, user: int) -> None:
    """Tell a person, on the page and on each of the person's devices; once for each key."""
    said = (one.event, one.subject[:_LONGEST], one.day, one.text, one.address)
    made = t.rows(_KEEP, (one.key, one.about, user, *said, t.at_ms))
    if not made:
        return
    number = int(made[0][0])
    for device in devices_of(t, user=user):
        payload = {"person_notice": number, "device": device}
        enqueue(t, PUSH, f"person:{number}:{device}", payload=payload, due_at_ms=t.at_ms)
    t.changed(TOPIC)


def end_notices(t: Transaction, about: str) -> None:
    """Count as read what nobody has to hear of any more: a task that is done, or another's."""
    if t.many(_OVER, [(t.at_ms, about)]):
        t.changed(TOPIC)
