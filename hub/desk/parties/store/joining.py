"""New customers that are another one already, joined inside a given transaction."""

from typing import Any, Final

from hub.base import history
from hub.base.access import Scope
from hub.base.transaction import Transaction
from hub.desk.parties.model.customers import CustomerJoined
from hub.desk.parties.store.customers import TOPIC, change_customer

_INTO: Final = "SELECT into_id FROM party_joined WHERE party_id = ?"
_NEW: Final = """
SELECT asked_by FROM party_request WHERE party_id = ? AND kind = 'new' AND state = 'open'
"""
_KEEP: Final = """
INSERT INTO party_joined (party_id, into_id, why, joined_by, joined_at) VALUES (?, ?, ?, ?, ?)
"""
_FOLLOW: Final = "UPDATE party_joined SET into_id = ? WHERE into_id = ?"
_VOID: Final = """
UPDATE party_request SET state = 'void', decided_by = ?, decided_at = ?, decided_why = ?
WHERE party_id = ? AND state = 'open'
"""


def joined_into(t: Transaction, party: int) -> int | None:
    """Give the row id of the customer that one is; None where it is itself."""
    found = t.rows(_INTO, (party,))
    return int(found[0][0]) if found else None


def who_added(t: Transaction, party: int) -> str | None:
    """Name who added a customer that waits for a second person still; None where it does not."""
    found = t.rows(_NEW, (party,))
    return str(found[0][0]) if found else None


def write_joined(
    t: Transaction, one: dict[str, Any], into: dict[str, Any], *, scope: Scope, why: str
) -> None:
    """Write that a new customer is another one: it orders no more, and its requests are void.

    Who was joined with it before is that other one from now on, too: a pair never leads to another.
    """
    said = f"= {into['code']} {into['name']}"[:200]
    t.many(_FOLLOW, [(into["id"], one["id"])])
    t.many(_KEEP, [(one["id"], into["id"], why, t.actor, t.at_ms)])
    t.many(_VOID, [(t.actor, t.at_ms, said, one["id"])])
    blocked = {"status": "blocked", "status_reason": said}
    change_customer(t, one, blocked, scope=scope, why=why)
    for own, other in ((one, into), (into, one)):
        after = {"joined": other["code"]}
        history.record(t, "party", own["code"], before={"joined": ""}, after=after, why=why)
    t.say(CustomerJoined(one["id"], into["id"], into["code"], into["name"]))
    t.changed(TOPIC)
