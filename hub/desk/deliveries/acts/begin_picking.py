"""Begin to pick orders: a pick list, and a delivery note for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.deliveries.model.done import Waved
from hub.desk.deliveries.store.finding import open_wave_of, wave_to_join
from hub.desk.deliveries.store.notes import lock_orders, make_notes, make_wave
from hub.desk.deliveries.store.planning import plan_note
from hub.desk.orders.deciding import LockedOrder
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.reads.listing import read_rows
from hub.desk.orders.store import put_on_note
from hub.desk.parties.store import business_day

_MINUTE_MS: Final = 60_000


@dataclass(slots=True)
class BeginPicking:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, uuids: Sequence[str], *, by: str, scope: Scope, join: bool = False
    ) -> Waved | Refused:
        """Put orders of one warehouse on a pick list, each on a note of its own.

        Asked twice for the same orders, it is one list: the second finds them on it. Their goods
        stay reserved and are nobody else's; until they leave or the pick is undone, the orders
        are neither amended, held nor cancelled. With `join` they go on the list that the same
        person made in the last minute, where nothing of that is picked yet.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            seen = {row.uuid for row in read_rows(t.connection, uuids, scope=scope)}
            orders = lock_orders(t, seen)
            if len(orders) < len(set(uuids)) or not orders:
                return refused("delivery_no_orders")
            again = open_wave_of(t, [one.id for one in orders])
            if again is not None:
                return again
            faults = _faults_of(orders)
            if faults:
                return Refused(tuple(faults))
            done = _begin(t, orders, join=join)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done


def _faults_of(orders: Sequence[LockedOrder]) -> list[Reason]:
    faults = []
    for one in orders:
        number = one.request.number
        if one.note:
            faults.append(Reason("delivery_order_on_note", {"order": number, "note": one.note}))
        elif one.status not in RESERVING:
            status = [f"status.{one.status}", {}]
            faults.append(Reason("delivery_order_state", {"order": number, "status": status}))
    if len({one.request.warehouse.id for one in orders}) > 1:
        faults.append(Reason("delivery_two_warehouses"))
    return faults


def _begin(t: Transaction, orders: Sequence[LockedOrder], *, join: bool) -> Waved | Refused:
    planned = [plan_note(t, one) for one in orders]
    empty = [one.order.request.number for one in planned if not one.lines]
    if empty:
        return Refused(tuple(Reason("delivery_nothing_held", {"order": one}) for one in empty))
    first = orders[0].request
    place = first.warehouse.id
    wave = wave_to_join(t, place, since_ms=t.at_ms - _MINUTE_MS) if join else None
    wave = wave or make_wave(t, seller=first.seller, warehouse=place)
    made = make_notes(t, planned, wave_id=wave, today=business_day(t))
    for order, (_, number) in zip(orders, made, strict=True):
        put_on_note(t, order.id, number)
    t.changed("orders")
    return Waved(wave, tuple(note for note, _ in made))
