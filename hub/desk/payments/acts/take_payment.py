"""Take money of a customer: over some of its documents, over the oldest, or on account."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.parties.store import business_day
from hub.desk.payments.model import NewPayment, Taken, read_payment
from hub.desk.payments.store.paying import (
    faults_of,
    find_payer,
    find_reference,
    find_sent,
    write_payment,
)


@dataclass(slots=True)
class TakePayment:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        customer: str,
        texts: Mapping[str, str],
        *,
        key: str,
        by: str,
        scope: Scope,
        anyway: bool = False,
    ) -> Taken | Refused:
        """Take a payment; sent twice under one key, it is one.

        A reference that another payment has is refused, but `anyway`: it may be the same money.
        """
        new, faults = read_payment(texts)
        if new is None:
            return Refused(tuple(faults))
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                payer = find_payer(t, customer, scope=scope)
                if payer is None:
                    return refused("payment_customer_unknown", field="customer", customer=customer)
                accounts.lock_account(t, payer.customer)
                sent = find_sent(t, key, customer=payer.customer, amount=new.amount)
                if sent is not None:
                    return sent
                debits = accounts.open_debits(t, payer.customer)
                by_id = {one.id: one for one in debits}
                wrong = _refuse(t, new, by_id, anyway=anyway)
                if wrong is not None:
                    return wrong
                taken, document = write_payment(t, payer, new, key=key)
                parts = [(by_id[one], amount) for one, amount in sorted(new.parts.items())]
                for debit, amount in parts or (
                    accounts.oldest_first(debits, new.amount) if new.oldest else []
                ):
                    accounts.allocate(t, document, debit.id, amount=amount)
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return taken


def _refuse(
    t: Transaction, new: NewPayment, debits: Mapping[int, accounts.Debit], *, anyway: bool
) -> Refused | None:
    """Say why a payment is not taken: what it is over is not open, or it was taken before."""
    faults = faults_of(new, debits, today=business_day(t))
    if faults:
        return Refused(tuple(faults))
    used = None if anyway else find_reference(t, new)
    if used is None:
        return None
    params = {"reference": new.reference, "number": used}
    return refused("payment_reference_used", field="reference", **params)
