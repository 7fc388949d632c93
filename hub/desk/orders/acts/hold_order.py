"""Hold an order: until a person releases it, it promises nothing."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import Changed, hold, unbilled_order_for
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.model.reasons import shortened


@dataclass(slots=True)
class HoldOrder:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, uuid: str, *, by: str, why: str, seen: int | None = None
    ) -> Changed | Refused:
        """Hold a confirmed order for a reason that the shop will read; its batches go back."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            order = unbilled_order_for(t, uuid, seen=seen, among=RESERVING)
            if isinstance(order, Refused):
                return order
            changed = hold(t, order, shortened(why))
            t.commit()
        return changed
