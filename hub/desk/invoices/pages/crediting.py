"""Crediting an invoice: goods that came back by line, free goods charged, or a lower price."""

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.crediting import SHELVES, read_credited
from hub.desk.invoices.pages.showing import find
from hub.desk.invoices.reads.record import InvoiceDetail
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Crediter = Annotated[Session, Depends(signed_in_for("invoices.credit"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]


@router.get("/invoices/{invoice}/credit")
def credit(request: Request, site: SiteOf, session: Crediter, *, invoice: int) -> Response:
    """Show the form: nothing comes back of a line until somebody says so."""
    place = _place(request, site, session, found=_found(site, session, invoice))
    return open_form(place, {"earlier": str(len(find(site, session, invoice).notes))})


@router.post("/invoices/{invoice}/credit")
def keep(
    request: Request, site: SiteOf, session: Crediter, *, given: Given, acts: Acts, invoice: int
) -> Response:
    """Make the credit note, or show again what is wrong at its line."""
    place = _place(request, site, session, found=_found(site, session, invoice))
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    asked, _ = read_credited(given)
    earlier = given.get("earlier", "")
    done = acts.credit(
        invoice,
        asked,
        why=given.get("why", ""),
        by=session.user,
        scope=session.scope,
        earlier=int(earlier) if earlier.isdecimal() else None,
    )
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/invoices/{done.invoice}")


def _place(
    request: Request, site: Site, session: Session, *, found: InvoiceDetail
) -> FormPlace[dict[str, str]]:
    words, money = words_of(request), site.distributor().money
    address = f"/invoices/{found.row['id']}"
    shown = {"invoice": found, "shelves": SHELVES}

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        _, faults = read_credited(values)
        errors = _errors(faults, words, money=money)
        if not values.get("why", "").strip():
            errors["why"] = sentence(Reason("cell_empty"), language=words.language)
        return Checked(dict(values), errors=errors, shown=shown)

    frame = FormFrame(
        f"invoice_credit_{found.row['id']}",
        "invoices.credit",
        "invoices.credit_send",
        (Field("why", "invoices.why", required=True, longest=LONGEST_REASON),),
        "invoice_credit.html",
    )
    return FormPlace(
        request, site, session, frame, f"{address}/credit", address, check, ref=str(found.row["id"])
    )


def _errors(reasons: object, words: PageWords, *, money: HouseMoney) -> dict[str, str]:
    found = cast("tuple[Reason, ...]", reasons)
    return sentences(found, language=words.language, money=money)


def _found(site: Site, session: Session, invoice: int) -> InvoiceDetail:
    """Find an invoice of which something may be credited; raises HTTPException 404."""
    found = find(site, session, invoice)
    if found.row["of_id"] is not None or found.state == "cancelled":
        raise HTTPException(404)
    return found
