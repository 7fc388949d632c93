"""Cancel a document: it keeps its number, and what it billed or credited is so no more."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.store.billing import give_back_delivered
from hub.desk.invoices.store.cancelling import cancel_row, fault_of, is_seen
from hub.desk.invoices.store.registering import is_past_cancelling
from hub.desk.invoices.store.taking_back import lock_with, take_back
from hub.desk.invoices.store.writing import LockedInvoice, lock_invoice, orders_of
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class CancelInvoice:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(self, invoice: int, *, why: str, by: str, scope: Scope) -> Issued | Refused:
        """Cancel an invoice of which nothing is credited and whose orders are not done with.

        What was paid on it is the customer's to allocate again; goods that a credit note put back
        are sold again, and its debit notes are cancelled with it. One that is cancelled stays so.
        What the portal of e-invoices registered more than a day ago it cancels no more: such a
        document is credited instead.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_invoice(t, invoice) if is_seen(t, invoice, scope=scope) else None
            if found is None:
                return refused("invoice_unknown", number=str(invoice))
            if found.row["cancelled_day"] is not None:
                return Issued(found.id, found.number, again=True)
            is_note = found.row["of_id"] is not None
            others = lock_with(t, found) if is_note else []
            for one in (found, *others):
                if is_past_cancelling(t, one.id):
                    return refused("invoice_registered", number=one.number)
            wrong = (
                take_back(t, self.desk, found, others=others, why=why)
                if is_note
                else _cancel(t, found, why=why)
            )
            if wrong is not None:
                return wrong
            t.commit()
        return Issued(found.id, found.number)


def _cancel(t: Transaction, found: LockedInvoice, *, why: str) -> Refused | None:
    """Cancel an invoice under lock: what it billed may be billed again."""
    fault = fault_of(t, found)
    if fault is not None:
        return Refused((fault,))
    give_back_delivered(t, found.id)
    accounts.lock_account(t, found.row["customer_id"])
    if found.row["document_id"] is not None:
        accounts.void_document(t, found.row["document_id"])
    for order in orders_of(t, found.id):
        accounts.unbill_order(t, order, customer=found.row["customer_id"])
    cancel_row(t, found, why=why)
    return None
