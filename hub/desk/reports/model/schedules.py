"""When a report is sent again: each day, each Monday or on each first of a month, at an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from hub.desk.reports.model.addressed import query_of
from hub.desk.reports.model.requests import ReportRequest

Every = Literal["day", "week", "month"]
EVERY: Final = ("day", "week", "month")
FILES: Final = ("xlsx", "csv", "pdf")
_HOURS: Final = 24
Failure = Literal["no_right", "no_address", "no_host", "too_large", "unanswered"]
"""Why a mail was not even tried; of one that was, what the mail server or the network said."""
FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A report that somebody has sent; `hour` is of the seller's day, 0 to 23.

    `failed` is a Failure, or the words of the server that did not take the last mail.
    """

    id: int
    owner: str
    name: str
    report: str
    query: str
    file: str
    every: Every
    hour: int
    active: bool
    next_at: int
    sent_at: int | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a report is sent: under which name, as which file, how often and at which hour."""

    name: str
    file: str
    every: Every
    hour: int

    @property
    def is_sound(self) -> bool:
        """Say whether a mail can be sent so."""
        is_named = bool(self.name.strip()) and self.file in FILES and self.every in EVERY
        return is_named and 0 <= self.hour < _HOURS


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule by its number; `is_new` says that its owner had no such one before."""

    number: int
    is_new: bool


def schedule_of(owner: str, request: ReportRequest, sent: Delivery) -> Schedule:
    """Make a schedule of a report that is to be sent to its owner; a word of days stays a word."""
    query = urlencode(query_of(request))
    return Schedule(
        *(0, owner, sent.name, request.report, query, sent.file, sent.every, sent.hour),
        active=True,
        next_at=0,
    )


def next_ms(every: Every, hour: int, *, after_ms: int, zone: ZoneInfo) -> int:
    """Give the next instant of a schedule, in Unix ms, later than `after_ms`.

    Each day at 8, asked on Sunday 29 November at 9:00, is Monday at 8:00; each month is 1 December.
    """
    now = datetime.fromtimestamp(after_ms / 1_000, zone)
    day = now.date()
    while True:
        fits = every == "day" or (day.weekday() == 0 if every == "week" else day.day == 1)
        due = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
        if fits and due > now:
            return int(due.timestamp() * 1_000)
        day += timedelta(days=1)
