"""The form that says what a seller's documents say of it, and how they are numbered."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.billing import SERIES
from hub.desk.invoices.reads.letterheads import read_texts
from hub.desk.parties.model.gst import STATES
from hub.desk.parties.reads.sellers import list_sellers
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
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
Writer = Annotated[Session, Depends(signed_in_for("invoices.letterhead"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_SIDE: Final = ("name", "gstin", "address", "city", "pin", "state", "phone", "email")
_PAPER: Final = ("bank", "note")
_SERIES: Final = tuple(f"prefix_{kind}" for kind in SERIES)


@router.get("/invoices/letterhead")
def letterhead(request: Request, site: SiteOf, session: Writer, *, seller: str = "") -> Response:
    """Show what is said of a seller now; the first where none is named."""
    code, place = _place(request, site, session, seller=seller)
    with site.ground.database.read() as connection:
        return open_form(place, read_texts(connection, code, scope=session.scope))


@router.post("/invoices/letterhead")
def keep(
    request: Request, site: SiteOf, session: Writer, *, given: Given, acts: Acts, seller: str = ""
) -> Response:
    """Keep it; documents that were issued stay as they are."""
    code, place = _place(request, site, session, seller=seller)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.set_letterhead(code, given, by=session.user, scope=session.scope)
    if wrong is not None:
        return refuse_act(place, given, wrong.reasons)
    return finish_form(place, sent=sent, led_to="/invoices")


def _place(
    request: Request, site: Site, session: Session, *, seller: str
) -> tuple[str, FormPlace[dict[str, str]]]:
    words = words_of(request)
    with site.ground.database.read() as connection:
        sellers = list_sellers(connection, scope=session.scope)
    codes = [code for code, _ in sellers]
    if not codes or (seller and seller not in codes):
        raise HTTPException(404)
    code = seller or codes[0]
    states = tuple(Option(one, words.named("customer_choice", f"state_{one}")) for one in STATES)
    empty = Option("", words.text("customers.not_said"))
    fields = [
        *(_field(one, "letterhead_group.side") for one in _SIDE if one != "state"),
        Field(
            "state",
            "letterhead_field.state",
            kind="choice",
            options=(empty, *states),
            group="letterhead_group.side",
        ),
        *(_field(one, "letterhead_group.paper") for one in _PAPER),
        *(_field(one, "letterhead_group.series") for one in _SERIES),
    ]
    frame = FormFrame(
        *("letterhead", "invoices.letterhead", "invoices.keep"), tuple(fields), "letterhead.html"
    )
    address = f"/invoices/letterhead?seller={code}" if seller else "/invoices/letterhead"
    place = FormPlace(
        request,
        site,
        session,
        frame,
        address,
        "/invoices",
        lambda values: Checked(dict(values)),
        ref=code,
    )
    return code, place


def _field(name: str, group: str) -> Field:
    hint = "letterhead_hint.series" if name in _SERIES else ""
    hint = "letterhead_hint.gstin" if name == "gstin" else hint
    kind = "area" if name in {"address", "bank", "note"} else "text"
    return Field(name, f"letterhead_field.{name}", kind=kind, hint=hint, longest=300, group=group)
