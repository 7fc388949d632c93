"""Take off a note what cannot be found: freed, or taken from another batch by the rules."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.model.life import SHORT_REASONS, ShortReason
from hub.desk.deliveries.store.notes import TOPIC, lock_notes
from hub.desk.deliveries.store.shortening import Short, take_off
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class TakeOff:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self, delivery: int, line: int, reason: str, *, by: str, scope: Scope
    ) -> Moved | Refused:
        """Take what is left of a line off its note.

        What is not found, or is expired, is looked for in another batch of the product, by the
        rules; what is damaged goes to the damaged goods besides. What is left out is just freed.
        The order's shop is told what it does not get.
        """
        if reason not in SHORT_REASONS:
            return refused("delivery_reason_missing", line=line)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            (on,) = locked
            if on.note.state != "picking":
                return refused("delivery_settled", note=on.note.number)
            found = next((one for one in on.note.lines if one.number == line), None)
            if found is None:
                return refused("delivery_line_unknown", line=line)
            if found.short or found.picked >= found.planned:
                return Refused((Reason("pick_nothing_left", {"product": found.name}),))
            instead: ShortReason = "left_out"
            desk = None if reason == instead else self.desk
            take_off(t, on, [Short(found, reason)], desk=desk)
            t.changed(TOPIC)
            t.commit()
        return Moved(delivery, "picking")
