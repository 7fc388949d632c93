"""The addresses of one invoice: its record, its print, its file for the portal, and cancelling."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.model.registration import day_in_india
from hub.desk.invoices.pages.at_portal import draw_code
from hub.desk.invoices.pages.listing import INVOICES, TO_BILL, read_invoices, read_to_bill
from hub.desk.invoices.pages.showing import find, show_invoice
from hub.web.frames.lists import show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    keep_note,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("invoices.read"))]
Canceller = Annotated[Session, Depends(signed_in_for("invoices.cancel"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]


@router.get("/invoices")
def invoices(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_invoices, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=INVOICES, read=read)


@router.get("/invoices/to-bill")
def to_bill(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("invoices.make"))],
) -> Response:
    """Show the orders of which something is to be billed."""
    read = partial(read_to_bill, scope=session.scope)
    return show_list(request, site, session, frame=TO_BILL, read=read)


@router.get("/invoices/{invoice}")
def invoice_page(request: Request, site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Show one invoice, or what is live of it."""
    return show_invoice(request, site, session, invoice=invoice)


@router.get("/invoices/{invoice}/print")
def print_invoice(request: Request, site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Show an invoice as it is printed, on A4, in the language of the page."""
    found = find(site, session, invoice)
    language = words_of(request).language
    row = found.row
    amount = words_of_amount(row["payable"], language, currency=row["currency"])
    return draw(
        request,
        "invoice_print.html",
        session=session,
        invoice=found,
        in_words=amount,
        code=draw_code(found),
        ack_day=day_in_india(found.registration.ack_at or 0) if found.registration else None,
        with_batches=any(goods.batch for one in found.lines for goods in one.goods),
    )


@router.get("/invoices/{invoice}/paper.pdf")
def invoice_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, invoice: int, size: PaperSize = "a4"
) -> Response:
    """Give an invoice as the file that is sent: the same one whoever asks, and whenever."""
    return send_paper(acts.paper(invoice, size=size, **language, scope=session.scope))


@router.post("/invoices/{invoice}/cancel")
def cancel(
    request: Request,
    site: SiteOf,
    session: Canceller,
    *,
    acts: Acts,
    invoice: int,
    reason: Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")],
) -> Response:
    """Cancel an invoice; it keeps its number."""
    done = acts.cancel(invoice, why=reason, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return show_invoice(request, site, session, invoice=invoice, done=done)
    return RedirectResponse(f"/invoices/{invoice}", 303)


@router.post("/invoices/{invoice}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    invoice: int,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at an invoice that the reader may see."""
    find(site, session, invoice)
    return keep_note(
        site,
        session,
        record="invoice",
        key=str(invoice),
        text=text,
        address=f"/invoices/{invoice}",
        topic="invoices",
    )
