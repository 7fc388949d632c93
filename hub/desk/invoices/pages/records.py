"""The addresses of one invoice: its record, its print, its file for the portal, and cancelling."""

from datetime import date
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.model.gst_files import encode_file, missing_of, write_inv01
from hub.desk.invoices.pages.listing import INVOICES, TO_BILL, read_invoices, read_to_bill
from hub.desk.invoices.pages.returns import month_of, write_return
from hub.desk.invoices.reads.gst import read_month
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.desk.invoices.words import STATES
from hub.web.frames.lists import show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Happened,
    Linked,
    Record,
    keep_note,
    show_record,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, paper_actions, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("invoices.read"))]
Canceller = Annotated[Session, Depends(signed_in_for("invoices.cancel"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]
_RUPEES: Final = "INR"


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


@router.get("/invoices/gstr1.csv")
def gstr1(site: SiteOf, session: Reader, *, month: str = "") -> Response:
    """Give the file of a month for the return of sales, of the month before where none is named."""
    first, last = month_of(month, site.today())
    with site.ground.database.read() as connection:
        rows = read_month(connection, first=first, last=last, scope=session.scope)
    name = f"gstr1-{first:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_return(rows), media_type="text/csv", headers=headers)


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
    amount = words_of_amount(row["payable"], language) if row["currency"] == _RUPEES else ""
    return draw(
        request,
        "invoice_print.html",
        session=session,
        invoice=found,
        in_words=amount,
        with_batches=any(goods.batch for one in found.lines for goods in one.goods),
    )


@router.get("/invoices/{invoice}/paper.pdf")
def invoice_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, invoice: int, size: PaperSize = "a4"
) -> Response:
    """Give an invoice as the file that is sent: the same one whoever asks, and whenever."""
    return send_paper(acts.paper(invoice, size=size, language=language, scope=session.scope))


@router.get("/invoices/{invoice}/einvoice.json")
def einvoice(request: Request, site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Give an invoice as the portal of e-invoices takes it, or say what it lacks."""
    found = find(site, session, invoice)
    missing = tuple(missing_of(found.row, seller=found.seller, buyer=found.buyer))
    if missing:
        return show_invoice(request, site, session, invoice=invoice, done=Refused(missing))
    of = (found.of[1], found.of[2]) if found.of else None
    written = write_inv01(
        found.row, seller=found.seller, buyer=found.buyer, lines=found.lines, of=of
    )
    name = found.row["number"].replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(encode_file([written]), media_type="application/json", headers=headers)


@router.post("/invoices/{invoice}/cancel")
def cancel(
    request: Request,
    site: SiteOf,
    session: Canceller,
    *,
    acts: Acts,
    invoice: int,
    reason: Annotated[str, Form(max_length=300, pattern=r"\S")],
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


def find(site: Site, session: Session, invoice: int) -> InvoiceDetail:
    """Read an invoice that the reader may see; raises HTTPException 404."""
    today = site.today()
    with site.ground.database.read() as connection:
        found = read_invoice(connection, invoice, today=today, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def show_invoice(
    request: Request, site: Site, session: Session, *, invoice: int, done: object = None
) -> Response:
    """Show one invoice, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found = find(site, session, invoice)
    with site.ground.database.read() as connection:
        panels = site.panels("invoice", connection, key=str(invoice), session=session, words=words)
    fault = ""
    if isinstance(done, Refused):
        fault = "; ".join(sentence(one, language=words.language) for one in done.reasons)
    return show_record(
        request,
        site,
        session,
        record=_record(found, session, words),
        template="invoice.html",
        panels=panels,
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        invoice=found,
        late=_late(found, site.today()),
    )


def _late(found: InvoiceDetail, today: date) -> int:
    due = found.row["due"]
    return (today - due).days if found.state == "overdue" and due else 0


def _record(found: InvoiceDetail, session: Session, words: PageWords) -> Record:
    row, key = found.row, found.row["id"]
    address = f"/invoices/{key}"
    linked = [Linked(words.text("word.order"), no, f"/orders/{one}") for no, one in found.orders]
    if found.of:
        linked.append(
            Linked(words.named("invoice_kind", "invoice"), found.of[1], f"/invoices/{found.of[0]}")
        )
    kind = words.named("invoice_kind", "credit_note")
    linked += [Linked(kind, number, f"/invoices/{one}") for one, number, _ in found.credits]
    customer = f"/customers/{quote(found.buyer.code, safe='')}"
    return Record(
        noun="invoice",
        key=str(key),
        number=row["number"],
        name=found.buyer.name,
        name_href=customer if session.may("customers.read") else "",
        address=address,
        back="/invoices",
        topics=("invoices", "accounts"),
        state=STATES[found.state],
        actions=_actions(found, session, words),
        linked=tuple(linked),
        timeline=tuple(_happened(found, words)),
    )


def _happened(found: InvoiceDetail, words: PageWords) -> list[Happened]:
    row = found.row
    issued = words.text("invoices.issued")
    return [Happened(row["made_at"], row["made_by"], issued, why=row["why"])]


def _actions(found: InvoiceDetail, session: Session, words: PageWords) -> Actions:
    address = f"/invoices/{found.row['id']}"
    paper = Action(words.text("invoices.print"), "printer", address=f"{address}/print", key="p")
    others = paper_actions(address, words)
    is_invoice = found.row["of_id"] is None and found.state != "cancelled"
    if is_invoice and session.may("invoices.credit"):
        others.append(
            Action(words.text("invoices.credit"), "arrow-back-up", address=f"{address}/credit")
        )
    if session.is_staff:
        text = words.text("invoices.einvoice")
        others.append(Action(text, "download", address=f"{address}/einvoice.json"))
    if found.state != "cancelled" and session.may("invoices.cancel"):
        others.append(Action(words.text("invoices.cancel"), "ban", opens="cancel", danger=True))
    return Actions(beside=(paper,), others=tuple(others))
