"""Finish a pick, whole or half done, or undo it."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.store.notes import OrderOnNote, lock_notes, settle_note
from hub.desk.deliveries.store.shortening import Short, take_off
from hub.desk.orders.store import put_on_note
from hub.desk.stock.store.moving import lock_batches


@dataclass(slots=True)
class FinishPicking:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, deliveries: Collection[int], *, by: str, scope: Scope
    ) -> list[Moved] | Refused:
        """Close the pick of notes: what was not picked is left out, and free at once.

        A note of which nothing was picked is cancelled and keeps its number; its order holds what
        it held, and may be picked another time. Closed already, nothing is done.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, deliveries, scope=scope)
            if isinstance(locked, Refused):
                return locked
            batches = {line.batch for one in locked for line in one.note.lines}
            lock_batches(t, {one for one in batches if one is not None})
            done = [_finish(t, one) for one in locked]
            t.commit()
        return done

    def undo(self, delivery: int, *, by: str, scope: Scope) -> Moved | Refused:
        """Cancel a note whose goods are still here: they are put back, and stay the order's."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            (on,) = locked
            if on.note.state == "cancelled":
                return Moved(delivery, "cancelled", again=True)
            if on.note.state not in {"picking", "picked"}:
                return refused("delivery_settled", note=on.note.number)
            done = _cancel(t, on)
            t.commit()
        return done


def _finish(t: Transaction, on: OrderOnNote) -> Moved:
    note = on.note
    if note.state != "picking":
        return Moved(note.id, note.state, again=True)
    if not any(one.picked for one in note.lines):
        return _cancel(t, on)
    left = [
        Short(one, "left_out") for one in note.lines if not one.short and one.picked < one.planned
    ]
    if left:
        take_off(t, on, left)
    settle_note(t, note, "picked", picked_by=t.actor, picked_at=t.at_ms)
    return Moved(note.id, "picked")


def _cancel(t: Transaction, on: OrderOnNote) -> Moved:
    settle_note(t, on.note, "cancelled", closed_by=t.actor, closed_at=t.at_ms)
    put_on_note(t, on.order.id, "")
    return Moved(on.note.id, "cancelled")
