"""Order once more what was not delivered of an order, as an order of its own that points to it."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.deliveries.model.done import OrderedAgain
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.deliveries.store.notes import lock_notes
from hub.desk.orders.deciding import (
    Content,
    Desk,
    NewOrder,
    order_again,
    undelivered,
)
from hub.desk.orders.model.events import Refused as OrderRefused
from hub.desk.orders.model.request import Requester, rest_key
from hub.desk.orders.store import find_placed, next_order_number


@dataclass(slots=True)
class OrderRest:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids

    def __call__(self, delivery: int, *, by: Requester, scope: Scope) -> OrderedAgain | Refused:
        """Order what a note did not bring of its order; asked twice, it is ordered once.

        Without it the rest is closed: nobody waits for it. Free goods follow from the new order.
        """
        with self.transactions.open(actor=by.id, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            (on,) = locked
            if on.order.status not in {"delivered", "invoiced"}:
                return refused("delivery_settled", note=on.note.number)
            made = find_placed(t, "staff", rest_key(on.order.request.uuid))
            if made is not None:
                return OrderedAgain(made.uuid, made.number, again=True)
            missing = undelivered(
                t, Content(on.order.id, on.note.content), delivered_of(t, on.order.id)
            )
            rest = {line: count for (free, line), count in missing.items() if not free}

            def name() -> NewOrder:
                return NewOrder(self.ids(t.at_ms), next_order_number(t, "staff"))

            request = order_again(t, self.desk, on.order, quantities=rest, by=by, name=name)
            if isinstance(request, OrderRefused):
                reason = request.reason
                return Refused((Reason(reason.code, dict(reason.params)),))
            t.commit()
        return OrderedAgain(request.uuid, request.number)
