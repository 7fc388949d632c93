"""Keep one entry that a phone sent, with the visit or the day that it begins or ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import LockRank, Transaction, Transactions
from hub.desk.field.model.entries import (
    Collected,
    DayBegun,
    DayEnded,
    Entry,
    Kept,
    Leave,
    Noted,
    Ordered,
    VisitBegun,
    VisitEnded,
    digest_of,
    moment_of,
)
from hub.desk.field.store import entries as store
from hub.desk.parties.store.tree import business_zone

_FURTHEST_LEAVE_DAYS: Final = 366


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
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by.user, at_ms=now_ms) as t:
            t.lock(LockRank.SOURCE, [entry.id])
            sent = store.find_sent(t, entry.id)
            if sent is not None:
                return _again(sent, entry, user=by.user_id)
            at = moment_of(entry.at, sent_at_ms=sent_at_ms, now_ms=now_ms)
            day = datetime.fromtimestamp(at / 1_000, business_zone(t)).date()
            moments = store.Moments(entry.at, at, day)
            done = _write(t, entry, by=by, moments=moments, document=document)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done

    def find(self, entry: Entry, *, by: Session) -> Kept | Refused | None:
        """Find what became of an entry that was sent before; None where the hub has none such."""
        with self.transactions.reading() as t:
            sent = store.find_sent(t, entry.id)
        return None if sent is None else _again(sent, entry, user=by.user_id)


def _again(sent: store.Sent, entry: Entry, *, user: int) -> Kept | Refused:
    if (sent.user, sent.digest) != (user, digest_of(entry)):
        return refused("entry_used", entry=entry.id)
    return Kept("kept", sent.document or sent.visit or "", again=True)


def _write(
    t: Transaction, entry: Entry, *, by: Session, moments: store.Moments, document: str
) -> Kept | Refused:
    user, outlet, visit = by.user_id, None, None
    if isinstance(entry, VisitBegun | Noted | Ordered | Collected):
        outlet = store.find_outlet(t, entry.outlet, user=by.user, day=moments.day, scope=by.scope)
        if outlet is None:
            return refused("outlet_unknown", field="outlet", outlet=entry.outlet)
    if isinstance(entry, VisitEnded | Noted | Ordered | Collected):
        visit = store.find_visit(t, entry.visit, user=user)
        if visit is None and isinstance(entry, VisitEnded):
            return refused("visit_unknown", field="visit", visit=entry.visit)
    if isinstance(entry, Leave) and abs((entry.day - moments.day).days) > _FURTHEST_LEAVE_DAYS:
        return refused("leave_day", field="day", day=entry.day.isoformat())
    visit = _apply(t, entry, user=user, outlet=outlet, visit=visit, moments=moments)
    number = None if outlet is None else outlet.id
    written = store.write_entry(
        t, entry, user=user, moments=moments, outlet=number, visit=visit, document=document
    )
    if written:
        return Kept("kept", document or visit or "")
    # Another transaction has kept it since we looked: what it made is there, ours is not.
    return _kept_meanwhile(t, entry, user=user)


def _apply(
    t: Transaction,
    entry: Entry,
    *,
    user: int,
    outlet: store.Outlet | None,
    visit: str | None,
    moments: store.Moments,
) -> str | None:
    """Write the day or the visit that an entry begins or ends; gives the visit that it is of."""
    match entry:
        case Leave():
            store.take_leave(t, entry, user=user)
        case DayBegun(place=place):
            store.begin_day(t, place, user=user, moments=moments)
        case DayEnded():
            store.end_day(t, user=user, moments=moments)
        case VisitBegun() if outlet is not None:
            return store.begin_visit(t, entry, outlet, user=user, moments=moments)
        case VisitEnded() if visit is not None:
            store.end_visit(t, entry, visit, moments=moments)
        case _:
            pass
    return visit


def _kept_meanwhile(t: Transaction, entry: Entry, *, user: int) -> Kept | Refused:
    sent = store.find_sent(t, entry.id)
    return refused("entry_used", entry=entry.id) if sent is None else _again(sent, entry, user=user)
