"""Say no to a held order: it is rejected, and its shop reads why."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.approvals.model import Approver
from hub.desk.approvals.store import asked_for, say
from hub.desk.orders.deciding import Changed, move, order_for
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason, shortened


@dataclass(slots=True)
class RefuseOrder:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, uuid: str, *, by: Approver, why: str, content: str | None = None
    ) -> Changed | Refused:
        """Reject a held order for a reason that the shop will read; one no is enough."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            order = order_for(t, uuid, seen=None, among={"held"})
            if isinstance(order, Refused):
                return order
            if content is not None and content != order.content_hash:
                return Refused(Reason("order_changed", {"revision": order.revision}))
            outcome = say(t, order, asked_for(t, order), by=by, answer="no", why=shortened(why))
            if isinstance(outcome, Refused):
                return outcome
            reasons = (Reason("refused_by_approver", {"by": by.name, "why": shortened(why)}),)
            changed = move(t, order, "rejected", cause="refused", reasons=reasons)
            t.commit()
        return changed
