"""Foresee an order: what placing or amending it would come to now; no trace of it is left."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import (
    Desk,
    DryDecision,
    foresee_amended,
    foresee_new,
    order_for,
    request_of,
)
from hub.desk.orders.model.asked import Amendment, AskedOrder, fault_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import AMENDABLE
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.listing import row_id_of


@dataclass(slots=True)
class ForeseeOrder:
    """The two questions, with what they need; each reads as of one moment and locks nothing."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids

    def place(self, asked: AskedOrder, *, by: Requester, scope: Scope) -> DryDecision | Refused:
        """Decide an order as placing it would; its key is not looked at."""
        fault = fault_of(asked)
        if fault is not None:
            return Refused(fault)
        now_ms = self.clock.now_ms()
        with self.transactions.reading(at_ms=now_ms) as t:
            request = request_of(t, self.desk, asked, uuid=self.ids(now_ms), by=by, scope=scope)
            if isinstance(request, Refused):
                return request
            return foresee_new(t, self.desk, request)

    def amend(
        self, uuid: str, change: Amendment, *, scope: Scope, seen: int | None = None
    ) -> DryDecision | Refused:
        """Decide an order that is in `scope` as amending it would."""
        fault = fault_of(change)
        if fault is not None:
            return Refused(fault)
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            if row_id_of(t.connection, uuid, scope=scope) is None:
                return Refused(Reason("order_unknown", {"order": uuid}))
            order = order_for(t, uuid, seen=seen, among=AMENDABLE)
            if isinstance(order, Refused):
                return order
            return foresee_amended(t, self.desk, order, change=change)
