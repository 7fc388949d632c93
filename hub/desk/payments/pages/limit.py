"""The form that says up to which rest of an invoice may be written off."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.money import HOUSE_SCALE
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import UP_TO
from hub.desk.payments.reads import read_limit_changes, read_most
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
from hub.web.frames.records import write_amounts
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import shown

router = Router()
Limiter = Annotated[Session, Depends(signed_in_for("payments.limit"))]
Acts = Annotated[PaymentActs, Depends(acts_of(PaymentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]


@router.get("/payments/limit")
def limit(request: Request, site: SiteOf, session: Limiter) -> Response:
    """Show the amount that is set."""
    with site.ground.database.read() as connection:
        amount = read_most(connection, scope=session.scope)
    return open_form(_place(request, site, session), {UP_TO: str(shown(amount, HOUSE_SCALE))})


@router.post("/payments/limit")
def keep_limit(
    request: Request, site: SiteOf, session: Limiter, *, given: Given, acts: Acts
) -> Response:
    """Set the amount."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.write_off.set_limit(
        given.get(UP_TO, ""), why=given.get("note", ""), by=session.user
    )
    if wrong is not None:
        return refuse_act(place, given, wrong.reasons)
    return finish_form(place, sent=sent, led_to="/payments")


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    with site.ground.database.read() as connection:
        told = read_limit_changes(connection, scope=session.scope)
    fields = (
        Field(UP_TO, "payments.limit", kind="amount", required=True),
        Field("note", "word.why", longest=LONGEST_REASON),
    )
    frame = FormFrame(
        *("write_off_limit", "payments.limit", "payments.limit_keep", fields, "payment_limit.html")
    )
    money = site.distributor().money
    changes = [write_amounts(one, money) for one in reversed(told)]
    return FormPlace(
        *(request, site, session, frame, "/payments/limit", "/payments"),
        lambda values: Checked(dict(values), shown={"changes": changes}),
    )
