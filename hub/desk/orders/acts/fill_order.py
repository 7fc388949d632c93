"""Fill an order that waits for stock, when a person asks for it or when stock has come in."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.transaction import Transaction, Transactions
from hub.desk.orders.deciding import Changed, Desk, fill, next_waiting, order_for
from hub.desk.orders.model.events import Refused
from hub.desk.orders.store import enqueue_fill


@dataclass(slots=True)
class FillOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(self, uuid: str, *, by: str, seen: int | None = None) -> Changed | Refused:
        """Allocate to one order what there is by now of what it waits for."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            order = order_for(t, uuid, seen=seen, among={"confirmed"})
            if isinstance(order, Refused):
                return order
            changed = fill(t, self.desk, order)
            if isinstance(changed, Refused):
                return changed
            t.commit()
        return changed

    def next(self, t: Transaction, job: Job) -> None:
        """Fill the first order that waits for stock which came in, and have the next one filled.

        Each order is filled in a transaction of its own, first come, first served. One that waits
        for an approval is left alone: it promises nothing yet.
        """
        wanted = job.payload
        found = next_waiting(t, wanted["warehouse"], wanted["products"], after=wanted["after"])
        if found is None:
            return
        enqueue_fill(t, {**wanted, "after": found.id})
        order = order_for(t, found.uuid, seen=None, among={"confirmed"})
        if not isinstance(order, Refused):
            fill(t, self.desk, order)
