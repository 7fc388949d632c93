"""The rules of notices that a new hub has, until its people say otherwise."""

from typing import Final

from sqlalchemy import Connection, insert

from hub.desk.notices.model import Event
from hub.desk.notices.tables import notice_rule

_EIGHT_HOURS: Final = 8 * 60
_NIGHT: Final = (18 * 60, 9 * 60)
_AWAKE: Final = (None, None)
_FIRST: Final[tuple[tuple[Event, str, int, tuple[int | None, int | None]], ...]] = (
    ("order_held", "approvers", 0, _AWAKE),
    ("order_held", "manager_of_requester", _EIGHT_HOURS, _NIGHT),
    ("order_released", "requester", 0, _AWAKE),
    ("order_refused", "requester", 0, _AWAKE),
    ("back_order_filled", "requester", 0, _AWAKE),
)
"""Event, receiver, minutes of work after it, and the minutes of the day between which nobody is
told: who decides next and who asked hear of it; after eight working hours who is above who asked.
"""


def write_first_rules(connection: Connection, *, now_ms: int) -> None:
    """Put the first rules into a table that has none; nobody has made them."""
    connection.execute(
        insert(notice_rule),
        [
            {
                "event": event,
                "receiver": receiver,
                "channel": "page",
                "after": after,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "active": True,
                "made_by": "",
                "made_at": now_ms,
            }
            for event, receiver, after, (quiet_from, quiet_until) in _FIRST
        ],
    )
