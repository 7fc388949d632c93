"""Say yes to a held order: once every step has its yes, it is decided again and confirmed."""

from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.approvals.model import Approver, AskedFor, without_price
from hub.desk.approvals.store import asked_for, say
from hub.desk.orders.deciding import Changed, Desk, LockedOrder, decide_again, keep, order_for
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.verdict import Need
from hub.desk.orders.store import content_as_decided
from hub.desk.parties.store import business_day


@dataclass(frozen=True, slots=True)
class KeptYes:
    """A yes that was kept, while others are still asked: who decides next."""

    order: LockedOrder
    roles: str


@dataclass(slots=True)
class ReleaseOrder:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self, uuid: str, *, by: Approver, content: str | None = None, why: str = ""
    ) -> Changed | KeptYes | Refused:
        """Say yes to an order as it was seen: `content` is the hash of that.

        With the last yes it is decided again on the day and by the rules that held it, with stock
        and credit as they are now. Where it would then cost more, or needs somebody higher, it
        stays held as a new revision, and is asked for anew.
        """
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            order = order_for(t, uuid, seen=None, among={"held"})
            if isinstance(order, Refused):
                return order
            if content is not None and content != order.content_hash:
                return Refused(Reason("order_changed", {"revision": order.revision}))
            asked = asked_for(t, order)
            done: Changed | KeptYes | Refused
            if without_price(asked.needs):
                done = self._try_again(t, order)
            else:
                done = self._say_yes(t, order, asked, by=by, why=why)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done

    def _say_yes(
        self, t: Transaction, order: LockedOrder, asked: AskedFor, *, by: Approver, why: str
    ) -> Changed | KeptYes | Refused:
        outcome = say(t, order, asked, by=by, answer="yes", why=why)
        if isinstance(outcome, Refused):
            return outcome
        if outcome.roles:
            t.changed("orders")
            return KeptYes(order, outcome.roles)
        return self._release(t, order, outcome.granted, by=by, why=why)

    def _release(
        self,
        t: Transaction,
        order: LockedOrder,
        released: frozenset[Need],
        *,
        by: Approver,
        why: str,
    ) -> Changed:
        """Decide the order again without the holds that were approved, and never for more."""
        asked = content_as_decided(t, order.id, revision=order.revision, now=order.request.order)
        pack = self.desk.packs.earlier(t, order.pack_hash)
        told: tuple[Reason, ...] = (Reason("released", {"by": by.name, "why": why}),)
        again = decide_again(t, self.desk, order, content=asked, released=released, by=pack)
        if again.decided.takes and again.decided.payable > order.payable:
            again = decide_again(t, self.desk, order, content=asked, by=pack)
        if not again.decided.takes:
            told = (Reason("release_not_enough", {"by": by.name}),)
        return keep(t, order, again, cause="released", told=told)

    def _try_again(self, t: Transaction, order: LockedOrder) -> Changed | Refused:
        """Decide an order without a price once more by today's rules: they may have one by now."""
        content = order.request.order
        again = decide_again(
            t, self.desk, order, content=replace(content, business_date=business_day(t))
        )
        missing = without_price(again.decided.verdict.needs)
        if missing is not None or again.decided.result is None:
            return Refused(Reason("no_price_yet"))
        return keep(t, order, again, cause="amended", told=(Reason("decided_again"),))
