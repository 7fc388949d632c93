"""The form that says up to which worth one person adjusts stock alone."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.money import HOUSE_SCALE
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.limits import Limits
from hub.desk.stock.pages.forms import field_of
from hub.desk.stock.reads.documents import read_limit_changes, read_limits
from hub.web.frames.forms import (
    Checked,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.frames.records import write_amounts
from hub.web.noun import Router
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
        now = read_limits(connection, scope=session.scope)
    return open_form(_place(request, site, session), said_limits(now))


@router.post("/stock/limit")
def keep_limit(
    request: Request, site: SiteOf, session: Limiter, *, given: Given, acts: Acts
) -> Response:
    """Set both amounts."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.set_limit(given, by=session.user)
    if wrong is not None:
        return refuse_act(place, given, wrong.reasons)
    return finish_form(place, sent=sent, led_to="/stock/documents")


def said_limits(limits: Limits) -> dict[str, str]:
    """Write the limits as people type them."""
    again = "" if limits.recount is None else str(shown(limits.recount, HOUSE_SCALE))
    return {"amount": str(shown(limits.amount, HOUSE_SCALE)), "recount": again}


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    with site.ground.database.read() as connection:
        told = read_limit_changes(connection, scope=session.scope)
    fields = (
        field_of("amount", kind="amount", required=True, hint="stock.limit_hint"),
        field_of("recount", kind="amount", hint="stock.recount_hint"),
        field_of("note"),
    )
    frame = FormFrame("stock_limit", "stock.limit", "stock.limit", fields, "stock_limit.html")
    money = site.distributor().money
    changes = [write_amounts(one, money) for one in reversed(told)]
    return FormPlace(
        *(request, site, session, frame, "/stock/limit", "/stock/documents"),
        lambda values: Checked(dict(values), shown={"changes": changes}),
    )
