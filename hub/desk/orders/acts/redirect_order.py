"""Redirect an order: its goods go to another address of its customer, while they are still here."""

from dataclasses import dataclass

from hub.base import history
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import address_for, unsent_order_for
from hub.desk.orders.model.asked import Redirected, fault_of_word
from hub.desk.orders.model.events import OrderRedirected, Refused
from hub.desk.orders.model.reasons import Reason, shortened
from hub.desk.orders.store import put_on_address
from hub.desk.parties.store.addresses import named_address


@dataclass(slots=True)
class RedirectOrder:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, uuid: str, ship_to: str, *, by: str, why: str, was: str | None = None
    ) -> Redirected | Refused:
        """Send an order's goods to the address of this code; an empty one is the customer's own.

        What is ordered, its price and its approvals stay: the law counts goods as supplied in the
        state of the buyer, and the buyer's own place in another state is no address of it.
        `was` is the code that the person looked at: where the order goes elsewhere by now, nothing
        is done. Refused is an order whose goods have left, or that an invoice bills, too.
        """
        code = ship_to.strip()
        fault = fault_of_word(code)
        if fault is not None:
            return Refused(fault)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            order = unsent_order_for(t, uuid)
            if isinstance(order, Refused):
                return order
            to = address_for(t, order.request.order.customer, code)
            if isinstance(to, Refused):
                return to
            if to == order.request.ship_to:
                return Redirected(uuid, code, again=True)
            before, after = named_address(t, order.request.ship_to), named_address(t, to)
            if was not in {None, before.code if before else ""}:
                now = ["address.at", {"place": before.label}] if before else ["address.own", {}]
                return Refused(Reason("order_redirected", {"now": now}))
            put_on_address(t, order.id, to)
            labels = [{"ship_to": one.label if one else ""} for one in (before, after)]
            history.record(t, "order", uuid, before=labels[0], after=labels[1], why=shortened(why))
            t.say(OrderRedirected(order.id, uuid, order.revision, order.status, to, code))
            t.commit()
        return Redirected(uuid, code)
