"""What staff and programs do with invoices: make, cancel, credit, say what documents say."""

from dataclasses import dataclass

from hub.desk.invoices.acts.cancel_invoice import CancelInvoice
from hub.desk.invoices.acts.credit_invoice import CreditInvoice
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.invoices.acts.make_invoice import MakeInvoice
from hub.desk.invoices.acts.move_series import MoveSeries
from hub.desk.invoices.acts.register_invoice import RegisterInvoice
from hub.desk.invoices.acts.set_letterhead import SetLetterhead


@dataclass(frozen=True, slots=True)
class InvoiceActs:
    """The acts of invoices."""

    make: MakeInvoice
    cancel: CancelInvoice
    credit: CreditInvoice
    register: RegisterInvoice
    set_letterhead: SetLetterhead
    move_series: MoveSeries
    paper: GiveInvoicePaper
