"""Place an order for a customer: the very path that a terminal's order takes."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import StoringError, Transaction, Transactions
from hub.desk.orders.deciding import Desk, place
from hub.desk.orders.model.asked import AskedOrder, PlacedOrder, PlaceReply, fault_of, order_lines
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import find_placed, next_order_number, warehouse_of
from hub.desk.parties.store import business_day, seller_of
from rules import Order


@dataclass(slots=True)
class PlaceOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids

    def __call__(self, asked: AskedOrder, *, by: Requester, scope: Scope) -> PlaceReply:
        """Decide an order and keep it, whatever the decision is; twice under one key is one order.

        Refused is an order that nobody could decide: without lines, with what is no code or no
        quantity, or for a customer or a warehouse that is not there, or not in `scope`; and one
        under a key that asked for another order before.
        """
        fault = fault_of(asked)
        if fault is not None:
            return Refused(fault)
        now_ms = self.clock.now_ms()
        try:
            return _check_key(self._place(asked, by, scope, now_ms=now_ms), asked)
        except StoringError:
            # Somebody else has placed it under this key meanwhile, or nothing can store it.
            with self.transactions.open(actor=by.id, at_ms=now_ms) as t:
                known = find_placed(t, asked.source, asked.key)
            if known is None:
                raise
            return _check_key(known, asked)

    def _place(self, asked: AskedOrder, by: Requester, scope: Scope, *, now_ms: int) -> PlaceReply:
        with self.transactions.open(actor=by.id, at_ms=now_ms) as t:
            known = find_placed(t, asked.source, asked.key)
            if known is not None:
                return known
            request = self._request(t, asked, by, scope=scope)
            if isinstance(request, Refused):
                return request
            with t.part():
                place(t, self.desk, [request])
            t.commit()
        return PlacedOrder(request.uuid, request.number, asked=request.asked)

    def _request(
        self, t: Transaction, asked: AskedOrder, by: Requester, *, scope: Scope
    ) -> OrderRequest | Refused:
        seller = seller_of(t, asked.customer, scope=scope)
        if seller is None:
            return Refused(Reason("customer_unknown", {"customer": asked.customer}))
        warehouse = warehouse_of(t, seller, asked.warehouse)
        if warehouse is None:
            return Refused(Reason("warehouse_unknown", {"warehouse": asked.warehouse}))
        products = self.desk.catalogues.current(t).products
        order = Order(
            id=self.ids(t.at_ms),
            customer=asked.customer,
            business_date=business_day(t),
            lines=order_lines(asked.lines, products),
            payment=asked.payment,
            coupons=asked.coupons,
            choices=asked.choices,
        )
        return OrderRequest(
            order=order,
            number=next_order_number(t, asked.source),
            source=asked.source,
            source_key=asked.key,
            seller=seller,
            warehouse=warehouse,
            requester=by,
            captured_at=t.at_ms,
            asked=asked.digest,
            po_number=asked.po_number,
        )


def _check_key(reply: PlaceReply, asked: AskedOrder) -> PlaceReply:
    """Refuse an order whose key another order has; asked for again, it is the one that is there."""
    if isinstance(reply, PlacedOrder) and reply.asked not in {None, asked.digest}:
        return Refused(Reason("key_used", {"order": reply.uuid}))
    return reply
