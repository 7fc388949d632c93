"""Place an order for a customer: the very path that a terminal's order takes."""

from dataclasses import dataclass, replace

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import StoringError, Transactions
from hub.desk.orders.deciding import Desk, place, request_of
from hub.desk.orders.model.asked import AskedOrder, PlacedOrder, PlaceReply, fault_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Requester
from hub.desk.orders.store import find_placed, next_order_number


@dataclass(slots=True)
class PlaceOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids

    def __call__(
        self, asked: AskedOrder, *, by: Requester, scope: Scope, seen: str | None = None
    ) -> PlaceReply:
        """Decide an order and keep it, whatever the decision is; twice under one key is one order.

        `seen` is the mark of the decision that a person confirms: where it would be another one by
        now, nothing is kept.

        Refused is an order that nobody could decide: without lines, with what is no code or no
        quantity, or for a customer or a warehouse that is not there, or not in `scope`; and one
        under a key that asked for another order before.
        """
        fault = fault_of(asked)
        if fault is not None:
            return Refused(fault)
        now_ms = self.clock.now_ms()
        try:
            return _check_key(self._place(asked, by, scope, now_ms=now_ms, seen=seen), asked)
        except StoringError:
            # Somebody else has placed it under this key meanwhile, or nothing can store it.
            with self.transactions.open(actor=by.id, at_ms=now_ms) as t:
                known = find_placed(t, asked.source, asked.key)
            if known is None:
                raise
            return _check_key(known, asked)

    def _place(
        self, asked: AskedOrder, by: Requester, scope: Scope, *, now_ms: int, seen: str | None
    ) -> PlaceReply:
        with self.transactions.open(actor=by.id, at_ms=now_ms) as t:
            known = find_placed(t, asked.source, asked.key)
            if known is not None:
                return known
            request = request_of(t, self.desk, asked, uuid=self.ids(t.at_ms), by=by, scope=scope)
            if isinstance(request, Refused):
                return request
            request = replace(request, number=next_order_number(t, asked.source))
            with t.whole():
                (placed,) = place(t, self.desk, [request])
            if seen not in {None, placed.decided.mark}:
                return Refused(Reason("decided_otherwise"))
            t.commit()
        return PlacedOrder(request.uuid, request.number, asked=request.asked)


def _check_key(reply: PlaceReply, asked: AskedOrder) -> PlaceReply:
    """Refuse an order whose key another order has; asked for again, it is the one that is there."""
    if isinstance(reply, PlacedOrder) and reply.asked not in {None, asked.digest}:
        return Refused(Reason("key_used", {"order": reply.uuid}))
    return reply
