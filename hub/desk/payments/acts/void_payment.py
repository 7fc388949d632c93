"""Void a payment that was typed by mistake: it keeps its number, and what it paid is open again."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.accounts import store as accounts
from hub.desk.payments.model import Taken
from hub.desk.payments.store.paying import lock_payment, refund_of, void_payment


@dataclass(slots=True)
class VoidPayment:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, payment: int, *, why: str, by: str, scope: Scope) -> Taken | Refused:
        """Void a payment, a refund or a write-off; one that is void stays so.

        A cheque that came back bounces instead, and money of which some was given back keeps its
        refund: that is voided first.
        """
        if not why.strip():
            return Refused((Reason("payment_void_reason", {}, "reason"),))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            one = lock_payment(t, payment, scope=scope)
            if one is None:
                return refused("payment_unknown", number=str(payment))
            if one.state == "voided":
                return Taken(one.id, one.number, "voided", again=True)
            refund = refund_of(t, one)
            if refund is not None:
                return refused("payment_refunded", number=refund)
            if one.state == "bounced" or not void_payment(t, one, why=why):
                return refused("payment_state", state=one.state)
            accounts.void_document(t, one.document)
            t.commit()
        return Taken(one.id, one.number, "voided")
