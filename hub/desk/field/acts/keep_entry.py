"""Keep one entry that a phone sent, with the visit, the day, the outlet or the task it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from hub.base import fields
from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import LockRank, StoringError, Transaction, Transactions
from hub.desk.field.model.entries import (
    Brought,
    Collected,
    Complained,
    DayBegun,
    DayEnded,
    Entry,
    GoodsBack,
    Kept,
    Leave,
    Noted,
    Ordered,
    OutletAdded,
    OutletChanged,
    PriceSeen,
    StockSeen,
    Surveyed,
    TaskDone,
    VisitBegun,
    VisitEnded,
    VisitMissed,
    code_of_new,
    digest_of,
    moment_of,
)
from hub.desk.field.store import entries as store
from hub.desk.field.store import interactions, outlets, surveys
from hub.desk.field.store.bringing import find_brought_to
from hub.desk.parties.model.days import FURTHEST_DAYS
from hub.desk.parties.store.tree import business_zone

_OF_OUTLET: Final = (
    *(VisitBegun, VisitMissed, Noted, Complained, StockSeen, PriceSeen, GoodsBack),
    *(OutletChanged, Surveyed, Ordered, Collected),
)
_IN_VISIT: Final = (
    VisitEnded,
    Noted,
    Complained,
    StockSeen,
    PriceSeen,
    GoodsBack,
    Surveyed,
    Ordered,
    Collected,
)
_INTERACTIONS: Final = (Noted, Complained, StockSeen, PriceSeen, GoodsBack)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an entry is of: its outlet, its visit, and the fields that wait for a second person."""

    outlet: store.Outlet | None = None
    visit: str | None = None
    document: str = ""
    waiting: tuple[str, ...] = ()


@dataclass(slots=True)
class KeepEntry:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, entry: Entry, *, by: Session, sent_at_ms: int, document: str = ""
    ) -> Kept | Refused:
        """Keep an entry; sent twice, it is one. `document` is what another act made of it.

        An id under which something else was kept, or of another person, is refused.
        """
        (done,) = self.all([(entry, document)], by=by, sent_at_ms=sent_at_ms)
        return done

    def all(
        self, entries: Sequence[tuple[Entry, str]], *, by: Session, sent_at_ms: int
    ) -> Sequence[Kept | Refused]:
        """Keep entries in one transaction, each by itself: what is refused takes none along.

        Twenty of a phone's upload cost one wait for the disk, not twenty.
        """
        now_ms = self.clock.now_ms()
        answers: list[Kept | Refused] = []
        with self.transactions.open(actor=by.user, at_ms=now_ms) as t:
            t.lock(LockRank.SOURCE, [entry.id for entry, _ in entries])
            zone = business_zone(t)
            for entry, document in entries:
                at = moment_of(entry.at, sent_at_ms=sent_at_ms, now_ms=now_ms)
                day = datetime.fromtimestamp(at / 1_000, zone).date()
                moments = store.Moments(entry.at, at, day)
                answers.append(_keep_alone(t, entry, by=by, moments=moments, document=document))
            t.commit()
        return answers

    def find(self, entry: Entry, *, by: Session) -> Kept | Refused | None:
        """Find what became of an entry that was sent before; None where the hub has none such."""
        with self.transactions.reading() as t:
            sent = store.find_sent(t, entry.id)
        return None if sent is None else _again(sent, entry, user=by.user_id)


class _RefusedError(Exception):
    """An entry was refused: what was written for it goes, what was before it stays."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reasons[0].code)
        self.refused: Final = refused


def _keep_alone(
    t: Transaction, entry: Entry, *, by: Session, moments: store.Moments, document: str
) -> Kept | Refused:
    """Keep one entry of several, or undo what was written for it; raises what made it fail."""
    sent = store.find_sent(t, entry.id)
    if sent is not None:
        return _again(sent, entry, user=by.user_id)
    try:
        with t.part():
            done = _write(t, entry, by=by, moments=moments, document=document)
            if isinstance(done, Refused):
                raise _RefusedError(done)
    except StoringError as error:
        if isinstance(error.__cause__, _RefusedError):
            return error.__cause__.refused
        raise
    return done


def _again(sent: store.Sent, entry: Entry, *, user: int) -> Kept | Refused:
    if (sent.user, sent.digest) != (user, digest_of(entry)):
        return refused("entry_used", entry=entry.id)
    return Kept("kept", sent.document or sent.visit or "", again=True)


def _write(
    t: Transaction, entry: Entry, *, by: Session, moments: store.Moments, document: str
) -> Kept | Refused:
    found = _look_up(t, entry, by=by, day=moments.day)
    if isinstance(found, _Found):
        found = _apply(t, entry, found, by=by, moments=moments)
    if isinstance(found, Refused):
        return found
    document = document or found.document
    written = store.write_entry(
        t,
        entry,
        user=by.user_id,
        moments=moments,
        outlet=found.outlet.id if found.outlet else None,
        visit=found.visit,
        document=document,
    )
    if not written:
        # Another transaction has kept it since we looked: what it made is there, ours is not.
        return _kept_meanwhile(t, entry, user=by.user_id)
    _write_what_was_seen(t, entry, found, by=by, moments=moments)
    return Kept("kept", document or found.visit or "", waiting=found.waiting)


def _look_up(t: Transaction, entry: Entry, *, by: Session, day: date) -> _Found | Refused:
    """Find the outlet and the visit that an entry names, and see that its other words are known."""
    outlet, visit = _find_outlet(t, entry, by=by, day=day), None
    if isinstance(outlet, Refused):
        return outlet
    if isinstance(entry, _IN_VISIT):
        visit = store.find_visit(t, entry.visit, user=by.user_id)
        if visit is None and isinstance(entry, VisitEnded):
            return refused("visit_unknown", field="visit", visit=entry.visit)
    if isinstance(entry, Leave) and abs((entry.day - day).days) > FURTHEST_DAYS:
        return refused("leave_day", field="day", day=entry.day.isoformat())
    if isinstance(entry, Leave) and store.was_at_work(t, entry.day, user=by.user_id):
        return refused("leave_worked", field="day", day=entry.day.isoformat())
    if isinstance(entry, Complained) and abs((entry.due - day).days) > FURTHEST_DAYS:
        return refused("task_day", field="due", day=entry.due.isoformat())
    fault = None
    if isinstance(entry, Surveyed):
        fault = surveys.check_survey(t, entry, day=day, scope=by.scope)
    elif isinstance(entry, _INTERACTIONS):
        fault = interactions.check_interaction(t, entry)
    return fault or _Found(outlet, visit)


def _find_outlet(
    t: Transaction, entry: Entry, *, by: Session, day: date
) -> store.Outlet | Refused | None:
    """Find the outlet that an entry is of; None for one that is of none."""
    if isinstance(entry, Brought):
        outlet = find_brought_to(t, entry.delivery, scope=by.scope)
        return outlet or refused("delivery_unknown", delivery=entry.delivery)
    if isinstance(entry, _OF_OUTLET):
        outlet = store.find_outlet(t, entry.outlet, user=by.user, day=day, scope=by.scope)
        return outlet or refused("outlet_unknown", field="outlet", outlet=entry.outlet)
    return None


def _apply(
    t: Transaction, entry: Entry, found: _Found, *, by: Session, moments: store.Moments
) -> _Found | Refused:
    """Write what stands before an entry: the day, the visit, the outlet, or the task's end."""
    user, outlet, visit = by.user_id, found.outlet, found.visit
    match entry:
        case Leave():
            store.take_leave(t, entry, user=(user, by.user))
        case DayBegun(place=place):
            store.begin_day(t, place, user=user, moments=moments)
        case DayEnded():
            store.end_day(t, user=user, moments=moments)
        case VisitBegun() if outlet is not None:
            begun = store.begin_visit(t, entry, outlet, user=user, moments=moments)
            return _Found(outlet, begun)
        case VisitEnded() if visit is not None:
            store.end_visit(t, entry, visit, moments=moments)
        case OutletAdded():
            added = outlets.add_outlet(t, entry, user=by.user, scope=by.scope)
            return _added(t, entry, added, by=by, day=moments.day)
        case OutletChanged():
            changed = outlets.change_outlet(t, entry, scope=by.scope)
            if isinstance(changed, Refused):
                return changed
            return _Found(outlet, waiting=changed.waiting)
        case TaskDone():
            return _end_task(t, entry, by=by)
        case _:
            pass
    return found


def _added(
    t: Transaction,
    entry: OutletAdded,
    added: fields.Kept | Refused,
    *,
    by: Session,
    day: date,
) -> _Found | Refused:
    if isinstance(added, Refused):
        return added
    code = code_of_new(entry.id)
    outlet = store.find_outlet(t, code, user=by.user, day=day, scope=by.scope)
    return _Found(outlet, document=code, waiting=("new",))


def _end_task(t: Transaction, entry: TaskDone, *, by: Session) -> _Found | Refused:
    """Write that a task is done; one that was done meanwhile stays as it was."""
    task = interactions.lock_task(t, entry.task, scope=by.scope)
    if task is None:
        return refused("task_unknown", task=entry.task)
    if task.done_at is None:
        owner = (task.owner_id, task.owner)
        interactions.settle_task(t, task, owner=owner, due=task.due_day, done=True, why=entry.why)
    return _Found(document=task.uuid)


def _write_what_was_seen(
    t: Transaction, entry: Entry, found: _Found, *, by: Session, moments: store.Moments
) -> None:
    """Write what points to the entry, which is there by now."""
    if found.outlet is None:
        return
    if isinstance(entry, _INTERACTIONS):
        interactions.write_interaction(
            t,
            entry,
            user=(by.user_id, by.user),
            outlet=found.outlet,
            visit=found.visit,
            moments=moments,
        )
    elif isinstance(entry, VisitMissed):
        interactions.write_missed(t, entry, user=by.user_id, outlet=found.outlet, day=moments.day)
    elif isinstance(entry, Surveyed):
        surveys.write_answers(
            t,
            entry,
            user=by.user_id,
            outlet=found.outlet.id,
            day=moments.day,
            scope=by.scope,
        )


def _kept_meanwhile(t: Transaction, entry: Entry, *, user: int) -> Kept | Refused:
    sent = store.find_sent(t, entry.id)
    return refused("entry_used", entry=entry.id) if sent is None else _again(sent, entry, user=user)
