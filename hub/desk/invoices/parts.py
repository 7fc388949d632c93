"""What invoices bring to the hub: acts, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.invoices import api, words
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.acts.cancel_invoice import CancelInvoice
from hub.desk.invoices.acts.credit_invoice import CreditInvoice
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.invoices.acts.make_invoice import MakeInvoice
from hub.desk.invoices.acts.set_letterhead import SetLetterhead
from hub.desk.invoices.commands import add
from hub.desk.invoices.pages import crediting, letterheads, listing, making, panels, records
from hub.desk.invoices.promises import CHECK
from hub.desk.invoices.store.billing import follow_order
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderChanged
from hub.web.noun import Finder, MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "invoices",
    routers=(
        making.router,
        letterheads.router,
        crediting.router,
        records.router,
        api.router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/invoices", "menu.invoices", "file-invoice", "invoices.read", 42, key="i"),),
    words={"invoice_words": words},
    commands=(add,),
    panels=(
        Panel(
            "order",
            "side",
            "order_invoices.html",
            read=panels.read_of_order,
            actions=panels.offer_bill,
        ),
    ),
    work=(Work("invoices.make", 32, panels.read_work),),
    finders=(Finder("invoices.read", listing.find_invoices),),
    permissions={"invoices": ("read", "make", "cancel", "credit", "letterhead")},
    topics={"invoices": "invoices.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> InvoiceActs:
    """Make the acts of invoices, and have orders follow them."""
    transactions.listen(OrderChanged, follow_order)
    clock = ground.clock
    return InvoiceActs(
        make=MakeInvoice(transactions, desk, clock),
        cancel=CancelInvoice(transactions, desk, clock),
        credit=CreditInvoice(transactions, desk, clock),
        set_letterhead=SetLetterhead(transactions, clock),
        paper=GiveInvoicePaper(ground.part(KeptPapers)),
    )
