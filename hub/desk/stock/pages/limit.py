"""The form that says up to which worth one person adjusts stock alone."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields.words import sentences
from hub.desk.stock.acts import StockActs
from hub.desk.stock.pages.forms import field_of
from hub.desk.stock.reads.documents import read_alone, read_recount
from hub.desk.stock.words import SCALE
from hub.web.frames.forms import (
    Checked,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import shown

router = Router()
Limiter = Annotated[Session, Depends(signed_in_for("stock.limit"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]


@router.get("/stock/limit")
def limit(request: Request, site: SiteOf, session: Limiter) -> Response:
    """Show the amounts that are set."""
    with site.ground.database.read() as connection:
        amount = read_alone(connection, scope=session.scope)
        recount = read_recount(connection, scope=session.scope)
    again = "" if recount is None else shown(recount, SCALE)
    values = {"amount": shown(amount, SCALE), "recount": again}
    return open_form(_place(request, site, session), values)


@router.post("/stock/limit")
def keep_limit(
    request: Request, site: SiteOf, session: Limiter, *, given: Given, acts: Acts
) -> Response:
    """Set both amounts."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.set_limit(given.get("amount", ""), scale=SCALE, by=session.user)
    again = given.get("recount")
    if wrong is None and again is not None:
        wrong = acts.set_limit.recount(again, scale=SCALE, by=session.user)
    if wrong is not None:
        language = words_of(request).language
        return refuse_form(place, given, errors=sentences(wrong.reasons, language=language))
    return finish_form(place, sent=sent, led_to="/stock/documents")


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    fields = (
        field_of("amount", kind="amount", required=True, hint="stock.limit_hint"),
        field_of("recount", kind="amount", hint="stock.recount_hint"),
    )
    frame = FormFrame("stock_limit", "stock.limit", "stock.limit", fields)
    return FormPlace(
        *(request, site, session, frame, "/stock/limit", "/stock/documents"),
        lambda values: Checked(dict(values)),
    )
