"""An invoice's page: what it shows, and what may be done with the invoice."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from fastapi import HTTPException, Request, Response

from hub.base import history
from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.history import Entry
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.pages.at_portal import stand_at_portal, tell_portal
from hub.desk.invoices.reads.put_back import list_put_back
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.desk.invoices.words import STATES
from hub.web.frames.records import (
    Action,
    Actions,
    Happened,
    Linked,
    Record,
    show_record,
)
from hub.web.pages import words_of
from hub.web.papers import paper_actions
from hub.web.site import Site


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
        happened = history.read(connection, "einvoice", invoice)
        ended = history.read(connection, "invoice", invoice)
        put_back = list_put_back(connection, [invoice], scope=session.scope)
    portal = stand_at_portal(
        found, terms=site.ground.part(InvoiceActs).register.terms, session=session, words=words
    )
    fault = ""
    if isinstance(done, Refused):
        money = site.distributor().money
        said = (sentence(one, language=words.language, money=money) for one in done.reasons)
        fault = "; ".join(said)
    return show_record(
        request,
        site,
        session,
        record=_record(
            found,
            session,
            words,
            more=[*_ended(ended, words), *tell_portal(happened, words, staff=session.is_staff)],
        ),
        template="invoice.html",
        panels=panels,
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        invoice=found,
        late=_late(found, site.today()),
        portal=portal,
        put_back=put_back,
    )


def _late(found: InvoiceDetail, today: date) -> int:
    due = found.row["due"]
    return (today - due).days if found.state == "overdue" and due else 0


def _record(
    found: InvoiceDetail, session: Session, words: PageWords, *, more: Sequence[Happened]
) -> Record:
    row, key = found.row, found.row["id"]
    address = f"/invoices/{key}"
    linked = []
    if session.may("orders.read"):
        order = words.text("word.order")
        linked += [Linked(order, no, f"/orders/{one}") for no, one in found.orders]
    if session.may("deliveries.read"):
        paper = words.text("delivery.paper")
        linked += [Linked(paper, no, f"/deliveries/{one}") for one, no in found.deliveries]
    if found.of:
        linked.append(
            Linked(words.named("invoice_kind", "invoice"), found.of[1], f"/invoices/{found.of[0]}")
        )
    linked += [
        Linked(words.named("invoice_kind", kind), number, f"/invoices/{one}")
        for kind, one, number in found.notes
    ]
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
        timeline=(*_happened(found, words), *more),
    )


def _happened(found: InvoiceDetail, words: PageWords) -> list[Happened]:
    row = found.row
    issued = words.text("invoices.issued")
    return [Happened(row["made_at"], row["made_by"], issued, why=row["why"])]


def _ended(entries: Sequence[Entry], words: PageWords) -> list[Happened]:
    """Tell that a document was cancelled, by whom and why."""
    text = words.text("invoices.cancelled")
    return [Happened(one.at_ms, one.who, text, why=one.why) for one in entries]


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
        if found.of is None:
            text = words.text("invoices.eway")
            others.append(Action(text, "truck", address=f"{address}/eway.json"))
    is_alone = found.row["comes_with"] is None  # else its credit note is cancelled
    if found.state != "cancelled" and is_alone and session.may("invoices.cancel"):
        others.append(Action(words.text("invoices.cancel"), "ban", opens="cancel", danger=True))
    return Actions(beside=(paper,), others=tuple(others))
