"""Send notes off: one trip, and their goods leave the book of what is here once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.deliveries.model.done import Sent
from hub.desk.deliveries.model.drives import Drive, read_drive
from hub.desk.deliveries.model.notes import not_for_sale
from hub.desk.deliveries.store.gates import check_credit
from hub.desk.deliveries.store.notes import (
    OrderOnNote,
    lock_notes,
    make_trip,
    send_lines,
    settle_note,
)
from hub.desk.orders.deciding import Desk, move
from hub.desk.orders.model.reasons import Reason as OrderReason
from hub.desk.parties.store import business_day
from hub.desk.stock.store.moving import Note, lock_batches
from hub.desk.stock.store.moving import move as move_stock

_LONGEST = 60


@dataclass(slots=True)
class DispatchNotes:
    """The act, with what it needs; `draw` makes a word that only the shop is told."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    draw: Callable[[], str]

    def __call__(
        self,
        deliveries: Collection[int],
        *,
        vehicle: str,
        driver: str,
        by: str,
        scope: Scope,
        carrier: str = "",
        carrier_gstin: str = "",
        distance: str = "",
    ) -> Sent | Refused:
        """Send picked notes of one warehouse on a trip, all of them or none.

        Two windows, two workers or a second click make one dispatch: what decides is where the
        notes stand. Goods that are expired or called back, and orders that credit does not let
        out, stay here, and the refusal names them. `carrier`, `carrier_gstin` and `distance` in km
        are for the e-way bill, where somebody else drives and where it is known.
        """
        vehicle, driver = vehicle.strip()[:_LONGEST], driver.strip()[:_LONGEST]
        if not vehicle or not driver:
            missing = "driver" if vehicle else "vehicle"
            return refused(f"delivery_{missing}_missing", field=missing)
        drive, faults = read_drive(vehicle, driver, carrier=(carrier, carrier_gstin, distance))
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, deliveries, scope=scope)
            if isinstance(locked, Refused):
                return locked
            again = _trip_of(locked)
            if again is not None:
                return Sent(again, again=True)
            faults = [*_faults_of(t, locked), *_credit_faults(t, self.desk, locked)]
            if faults:
                return Refused(tuple(faults))
            trip = _send(t, locked, drive=drive, draw=self.draw)
            t.commit()
        return Sent(trip)


def _trip_of(notes: Sequence[OrderOnNote]) -> int | None:
    """Give the trip on which these very notes left, where they did."""
    trips = {one.note.trip for one in notes}
    return trips.pop() if len(trips) == 1 and None not in trips else None


def _faults_of(t: Transaction, notes: Sequence[OrderOnNote]) -> list[Reason]:
    day = business_day(t)
    faults = [
        Reason("delivery_settled", {"note": one.note.number})
        for one in notes
        if one.note.state != "picked"
    ]
    if len({one.note.warehouse for one in notes}) > 1:
        faults.append(Reason("delivery_two_warehouses"))
    lines = [line for one in notes for line in one.note.lines if line.picked]
    return faults + [fault for line in lines if (fault := not_for_sale(line, day))]


def _credit_faults(t: Transaction, desk: Desk, notes: Sequence[OrderOnNote]) -> list[Reason]:
    faults = []
    for note, check in check_credit(t, desk, notes).items():
        number = next(one.note.number for one in notes if one.note.id == note)
        faults.append(Reason("delivery_gate", {"note": number}, str(note)))
        faults += [Reason(one.code, dict(one.params)) for one in check.reasons]
    return faults


def _send(
    t: Transaction,
    notes: Sequence[OrderOnNote],
    *,
    drive: Drive,
    draw: Callable[[], str],
) -> int:
    first = notes[0].note
    lock_batches(t, {way.batch for one in notes for way in one.note.leaving()})
    trip = make_trip(t, drive, seller=first.seller, warehouse=first.warehouse)
    send_lines(t, [one.note.id for one in notes])
    for one in notes:
        word = draw()
        move(t, one.order, "dispatched", cause="dispatched", reasons=(_told(t, one, word),))
        document = Note(one.note.id, "dispatch", one.note.number)
        move_stock(t, one.note.leaving(), document=document)
        settle_note(
            t,
            one.note,
            "dispatched",
            trip_id=trip,
            word=word,
            dispatched_by=t.actor,
            dispatched_at=t.at_ms,
        )
    return trip


def _told(t: Transaction, one: OrderOnNote, word: str) -> OrderReason:
    """Tell the shop what comes: the note, how many lines, on which day, and the word for it."""
    lines = {(line.free, line.line) for line in one.note.lines if line.picked}
    day = max(one.note.day, business_day(t))
    params = {
        "note": one.note.number,
        "lines": len(lines),
        "day": day.isoformat(),
        "word": word,
    }
    return OrderReason("order_dispatched", params)
