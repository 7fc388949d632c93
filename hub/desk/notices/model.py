"""Which people hear of which event, when, and by what: rules as data, and the hours they keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause
from hub.desk.workdays.model import Workdays

Event = Literal[
    "order_held",
    "order_released",
    "order_refused",
    "order_cancelled",
    "back_order_filled",
    "order_dispatched",
    "order_delivered",
    "cheque_returned",
]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
PersonEvent = Literal[
    "task_given",
    "task_done",
    "leave_asked",
    "leave_granted",
    "leave_refused",
    "outlet_joined",
    "files_ready",
    "files_failed",
]
PERSON_EVENTS: Final[tuple[PersonEvent, ...]] = get_args(PersonEvent)
"""What is told to one person because of that person's own work, and to nobody by a rule."""
Channel = Literal["page", "mail"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
Gather = Literal["at_once", "hour", "day"]
"""When mails go: each at once, or all of an hour or of a day together."""
GATHERS: Final[tuple[Gather, ...]] = get_args(Gather)
MOST_DEVICES: Final = 10
"""Devices of one person at most that show notices by themselves."""
_LONGEST_ENDPOINT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Device:
    """A phone or a browser: where its push service is, and its keys in base64url."""

    endpoint: str
    point: str
    secret: str

    @property
    def is_address(self) -> bool:
        """Say whether the endpoint can be posted to: an address with a host, of one line."""
        text = self.endpoint
        if len(text) > _LONGEST_ENDPOINT or not (text.isascii() and text.isprintable()):
            return False
        try:
            parts = urlsplit(text)
            host = parts.port is None or bool(parts.port)
        except ValueError:
            return False
        return host and parts.scheme in {"http", "https"} and bool(parts.hostname)


Unsent = Literal["no right any more", "no address", "no mail host", "decided meanwhile"]
UNSENT: Final[tuple[Unsent, ...]] = get_args(Unsent)
"""Why a mail was not sent, as it is written down."""

APPROVERS: Final = "approvers"
REQUESTER: Final = "requester"
MANAGER: Final = "manager_of_requester"
CUSTOMER: Final = "customer"
RECEIVERS: Final = (APPROVERS, REQUESTER, MANAGER, CUSTOMER)
"""Receivers beside the roles: who decides next, who asked, who is above who asked, and the customer
whose order it is."""

_BY_CAUSE: Final[Mapping[Cause, Event]] = {
    "released": "order_released",
    "countered": "order_released",
    "refused": "order_refused",
    "expired": "order_refused",
    "cancelled": "order_cancelled",
    "back_ordered": "back_order_filled",
    "dispatched": "order_dispatched",
    "delivered": "order_delivered",
    "cheque_returned": "cheque_returned",
}
USUAL_DAYS: Final = Workdays()
"""Monday to Saturday: the working days of whoever said nothing else."""
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_LONGEST_MAIL: Final = 200
MINUTES_OF_DAY: Final = 24 * 60
MOST_AFTER_HOURS: Final = 24 * 30
Faulty = Literal["choice", "hours", "after", "customer", "gather", "gather_at"]
FAULTS: Final[tuple[Faulty, ...]] = get_args(Faulty)


def event_of(cause: Cause) -> Event | None:
    """Give the event that a change of an order is; None where nobody hears of such a change."""
    return _BY_CAUSE.get(cause)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who hears of an event, by which channel: a role's name or one of `RECEIVERS`.

    `above` is from which amount on, in minor units. `after` minutes later it is told of what waits
    still: a reminder, or an escalation where the receiver is somebody higher. Between `quiet_from`
    and `quiet_until`, minutes of the day, and on days that are not worked nothing is told and no
    minute counts.
    Mails that `gather` go together, once a day at the minute `gather_at`, or with each full hour.
    """

    id: int
    event: Event
    receiver: str
    channel: Channel
    above: int | None = None
    after: int = 0
    quiet_from: int | None = None
    quiet_until: int | None = None
    gather: Gather = "at_once"
    gather_at: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it is shown; `to` is who was told, `revision` that of the order at the event.

    `gather_at` is when it goes with others, `address` where its mail went.
    """

    id: int
    event: str
    uuid: str
    number: str
    customer: str
    currency: str
    scale: int
    reasons: tuple[Reason, ...]
    to: str
    channel: str
    at: int
    sent_at: int | None
    read_at: int | None
    failed: str | None
    gather_at: int | None
    address: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class PersonNotice:
    """What one person is told of their own work: a task of an outlet, or a day of leave.

    `about` names the task or the leave, and `key` what happened to it: told again under it, nothing
    is told twice. `subject` is the outlet, or who asks for leave; `day` is by when a task is done,
    or the day of leave; `text` what was complained of, or why. `address` is the page that it leads
    to.
    """

    key: str
    about: str
    event: PersonEvent
    subject: str
    day: date
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class PersonNoticeRow:
    """A notice to one person as it is shown: when it was told, and when it was read."""

    id: int
    notice: PersonNotice
    at: int
    read_at: int | None


def due_of(rule: Rule, now: datetime, days: Workdays = USUAL_DAYS) -> datetime:
    """Give when a rule tells of what happens now, where the distributor is.

    With quiet hours from 18:00 to 9:00, what happens on Saturday at 17:00 and is told after two
    hours is told on Monday at 10:00; on Tuesday, where Monday is a holiday of `days`.
    """
    left = timedelta(minutes=rule.after)
    if rule.quiet_from is None or rule.quiet_until is None:
        return now + left
    moment = now
    while True:
        opens, closes = (_at(moment, minutes) for minutes in (rule.quiet_until, rule.quiet_from))
        if days.is_worked(moment.date()) and moment < closes:
            moment = max(moment, opens)
            if moment + left <= closes:
                return moment + left
            left -= closes - moment
        moment = _at(moment + timedelta(days=1), rule.quiet_until)


def slot_of(rule: Rule, now: datetime, days: Workdays = USUAL_DAYS) -> datetime | None:
    """Give when a mail of now goes with others; None where it goes at once.

    What gathers for a day until 17:00 and happens at 17:00 goes the next day, and what happens on
    Saturday at 20:00 with quiet hours from 18:00 to 9:00 goes on Monday at 9:00 or later.
    """
    if rule.gather == "at_once":
        return None
    if rule.gather == "hour" or rule.gather_at is None:
        slot = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        slot = _at(now, rule.gather_at)
        if slot <= now:
            slot = _at(now + timedelta(days=1), rule.gather_at)
    return due_of(replace(rule, after=0), slot, days)


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


def fault_of(rule: Rule) -> Faulty | None:
    """Say what is wrong with a rule, None where it can be kept.

    A customer has no page here, and what stands on a page has gathered there anyway.
    """
    at, mails = rule.gather_at, rule.channel == "mail"
    known = rule.event in EVENTS and rule.channel in CHANNELS and rule.gather in GATHERS
    timed = (rule.gather == "day") == (at is not None) and 0 <= (at or 0) < MINUTES_OF_DAY
    checks: tuple[tuple[Faulty, bool], ...] = (
        ("choice", known),
        ("hours", has_hours(rule.quiet_from, rule.quiet_until)),
        ("after", 0 <= rule.after <= MOST_AFTER_HOURS * 60),
        ("customer", rule.receiver != CUSTOMER or mails),
        ("gather", rule.gather == "at_once" or mails),
        ("gather_at", timed),
    )
    return next((fault for fault, right in checks if not right), None)


_MOST_DIGITS: Final = 9


def read_minutes(typed: str) -> int | None:
    """Read `18:00` as minutes of the day; -1, which no day has, for what is no time."""
    if not typed.strip():
        return None
    hours, _, minutes = typed.strip().partition(":")
    parts = (hours, minutes or "0")
    right = all(one.isascii() and one.isdigit() and len(one) <= _MOST_DIGITS for one in parts)
    if not right or int(minutes or "0") >= 60:  # noqa: PLR2004  # minutes of an hour
        return -1
    found = int(hours) * 60 + int(minutes or "0")
    return found if found < MINUTES_OF_DAY else -1
