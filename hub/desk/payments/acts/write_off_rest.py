"""Write off a small rest of an invoice, with a reason."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Reason, Refused, refused
from hub.base.ids import new_id
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transactions
from hub.desk.accounts import store as accounts
from hub.desk.invoices.store.cancelling import is_seen
from hub.desk.invoices.store.writing import lock_invoice
from hub.desk.parties.model.cells import CellError, read_amount
from hub.desk.payments.model import UP_TO, NewPayment, Taken
from hub.desk.payments.store.limit import read_most, write_most
from hub.desk.payments.store.paying import Payer, write_payment


@dataclass(slots=True)
class WriteOffRest:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, invoice: int, *, why: str, by: str, scope: Scope) -> Taken | Refused:
        """Give up what is open of an invoice, where it is no more than the settings let pass."""
        if not why.strip():
            return Refused((Reason("write_off_reason", {}, "why"),))
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                found = lock_invoice(t, invoice) if is_seen(t, invoice, scope=scope) else None
                if found is None:
                    return refused("invoice_unknown", number=str(invoice))
                customer, seller = found.row["customer_id"], found.row["seller_id"]
                accounts.lock_account(t, customer)
                debit = accounts.read_debit(t, customer, kind="invoice", ref=found.id)
                if debit is None:
                    return refused("payment_nothing")
                most = read_most(t)
                if debit.open > most:
                    return refused("write_off_above", amount=debit.open, most=most)
                new = NewPayment(debit.open, "adjustment", note=why.strip()[:LONGEST_REASON])
                taken, document = write_payment(
                    t, Payer(customer, seller), new, key=new_id(t.at_ms), kind="write_off"
                )
                accounts.allocate(t, document, debit.id, amount=debit.open)
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return taken

    def set_limit(self, written: str, *, why: str = "", by: str) -> Refused | None:
        """Say up to which amount a rest may be written off, `25.00`; `why` goes to the history."""
        try:
            amount = read_amount(written)
        except CellError as error:
            return Refused((error.reason._replace(field=UP_TO),))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            write_most(t, amount, why=why.strip()[:LONGEST_REASON])
            t.commit()
        return None
