"""Give money back to a customer out of a payment that is not allocated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transactions
from hub.desk.accounts import store as accounts
from hub.desk.payments.model import Taken, read_payment
from hub.desk.payments.store.paying import Locked, Payer, find_sent, lock_payment, write_payment


@dataclass(slots=True)
class RefundPayment:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, payment: int, texts: Mapping[str, str], *, key: str, by: str, scope: Scope
    ) -> Taken | Refused:
        """Give back some of a cleared payment; sent twice under one key, it is given once."""
        new, faults = read_payment(texts)
        if new is None:
            return Refused(tuple(faults))
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                one = lock_payment(t, payment, scope=scope)
                if one is None or one.kind != "payment":
                    return refused("payment_unknown", number=str(payment))
                sent = find_sent(t, key, customer=one.customer, amount=new.amount)
                if sent is not None:
                    return sent
                credit = accounts.read_credit(t, one.document)
                if one.state != "cleared" or new.amount > credit.left:
                    return _refuse(one, credit)
                paid = replace(new, mode="bank" if new.mode == "cheque" else new.mode, parts={})
                payer = Payer(one.customer, one.seller)
                taken, document = write_payment(t, payer, paid, key=key, kind="refund")
                accounts.allocate(t, credit.id, document, amount=new.amount)
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return taken


def _refuse(one: Locked, credit: accounts.OpenCredit) -> Refused:
    """Say why nothing is given back: it is no money yet, or less of it is left."""
    if one.state != "cleared":
        return refused("payment_state", state=one.state)
    return refused("payment_left", field="amount", left=credit.left)
