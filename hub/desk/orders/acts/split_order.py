"""Split an order that waits: what there is now stays, the rest is an order of its own."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import Desk, NewOrder, Split, order_for, split
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.store import next_order_number


@dataclass(slots=True)
class SplitOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids

    def __call__(self, uuid: str, *, by: Requester, seen: int | None = None) -> Split | Refused:
        """Leave an order what it holds, and make of what it waits for an order that points to it.

        Each is decided by itself: one that is then above the credit limit is held.
        """
        with self.transactions.open(actor=by.id, at_ms=self.clock.now_ms()) as t:
            order = order_for(t, uuid, seen=seen, among={"confirmed"})
            if isinstance(order, Refused):
                return order

            def name() -> NewOrder:
                return NewOrder(self.ids(t.at_ms), next_order_number(t, "staff"))

            done = split(t, self.desk, order, by=by, name=name)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done
