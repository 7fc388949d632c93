"""What the field keeps of a shop that turned out to be another one, in a given transaction."""

from typing import Final

from hub.base.transaction import Transaction
from hub.desk.field.store.entries import TOPIC
from hub.desk.field.store.telling import tell_of_joined
from hub.desk.field.tables import (
    beat_outlet,
    field_entry,
    interaction,
    survey_answer,
    visit,
    visit_missed,
)
from hub.desk.parties.model.customers import CustomerJoined

_MOVED: Final = (visit, interaction, survey_answer, visit_missed, field_entry, beat_outlet)
_CLOSE_BOTH: Final = """
UPDATE visit SET outcome = 'not_ended', ended_at = begun_at
WHERE party_id = ? AND ended_at IS NULL AND EXISTS (
    SELECT 1 FROM visit other WHERE other.party_id = ? AND other.user_id = visit.user_id
        AND other.day = visit.day AND other.ended_at IS NULL)
"""
_SAID_TWICE: Final = """
DELETE FROM visit_missed WHERE party_id = ? AND EXISTS (
    SELECT 1 FROM visit_missed other WHERE other.party_id = ?
        AND other.user_id = visit_missed.user_id AND other.day = visit_missed.day)
"""
_ON_BOTH: Final = """
DELETE FROM beat_outlet WHERE party_id = ? AND EXISTS (
    SELECT 1 FROM beat_outlet other WHERE other.party_id = ?
        AND other.beat_id = beat_outlet.beat_id
        AND (other.until_day IS NULL OR other.until_day >= beat_outlet.from_day)
        AND (beat_outlet.until_day IS NULL OR beat_outlet.until_day >= other.from_day))
"""
_CLASS: Final = """
UPDATE beat_outlet SET outlet_class = (SELECT outlet_class FROM customer_profile WHERE party_id = ?)
WHERE party_id = ? AND until_day IS NULL
"""
_FINDERS: Final = """
SELECT DISTINCT u.id FROM user_account u JOIN party_mapping m ON m.who = u.name
WHERE m.party_id = ? AND m.role = 'rep' AND u.active
"""


def move_to(t: Transaction, joined: CustomerJoined) -> None:
    """Have all visits and all that was seen be of the shop that stays; tell who found the other.

    A person's day at a shop stays one: of two open visits the one of the shop that goes is over,
    of two reasons for no visit that of the shop that stays counts. On a beat that both were on at
    the same time the shop that stays keeps its place; where it had left the beat before, it is on
    it again.
    """
    pair = (joined.party, joined.into)
    for statement in (_CLOSE_BOTH, _SAID_TWICE, _ON_BOTH):
        t.many(statement, [pair])
    for table in _MOVED:
        own = table.c.party_id == joined.party
        t.connection.execute(table.update().where(own).values(party_id=joined.into))
    t.many(_CLASS, [(joined.into, joined.into)])
    for (user,) in t.rows(_FINDERS, (joined.party,)):
        tell_of_joined(t, int(user), joined)
    t.changed(TOPIC)
