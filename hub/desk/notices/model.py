"""Which people hear of which event, when, and by what: rules as data, and the hours they keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal, get_args

from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause

Event = Literal[
    "order_held", "order_released", "order_refused", "order_cancelled", "back_order_filled"
]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
Channel = Literal["page", "mail"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

APPROVERS: Final = "approvers"
REQUESTER: Final = "requester"
MANAGER: Final = "manager_of_requester"
RECEIVERS: Final = (APPROVERS, REQUESTER, MANAGER)
"""Receivers beside the roles: who decides next, who asked, and who is above who asked."""

_BY_CAUSE: Final[Mapping[Cause, Event]] = {
    "released": "order_released",
    "countered": "order_released",
    "refused": "order_refused",
    "expired": "order_refused",
    "cancelled": "order_cancelled",
    "back_ordered": "back_order_filled",
}
_SUNDAY: Final = 6
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_LONGEST_MAIL: Final = 200
MINUTES_OF_DAY: Final = 24 * 60


def event_of(cause: Cause) -> Event | None:
    """Give the event that a change of an order is; None where nobody hears of such a change."""
    return _BY_CAUSE.get(cause)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who hears of an event, by which channel: a role's name or one of `RECEIVERS`.

    `above` is from which amount on, in minor units. `after` minutes later it is told of what waits
    still: a reminder, or an escalation where the receiver is somebody higher. Between `quiet_from`
    and `quiet_until`, minutes of the day, and on Sundays nothing is told and no minute counts.
    """

    id: int
    event: Event
    receiver: str
    channel: Channel
    above: int | None = None
    after: int = 0
    quiet_from: int | None = None
    quiet_until: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it is shown; `to` is who was told, `revision` that of the order at the event."""

    id: int
    event: str
    uuid: str
    number: str
    customer: str
    scale: int
    reasons: tuple[Reason, ...]
    to: str
    channel: str
    at: int
    sent_at: int | None
    read_at: int | None
    failed: str | None
    revision: int


def due_of(rule: Rule, now: datetime) -> datetime:
    """Give when a rule tells of what happens now, where the distributor is.

    With quiet hours from 18:00 to 9:00, what happens on Saturday at 17:00 and is told after two
    hours is told on Monday at 10:00.
    """
    left = timedelta(minutes=rule.after)
    if rule.quiet_from is None or rule.quiet_until is None:
        return now + left
    moment = now
    while True:
        opens, closes = (_at(moment, minutes) for minutes in (rule.quiet_until, rule.quiet_from))
        if moment.weekday() != _SUNDAY and moment < closes:
            moment = max(moment, opens)
            if moment + left <= closes:
                return moment + left
            left -= closes - moment
        moment = _at(moment + timedelta(days=1), rule.quiet_until)


def _at(day: datetime, minutes: int) -> datetime:
    return datetime.combine(day.date(), time(minutes // 60, minutes % 60), day.tzinfo)


def is_mail(text: str) -> bool:
    """Say whether a text is an address of mail: one @ with something on either side, no blanks."""
    return bool(_MAIL.fullmatch(text)) and len(text) <= _LONGEST_MAIL


def has_hours(quiet_from: int | None, quiet_until: int | None) -> bool:
    """Say whether hours may be quiet so: both or none, and some of the day is left between them."""
    if quiet_from is None or quiet_until is None:
        return quiet_from == quiet_until
    return 0 <= quiet_until < quiet_from < MINUTES_OF_DAY
