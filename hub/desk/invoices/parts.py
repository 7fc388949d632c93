"""What invoices bring to the hub: acts, pages, commands and promises."""

from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.acts.cancel_invoice import CancelInvoice
from hub.desk.invoices.acts.credit_invoice import CreditInvoice
from hub.desk.invoices.acts.make_invoice import MakeInvoice
from hub.desk.invoices.acts.set_letterhead import SetLetterhead
from hub.desk.invoices.promises import CHECK
from hub.desk.invoices.store.billing import follow_delivery
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderChanged
from hub.web.noun import Noun

NOUN: Final = Noun(
    "invoices",
    permissions={"invoices": ("read", "make", "cancel", "credit", "letterhead")},
    topics={"invoices": "invoices.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> InvoiceActs:
    """Make the acts of invoices, and have orders follow them."""
    transactions.listen(OrderChanged, follow_delivery)
    clock = ground.clock
    return InvoiceActs(
        make=MakeInvoice(transactions, desk, clock),
        cancel=CancelInvoice(transactions, clock),
        credit=CreditInvoice(transactions, desk, clock),
        set_letterhead=SetLetterhead(transactions, clock),
    )
