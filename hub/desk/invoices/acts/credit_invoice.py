"""Credit an invoice: goods that came back or a lower price, never more than a line came to."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transactions
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.store.cancelling import is_seen
from hub.desk.invoices.store.credit_notes import credit
from hub.desk.invoices.store.writing import lock_invoice
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class CreditInvoice:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        invoice: int,
        asked: Credited,
        *,
        why: str,
        by: str,
        scope: Scope,
        earlier: int | None = None,
        key: str = "",
    ) -> Issued | Refused:
        """Credit lines of an invoice; `earlier` is how many credit notes the person saw of it.

        The same credit asked for twice is one credit note; a program sends it under a `key`.
        """
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                found = lock_invoice(t, invoice) if is_seen(t, invoice, scope=scope) else None
                if found is None:
                    return refused("invoice_unknown", number=str(invoice))
                issued = credit(t, self.desk, found, asked=asked, why=why, earlier=earlier, key=key)
                if isinstance(issued, Refused) or issued.again:
                    return issued
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return issued
