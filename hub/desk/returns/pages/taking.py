"""The addresses of returns: the list, one return, and the form that takes goods back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import Reason, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.words import PageWords
from hub.desk.deliveries.reads.notes import find_note
from hub.desk.invoices.model.crediting import SHELVES
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import SoldLine, read_back
from hub.desk.returns.pages.listing import RETURNS, read_list
from hub.desk.returns.reads import list_sold, read_return
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import Action, Actions, Happened, Linked, Record, show_record
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("returns.read"))]
Taker = Annotated[Session, Depends(signed_in_for("returns.take"))]
Acts = Annotated[ReturnActs, Depends(acts_of(ReturnActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_OPENED: Final = "opened"
_SHOWN: Final = 500
"""Lines of invoices that the form reads; older ones come back by the command or the API."""


@dataclass(slots=True)
class Offered:
    """A product that may come back: how much of it, from which newest invoice, of which batches."""

    sku: str
    name: str
    left: int
    number: str
    batches: list[str]


@router.get("/returns")
def returns(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=RETURNS, read=read)


@router.get("/returns/new")
def new(
    request: Request,
    site: SiteOf,
    session: Taker,
    *,
    customer: str = "",
    delivery: int | None = None,
) -> Response:
    """Show the form; of a customer that is named, with what was sold last."""
    values = {"customer": customer, "delivery": str(delivery or ""), _OPENED: "yes"}
    return open_form(_place(request, site, session), values)


@router.post("/returns/new")
def take(request: Request, site: SiteOf, session: Taker, *, given: Given, acts: Acts) -> Response:
    """Take the goods back, or show again what is wrong at its product."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    back, _ = read_back(given)
    done = acts.take(
        given.get("customer", "").strip(),
        back,
        key=sent.key,
        why=given.get("why", ""),
        delivery=_delivery(site, session, given),
        charge=given.get("charge", "") == "1",
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        language = words_of(request).language
        at = [one._replace(field=_cell(one)) for one in done.reasons]
        shown = place.check(given).shown
        return refuse_form(place, given, errors=sentences(at, language=language), shown=shown)
    return finish_form(place, sent=sent, led_to=f"/returns/{done.id}")


@router.get("/returns/{row_id}")
def show(request: Request, site: SiteOf, session: Reader, *, row_id: int) -> Response:
    """Show one return with its credit notes."""
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        found = read_return(connection, row_id, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    row = found.row
    notes = {one.note: one.note_number for one in found.lines}
    kind = words.named("invoice_kind", "credit_note")
    linked = [Linked(kind, number, f"/invoices/{note}") for note, number in notes.items()]
    if row.delivery is not None:
        note = words.text("delivery.note")
        linked.append(Linked(note, str(row.delivery), f"/deliveries/{row.delivery}"))
    record = Record(
        noun="return",
        key=str(row_id),
        number=row.number,
        name=row.customer,
        name_href=f"/customers/{quote(row.customer_code, safe='')}"
        if session.may("customers.read")
        else "",
        address=f"/returns/{row_id}",
        back="/returns",
        topics=("returns", "invoices"),
        linked=tuple(linked),
        timeline=(Happened(row.made_at, row.made_by, words.text("returns.taken"), why=row.why),),
        notes=False,
    )
    return show_record(
        request, site, session, record=record, template="return.html", seen=seen, found=found
    )


def read_of_customer(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> str | None:
    """Give the customer's code to whoever may take goods back."""
    del connection, now_ms
    return key if session.may("returns.take") else None


def offer_of_customer(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to take goods of a customer back."""
    del session
    address = f"/returns/new?fresh=1&customer={quote(str(it), safe='')}"
    return Actions(others=(Action(words.text("returns.take"), "arrow-back-up", address=address),))


def _cell(reason: Reason) -> str:
    """Give the field at which a fault is told: a product's first cell, or the customer's."""
    return (
        f"good.{reason.field}"
        if reason.code.startswith("return_")
        and reason.field
        not in {
            "why",
            "customer",
        }
        else reason.field or "customer"
    )


def _delivery(site: Site, session: Session, given: Mapping[str, str]) -> int | None:
    """Find the note that was typed, by its number or its id; 0 where there is no such."""
    text = given.get("delivery", "").strip().upper()
    if not text or text.isdecimal():
        return int(text) if text else None
    if not text.isprintable():
        return 0
    with site.ground.database.read() as connection:
        found = find_note(connection, text, scope=session.scope)
    return next((one.id for one in found if one.number.upper() == text), 0)


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    words = words_of(request)

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        _, faults = read_back(values)
        errors = sentences(faults, language=words.language)
        if not values.get("why", "").strip():
            errors["why"] = sentence(Reason("return_why"), language=words.language)
        delivery = _delivery(site, session, values)
        if delivery == 0:
            errors["delivery"] = words.text("returns.no_note")
        code = values.get("customer", "").strip()
        sold: list[SoldLine] = []
        if code and code.isprintable():
            with site.ground.database.read() as connection:
                found = list_sold(
                    connection, code, delivery=delivery, most=_SHOWN, scope=session.scope
                )
            sold = list(found)
        errors = {} if _OPENED in values else errors
        shown = {"offered": _offer(sold), "shelves": SHELVES[:3]}
        return Checked(dict(values), errors=errors, shown=shown)

    frame = FormFrame(
        "return",
        "returns.take",
        "returns.take",
        (
            Field("customer", "word.customer", required=True, code=True, longest=64),
            Field("delivery", "delivery.note", hint="returns.delivery_hint", longest=32),
            Field("why", "word.why", required=True, longest=300),
        ),
        "return_new.html",
    )
    return FormPlace(request, site, session, frame, "/returns/new", "/returns", check)


def _offer(sold: list[SoldLine]) -> list[Offered]:
    """Put what was sold together by product, the last invoice first."""
    found: dict[str, Offered] = {}
    for one in sold:
        row = found.setdefault(one.sku, Offered(one.sku, one.name, 0, one.number, []))
        row.left += one.left
        row.batches += [code for code in one.batches if code and code not in row.batches]
    return list(found.values())
