"""Amend an order: other lines, payment or wishes, and every rule is run again."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import Changed, Desk, decide_amended, keep, unbilled_order_for
from hub.desk.orders.model.asked import Amendment, fault_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import AMENDABLE
from hub.desk.orders.model.reasons import Reason


@dataclass(slots=True)
class AmendOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        uuid: str,
        change: Amendment,
        *,
        by: str,
        why: str = "",
        seen: int | None = None,
        decision: str | None = None,
    ) -> Changed | Refused:
        """Decide an order again with other content, by today's rules; the books follow.

        `decision` is the mark of what a person confirms, as in `PlaceOrder`.

        `seen` is the revision that the person looked at: where there is a newer one, nothing is
        done. An amendment that the rules reject leaves the order as it is.
        """
        fault = fault_of(change)
        if fault is not None:
            return Refused(fault)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            order = unbilled_order_for(t, uuid, seen=seen, among=AMENDABLE)
            if isinstance(order, Refused):
                return order
            amended = decide_amended(t, self.desk, order, change=change)
            if isinstance(amended, Refused):
                return amended
            again, changes = amended
            if again.decided.status == "rejected":
                return Refused(again.decided.reasons[0])
            if decision not in {None, again.decided.mark}:
                return Refused(Reason("decided_otherwise"))
            told = Reason("amended", {"by": by, "why": why})
            changed = keep(t, order, again, cause="amended", told=(told,), changes=changes)
            t.commit()
        return changed
