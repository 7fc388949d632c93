"""Take money of a customer: over some of its documents, over the oldest, or on account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.parties.store import business_day
from hub.desk.payments.model import NewPayment, Taken, read_payment
from hub.desk.payments.store.paying import (
    Payer,
    faults_of,
    find_alike,
    find_payer,
    find_reference,
    find_sent,
    write_payment,
)

_RECENT_MS: Final = 10 * 60_000
"""How long a payment that looks the same may be the same money, entered by two people at once."""


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
        ask_alike: bool = True,
    ) -> Taken | Refused:
        """Take a payment; sent twice under one key, it is one.

        What may be the same money is refused, but `anyway`: a reference that another payment has
        and, unless it is not to `ask_alike`, as much by the same mode within ten minutes.
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
                wrong = _refuse(t, new, by_id)
                if wrong is None and not anyway:
                    wrong = _ask_reference(t, new) or (
                        _ask_alike(t, payer, new) if ask_alike else None
                    )
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
    t: Transaction, new: NewPayment, debits: Mapping[int, accounts.Debit]
) -> Refused | None:
    """Say why a payment is not taken: what it is over is not open."""
    faults = faults_of(new, debits, today=business_day(t))
    return Refused(tuple(faults)) if faults else None


def _ask_reference(t: Transaction, new: NewPayment) -> Refused | None:
    """Ask about a reference that another payment has."""
    used = find_reference(t, new)
    if used is None:
        return None
    params = {"reference": new.reference, "number": used}
    return refused("payment_reference_used", field="reference", **params)


def _ask_alike(t: Transaction, payer: Payer, new: NewPayment) -> Refused | None:
    """Ask about as much money by the same mode, taken a moment ago under no other reference."""
    alike = find_alike(t, payer, new, since_ms=t.at_ms - _RECENT_MS)
    return None if alike is None else refused("payment_alike", field="amount", number=alike)
