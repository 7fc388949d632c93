"""Cancel an order: it gives back all it holds, and its shop is told."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import Changed, cancel, unbilled_order_for
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import CANCELLABLE
from hub.desk.orders.model.reasons import shortened


@dataclass(slots=True)
class CancelOrder:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, uuid: str, *, by: str, why: str, seen: int | None = None, of_customer: bool = False
    ) -> Changed | Refused:
        """Cancel an order for a reason that the shop will read; `of_customer`: it is the shop's."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            order = unbilled_order_for(t, uuid, seen=seen, among=CANCELLABLE)
            if isinstance(order, Refused):
                return order
            changed = cancel(t, order, shortened(why), of_customer=of_customer)
            t.commit()
        return changed
