"""Words of notices: what is told of an event, in the receiver's language; rules as typed."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, cast

from hub.base.words import PageWords
from hub.desk.notices.model import (
    UNSENT,
    Channel,
    Event,
    Faulty,
    Gather,
    NoticeRow,
    PersonNotice,
    PersonNoticeRow,
    Rule,
    fault_of,
    read_minutes,
)
from hub.desk.orders.words import tell_reason
from hub.desk.parties.model.cells import CellError, read_amount

_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as its receiver reads it: what happened, why, and the page that it leads to."""

    line: str
    why: str
    address: str
    at: int
    unread: bool


FIELDS: Final = (
    *("event", "receiver", "channel", "above", "after", "quiet_from", "quiet_until", "gather"),
    "gather_at",
)


def tell_event(one: NoticeRow, words: PageWords) -> str:
    """Say in a line what happened: the shop's name first, then the order."""
    event = words.named("notice_event", one.event)
    return words.text("notices.line", customer=one.customer, event=event, number=one.number)


def tell_reasons(one: NoticeRow, words: PageWords, *, staff: bool) -> str:
    """Say why it happened; to a shop without what is the house's own."""
    told = [
        tell_reason(reason, one.scale, words, staff=staff, currency=one.currency)
        for reason in one.reasons
    ]
    return "; ".join(dict.fromkeys(told))


def tell_work(one: PersonNotice, words: PageWords) -> str:
    """Say in a line what a person is told of their own work: the outlet or the asker first."""
    what = words.named("person_event", one.event)
    return what.format(subject=one.subject, day=words.day(one.day))


def show_told(
    of_orders: Sequence[NoticeRow],
    of_work: Sequence[PersonNoticeRow],
    words: PageWords,
    *,
    staff: bool,
) -> Sequence[ShownNotice]:
    """List what a person was told of orders and of their own work, the newest first."""
    shown = [
        ShownNotice(
            tell_event(one, words),
            tell_reasons(one, words, staff=staff),
            f"/orders/{one.uuid}",
            one.at,
            unread=one.read_at is None,
        )
        for one in of_orders
    ]
    shown += [
        ShownNotice(
            tell_work(one.notice, words),
            one.notice.text,
            one.notice.address,
            one.at,
            unread=one.read_at is None,
        )
        for one in of_work
    ]
    return sorted(shown, key=lambda one: -one.at)


def tell_many(rows: Sequence[NoticeRow], words: PageWords) -> str:
    """Say in a line what a mail of several notices holds, the most frequent event first."""
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.event] = counts.get(one.event, 0) + 1
    ranked = sorted(counts, key=lambda event: (-counts[event], event))
    told = ", ".join(f"{counts[one]} x {words.named('notice_event', one)}" for one in ranked)
    return words.counted("notices.gathered", len(rows), told=told)


def tell_unsent(failed: str, words: PageWords) -> str:
    """Say why a mail was not sent."""
    return words.named("notice_unsent", failed.replace(" ", "_")) if failed in UNSENT else failed


def tell_state(one: NoticeRow, words: PageWords) -> str:
    """Say what became of a notice: not sent and why, sent where, on its way, read or not."""
    if one.failed:
        return words.text("notices.failed", why=tell_unsent(one.failed, words))
    if one.channel != "mail":
        return words.text("notices.unread" if one.read_at is None else "notices.read")
    if one.sent_at is not None:
        sent_to = words.text("notices.mailed_to", address=one.address or "")
        return sent_to if one.address else words.text("notices.mailed")
    return words.text("notices.gathers" if one.gather_at else "notices.on_its_way")


def write_notice(one: NoticeRow) -> dict[str, object]:
    """Write a notice for programs; times in Unix ms."""
    names = ("id", "event", "number", "customer", "to", "channel", "address", "at", "gather_at")
    told = {name: getattr(one, name) for name in (*names, "sent_at", "read_at", "failed")}
    return {**told, "order": one.uuid}


def read_rule(texts: Mapping[str, str], receivers: AbstractSet[str]) -> Rule | Faulty:
    """Read a rule as it is typed or sent: amounts in the major unit, hours, times as 18:00."""
    said = {name: texts.get(name, "").strip() for name in FIELDS}
    after, above = said["after"], said["above"]
    try:
        least = read_amount(above) if above else None
    except CellError:
        return "after"
    rule = Rule(
        *(0, cast("Event", said["event"]), said["receiver"], cast("Channel", said["channel"])),
        above=least,
        after=_read_hours(after) * 60,
        quiet_from=read_minutes(said["quiet_from"]),
        quiet_until=read_minutes(said["quiet_until"]),
        gather=cast("Gather", said["gather"] or "at_once"),
        gather_at=read_minutes(said["gather_at"]),
    )
    return "choice" if rule.receiver not in receivers else fault_of(rule) or rule


def _read_hours(typed: str) -> int:
    """Read hours as typed, none where nothing is; -1 for what is no number of a few digits."""
    right = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return int(typed) if right else -1 if typed else 0
