"""Set beats, their outlets, and who walks them when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.field.model.beats import MOST_WEEKS, PLANNED_CLASSES, Journey
from hub.desk.field.model.fields import BeatFields, fault_of
from hub.desk.field.reads.beats import BeatDetail, is_walker, name_beat, sees_seller
from hub.desk.field.store import beats as store
from hub.desk.field.store.entries import TOPIC
from hub.desk.parties.reads import scope_of
from hub.desk.parties.store import business_day
from hub.desk.parties.store.customers import find_seller, ids_of
from hub.desk.people.store.rows import user_named
from hub.desk.workdays.model import WEEKDAYS


@dataclass(slots=True)
class PlanBeats:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def add(self, fields: BeatFields, *, by: str, scope: Scope) -> Kept | Refused:
        """Make a seller's beat with its outlets; asked for twice, it is refused as there."""
        fault = fault_of(fields)
        if fault is not None or "@" in fields.code:
            return fault or refused("beat_code", field="code", code=fields.code)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            seller = find_seller(t, fields.seller.strip(), scope=scope)
            if seller is None:
                return refused("seller_unknown", field="seller", seller=fields.seller[:64])
            code = store.code_for(t, fields.code, seller=seller)
            fault = fault_of(replace(fields, code=code))
            if fault is None and store.lock_beat(t, code) is not None:
                fault = refused("beat_there", field="code", code=code)
            if fault is not None:
                return fault
            number = store.add_beat(t, code, fields.name, seller=seller)
            one = store.LockedBeat(number, code, fields.name, active=True, seller=seller)
            fault = _set_stops(t, one, fields.outlets, scope=scope)
            if fault is not None:
                return fault
            t.changed(TOPIC)
            t.commit()
        return Kept(code, ("outlets",))

    def change(self, fields: BeatFields, *, by: str, scope: Scope) -> Kept | Refused:
        """Give a beat a name and outlets in an order; from today on it is walked so."""
        fault = fault_of(fields)
        if fault is not None:
            return fault
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = _lock_seen(t, fields.code, scope=scope)
            if one is None:
                return refused("beat_unknown", code=fields.code)
            day = business_day(t)
            there = tuple(store.stops_of(t, one.id, day=day))
            if fields.seen is not None and fields.seen != there:
                return refused("beat_changed", code=fields.code)
            store.change_beat(t, one, name=fields.name, active=fields.active)
            fault = _set_stops(t, one, fields.outlets, scope=scope)
            if fault is not None:
                return fault
            t.changed(TOPIC)
            t.commit()
        return Kept(fields.code, ("outlets",))

    def walk(self, code: str, plan: Journey, *, by: str, scope: Scope) -> Kept | Refused:
        """Have somebody walk a beat on days of the week; `plan.beat` is looked up.

        It is one of the people whom the planner sees, who sees the rows of the beat's seller.
        """
        weeks = 1 <= plan.every_weeks <= MOST_WEEKS
        if not weeks or not 0 < plan.weekdays < 1 << WEEKDAYS or _ends_before(plan):
            return refused("journey_days", field="weekdays")
        if not set(plan.classes) <= set(PLANNED_CLASSES):
            return refused("journey_classes", field="classes", classes=list(PLANNED_CLASSES))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = _lock_seen(t, code, scope=scope)
            if one is None:
                return refused("beat_unknown", code=code)
            walker = user_named(t, plan.user)
            if walker is None or not is_walker(t.connection, walker.id, scope=scope):
                return refused("journey_user", field="user", user=plan.user)
            own = scope_of(t, walker.id, walker.roles)
            if own.sellers and not sees_seller(t.connection, one.seller, scope=own):
                return refused("journey_seller", field="user", user=plan.user)
            store.add_journey(t, one, replace(plan, beat=one.id), user=walker.id)
            t.changed(TOPIC)
            t.commit()
        return Kept(code, ("journey",))

    def find_unseen(self, found: BeatDetail) -> Mapping[str, Sequence[str]]:
        """Name the outlets of a beat that whoever walks it does not see, by who that is.

        Of a beat with C1 and C2, whose walker is the rep of C1 alone: C2. It stands on no phone of
        that person until the person is its rep or collector, and counts as missed.
        """
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            return _find_unseen(t, found, day=business_day(t))

    def stop(self, code: str, journey: int, *, day: date, by: str, scope: Scope) -> Kept | Refused:
        """Have somebody walk a beat no more after a day."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = _lock_seen(t, code, scope=scope)
            if one is None or not store.end_journey(t, one, journey, day=day):
                return refused("journey_unknown", code=code)
            t.changed(TOPIC)
            t.commit()
        return Kept(code, ("journey",))


def _find_unseen(t: Transaction, found: BeatDetail, *, day: date) -> Mapping[str, Sequence[str]]:
    walkers = {one.user for one in found.journeys if one.until_day is None or one.until_day >= day}
    codes = [code for code, _, _ in found.outlets]
    unseen: dict[str, Sequence[str]] = {}
    for name in sorted(walkers):
        walker = user_named(t, name)
        own = Scope() if walker is None else scope_of(t, walker.id, walker.roles)
        seen = ids_of(t, codes, scope=own)
        if len(seen) < len(codes):
            unseen[name] = [code for code in codes if code not in seen]
    return unseen


def _lock_seen(t: Transaction, code: str, *, scope: Scope) -> store.LockedBeat | None:
    """Lock a beat; None where there is none, or none that the person sees."""
    named = name_beat(t.connection, code, scope=scope)
    return None if named is None else store.lock_beat(t, named)


def _ends_before(plan: Journey) -> bool:
    return plan.until_day is not None and plan.until_day < plan.from_day


def _set_stops(
    t: Transaction, one: store.LockedBeat, codes: Sequence[str], *, scope: Scope
) -> Refused | None:
    found = ids_of(t, codes, scope=scope)
    own = ids_of(t, codes, scope=Scope(frozenset({one.seller})))
    unknown = [code for code in codes if code not in found or code not in own]
    if unknown:
        return refused("outlet_unknown", field="outlets", outlet=unknown[0])
    outlets = [(code, found[code]) for code in codes]
    store.set_stops(t, one, outlets, day=business_day(t))
    return None
