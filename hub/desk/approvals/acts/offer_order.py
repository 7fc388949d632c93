"""Offer a shop something else than it asked for: less of it, or paid otherwise."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.approvals.model import Approver, AskedFor
from hub.desk.approvals.store import asked_for, say
from hub.desk.orders.deciding import Changed, Desk, decide_again, keep, order_for
from hub.desk.orders.model.asked import Amendment, amended, differences, fault_of
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.parties.store import business_day
from rules import Order, offer_faults


@dataclass(slots=True)
class OfferOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        uuid: str,
        change: Amendment,
        *,
        by: Approver,
        content: str | None = None,
        why: str = "",
    ) -> Changed | Refused:
        """Make of a held order what its approver would say yes to, and decide it again.

        The offer is the approver's yes to what it makes of the order. Refused is what goes beyond
        the approval's terms: more goods, other goods, a way to pay that may not be offered.
        """
        fault = fault_of(change)
        if fault is not None:
            return Refused(fault)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            order = order_for(t, uuid, seen=None, among={"held"})
            if isinstance(order, Refused):
                return order
            if content is not None and content != order.content_hash:
                return Refused(Reason("order_changed", {"revision": order.revision}))
            asked = asked_for(t, order)
            before, products = order.request.order, self.desk.catalogues.current(t).products
            offered = amended(before, change, products, day=business_day(t))
            beyond = _beyond_terms(before, offered, asked)
            if beyond is not None:
                return Refused(beyond)
            outcome = say(t, order, asked, by=by, answer="counter", why=why)
            if isinstance(outcome, Refused):
                return outcome
            again = decide_again(t, self.desk, order, content=offered, released=outcome.granted)
            told = Reason("countered", {"by": by.name, "why": why})
            changes = differences(before, offered, products)
            changed = keep(t, order, again, cause="countered", told=(told,), changes=changes)
            t.commit()
        return changed


def _beyond_terms(before: Order, offered: Order, asked: AskedFor) -> Reason | None:
    """Say why this may not be offered instead of what was asked for."""
    terms = next((need.offer for need in asked.needs if need.offer), None)
    if terms is None:
        return Reason("no_offer_allowed")
    faults = [[one.code, dict(one.params)] for one in offer_faults(before, offered, terms)]
    return Reason("offer_beyond_terms", {"faults": faults}) if faults else None
