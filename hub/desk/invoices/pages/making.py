"""Making an invoice: what it would say and what it lacks is shown, and below it the button."""

from typing import Annotated, Any

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.reads.record import invoices_of_order, read_order_ref
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Maker = Annotated[Session, Depends(signed_in_for("invoices.make"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]
_MOST = 50
Note = Annotated[int, Field(ge=1, le=2**53)]


@router.get("/invoices/new")
def new(
    request: Request,
    site: SiteOf,
    session: Maker,
    *,
    acts: Acts,
    order: str = "",
    notes: Annotated[list[Note] | None, Query(max_length=_MOST)] = None,
) -> Response:
    """Show what an invoice of an order, or of delivery notes, would say."""
    return _foresee(request, site, session, acts=acts, order=order, notes=notes or [])


@router.post("/invoices/new")
def make(
    request: Request,
    site: SiteOf,
    session: Maker,
    *,
    acts: Acts,
    order: Annotated[str, Form()] = "",
    notes: Annotated[list[Note] | None, Form(max_length=_MOST)] = None,
    seen: Annotated[str, Form(max_length=64)] = "",
    reverse_charge: Annotated[bool, Form()] = False,
) -> Response:
    """Issue the invoice that was shown; where that is done already, lead to it."""
    orders = [] if notes else [_order(site, session, order)[0]]
    done = acts.make(
        orders=orders,
        notes=notes or [],
        by=session.user,
        scope=session.scope,
        seen=seen,
        reverse_charge=reverse_charge,
    )
    if isinstance(done, Refused):
        return _foresee(
            request, site, session, acts=acts, order=order, notes=notes or [], refused=done
        )
    return RedirectResponse(f"/invoices/{done.invoice}", 303)


def _foresee(
    request: Request,
    site: Site,
    session: Session,
    *,
    acts: InvoiceActs,
    order: str,
    notes: list[int],
    refused: Refused | None = None,
) -> Response:
    orders = [] if notes else [_order(site, session, order)[0]]
    foreseen = acts.make.foresee(orders=orders, notes=notes, scope=session.scope)
    language = words_of(request).language
    shown: dict[str, Any] = {"new": None, "faults": []}
    if isinstance(foreseen, Refused):
        reasons = foreseen.reasons
    else:
        shown["new"], reasons = foreseen
    reasons = (refused.reasons if refused else ()) or reasons
    shown["faults"] = [(one.field, sentence(one, language=language)) for one in reasons]
    shown["billed"] = _billed(site, session, order) if shown["new"] is None else []
    return draw(
        request,
        "invoice_new.html",
        session=session,
        status=409 if refused else 200,
        order=order,
        notes=notes,
        back=f"/orders/{order}" if order else "/invoices/to-bill",
        **shown,
    )


def _billed(site: Site, session: Session, order: str) -> list[tuple[int, str]]:
    """Give id and number of the invoices that an order has already."""
    with site.ground.database.read() as connection:
        found = invoices_of_order(connection, order, today=site.today(), scope=session.scope)
    return [(row_id, number) for row_id, number, *_ in found]


def _order(site: Site, session: Session, uuid: str) -> tuple[int, str, str, bool]:
    with site.ground.database.read() as connection:
        found = read_order_ref(connection, uuid, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found
