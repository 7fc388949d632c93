"""Have a document sent to the portal of e-invoices: one of before, one refused, one given up."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.gst_files import check_document
from hub.desk.invoices.model.registration import HAS_IRN, Terms, why_unneeded
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.desk.invoices.store.cancelling import is_seen
from hub.desk.invoices.store.registering import ask, begin_cancelling, lock
from hub.desk.invoices.store.writing import lock_invoice
from hub.desk.parties.store import business_day


@dataclass(slots=True)
class RegisterInvoice:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    terms: Terms

    def __call__(self, invoice: int, *, by: str, scope: Scope) -> Issued | Refused:
        """Want a document sent; what the portal would not take is told before anything goes.

        One that is registered stays so. Of one that waits, the job of before writes nothing any
        more. One that the portal did not cancel is cancelled there once more.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_invoice(t, invoice) if is_seen(t, invoice, scope=scope) else None
            found = read_invoice(t.connection, invoice, today=business_day(t), scope=scope)
            if locked is None or found is None:
                return refused("invoice_unknown", number=str(invoice))
            sent = lock(t, invoice)
            if sent is not None and sent.state == "stuck":
                begin_cancelling(t, sent)
            elif sent is not None and sent.state in HAS_IRN:
                return Issued(invoice, locked.number, again=True)
            else:
                wrong = self._refuse(found)
                if wrong is not None:
                    return wrong
                ask(t, invoice)
            t.commit()
        return Issued(invoice, locked.number)

    def _refuse(self, found: InvoiceDetail) -> Refused | None:
        number = str(found.row["number"])
        if found.row["cancelled_day"] is not None:
            return refused("invoice_cancelled", number=number)
        why = why_unneeded(found.row, seller=found.seller, buyer=found.buyer, terms=self.terms)
        if why is not None:
            return refused(f"einvoice_{why}", number=number)
        faults = check_document(
            found.row, found.portal_file(), seller=found.seller, buyer=found.buyer
        )
        return Refused(faults) if faults else None
