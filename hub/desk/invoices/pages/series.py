"""The form that moves a series of numbers past those that papers outside of these books have."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.reads.series import list_series
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


@router.get("/invoices/series")
def series(request: Request, site: SiteOf, session: Writer) -> Response:
    """Show which number each kind of document gets next."""
    return open_form(_place(request, site, session), {"last": ""})


@router.post("/invoices/series")
def move_on(
    request: Request, site: SiteOf, session: Writer, *, given: Given, acts: Acts
) -> Response:
    """Skip the numbers that papers have."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    kind, _, seller = given.get("series", "").partition("/")
    done = acts.move_series(
        *(kind, given.get("last", "")),
        seller=seller,
        why=given.get("why", ""),
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to="/invoices/series")


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    words = words_of(request)
    with site.ground.database.read() as connection:
        rows = list_series(connection, scope=session.scope)
    options = tuple(
        Option(f"{one.kind}/{one.seller}", f"{words.named('series_kind', one.kind)} {one.seller}")
        for one in rows
    )
    fields = (
        Field("series", "invoices.series_kind", kind="choice", options=options),
        Field("last", "invoices.series_last", hint="invoices.series_last_hint", required=True),
        Field("why", "word.why", required=True, longest=LONGEST_REASON),
    )
    frame = FormFrame(
        *("series", "invoices.series", "invoices.series_move"), fields, "invoice_series.html"
    )
    return FormPlace(
        *(request, site, session, frame, "/invoices/series", "/invoices/letterhead"),
        lambda values: Checked(dict(values), shown={"series": rows}),
    )
