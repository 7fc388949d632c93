"""What invoices bring to the hub: acts, pages, commands and promises."""

from functools import partial
from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.jobs import Jobs, Patience
from hub.base.jobs.calling import WebHost
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.invoices import api, words
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.acts.cancel_invoice import CancelInvoice
from hub.desk.invoices.acts.credit_invoice import CreditInvoice
from hub.desk.invoices.acts.give_paper import GiveInvoicePaper
from hub.desk.invoices.acts.make_invoice import MakeInvoice
from hub.desk.invoices.acts.move_series import MoveSeries
from hub.desk.invoices.acts.register_invoice import RegisterInvoice
from hub.desk.invoices.acts.send_document import SendDocument
from hub.desk.invoices.acts.set_letterhead import SetLetterhead
from hub.desk.invoices.commands import add
from hub.desk.invoices.model.events import InvoiceCancelled, InvoiceIssued
from hub.desk.invoices.model.registration import CANCEL, SEND, Terms
from hub.desk.invoices.pages import (
    billing,
    crediting,
    gst_month,
    letterheads,
    listing,
    making,
    panels,
    portal,
    records,
    series,
)
from hub.desk.invoices.promises import CHECK
from hub.desk.invoices.store.billing import follow_order
from hub.desk.invoices.store.registering import expect_cancel, expect_issue
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderChanged
from hub.web.noun import BulkStep, Finder, MenuEntry, Noun, Panel, Work

_PATIENCE: Final = Patience(attempts=30)
"""A portal may be away for a day; then a person looks at it."""

NOUN: Final = Noun(
    "invoices",
    routers=(
        making.router,
        letterheads.router,
        series.router,
        crediting.router,
        portal.router,
        gst_month.router,
        records.router,
        api.router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            *("/invoices", "menu.invoices", "file-invoice", "invoices.read", 42),
            key="i",
            area="money",
            also="/print-runs",
        ),
    ),
    words={"invoice_words": words},
    commands=(add,),
    panels=(
        Panel(
            "order",
            "side",
            "invoices_beside.html",
            read=panels.read_of_order,
            actions=panels.offer_bill,
        ),
        Panel("delivery", "side", "invoices_beside.html", read=panels.read_of_note),
    ),
    work=(
        Work("invoices.make", 32, panels.read_work),
        Work("invoices.make", 33, panels.read_refused),
    ),
    finders=(Finder("invoices.read", listing.find_invoices),),
    bulk=(
        BulkStep(
            "to_bill",
            "bill",
            "invoices.bill",
            "file-invoice",
            "invoices.make",
            billing.foresee_bill,
            billing.bill_row,
            leads=("invoices.title", "/invoices"),
            key="b",
        ),
    ),
    permissions={"invoices": ("read", "make", "cancel", "credit", "letterhead")},
    topics={"invoices": "invoices.read"},
    promises=(CHECK,),
)


def build(
    ground: Ground,
    transactions: Transactions,
    desk: Desk,
    *,
    jobs: Jobs,
    host: WebHost,
    terms: Terms,
) -> InvoiceActs:
    """Make the acts of invoices, have orders follow them, and documents go to the portal.

    A cancelled document is cancelled at the portal also where none is set any more: then the job is
    given up, which is seen.
    """
    transactions.listen(OrderChanged, follow_order)
    transactions.listen(InvoiceIssued, partial(expect_issue, terms=terms))
    transactions.listen(InvoiceCancelled, expect_cancel)
    clock = ground.clock
    send = SendDocument(transactions, clock, host, terms, EVERYTHING)
    jobs.handle_outside(SEND, send, patience=_PATIENCE)
    jobs.handle_outside(CANCEL, send.cancel, patience=_PATIENCE)
    return InvoiceActs(
        make=MakeInvoice(transactions, desk, clock),
        cancel=CancelInvoice(transactions, desk, clock),
        credit=CreditInvoice(transactions, desk, clock),
        register=RegisterInvoice(transactions, clock, terms),
        set_letterhead=SetLetterhead(transactions, clock),
        move_series=MoveSeries(transactions, clock),
        paper=GiveInvoicePaper(ground.part(KeptPapers)),
    )
