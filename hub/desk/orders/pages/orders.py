"""The list of orders, one order with its revisions, and what staff do with it."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.fields import Refused as FileRefused
from hub.base.fields.words import sentence as say_field
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.pages.listing import frame_for, read_orders
from hub.desk.orders.pages.record import record_of
from hub.desk.orders.reads.listing import row_id_of
from hub.desk.orders.reads.order import read_order
from hub.desk.orders.words import sentence, tell_reason
from hub.desk.parties.reads.addresses import list_addresses
from hub.web.frames.files import FileRoom, add_file_pages
from hub.web.frames.lists import show_list
from hub.web.frames.records import LONGEST_NOTE, keep_note, show_record
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import PaperLanguage, PaperSize, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]
Reason = Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")]
Seen = Annotated[int | None, Form(ge=1)]
"""The revision that the person looked at: where there is a newer one, nothing is done."""


@router.get("/orders")
def orders(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_orders, site=site, scope=session.scope)
    return show_list(request, site, session, frame=frame_for(session), read=read)


@router.get("/orders/{uuid}")
def order(request: Request, site: SiteOf, session: Reader, *, uuid: str) -> Response:
    """Show one order, or what is live of it."""
    return order_page(request, site, session, uuid=uuid)


@router.get("/orders/{uuid}/paper.pdf")
def order_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, uuid: str, size: PaperSize = "a4"
) -> Response:
    """Give an order as the file that is sent."""
    return send_paper(acts.paper(uuid, size=size, **language, scope=session.scope))


@router.post("/orders/{uuid}/cancel")
def cancel(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.cancel"))],
    *,
    acts: Acts,
    uuid: str,
    reason: Reason,
    seen: Seen = None,
) -> Response:
    """Cancel an order for a reason that the shop, or, where a shop cancels, the desk will read."""
    see_order(site, session, uuid)
    done = acts.cancel(
        uuid, by=session.user, why=reason, seen=seen, of_customer=not session.is_staff
    )
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/ship-to")
def redirect(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.amend"))],
    *,
    acts: Acts,
    uuid: str,
    reason: Reason,
    ship_to: Annotated[str, Form(max_length=64)] = "",
    was: Annotated[str | None, Form(max_length=64)] = None,
) -> Response:
    """Send an order's goods to another address of its customer; none is the customer's own."""
    see_order(site, session, uuid)
    done = acts.redirect(uuid, ship_to, by=session.user, why=reason, was=was)
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/hold")
def hold(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.hold"))],
    *,
    acts: Acts,
    uuid: str,
    reason: Reason,
    seen: Seen = None,
) -> Response:
    """Hold an order for a reason that the shop will read."""
    see_order(site, session, uuid)
    done = acts.hold(uuid, by=session.user, why=reason, seen=seen)
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/fill")
def fill(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.amend"))],
    *,
    acts: Acts,
    uuid: str,
    seen: Seen = None,
) -> Response:
    """Allocate what has come in of what an order waits for."""
    see_order(site, session, uuid)
    done = acts.fill(uuid, by=session.user, seen=seen)
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/split")
def split(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.amend"))],
    *,
    acts: Acts,
    uuid: str,
    seen: Seen = None,
) -> Response:
    """Make of what an order waits for an order of its own."""
    see_order(site, session, uuid)
    done = acts.split(uuid, by=Requester("user", session.user), seen=seen)
    return done_page(request, site, session, uuid=uuid, done=done)


def see_order(site: Site, session: Session, uuid: str) -> None:
    """See that an order is among those that the person sees: a 404 otherwise."""
    with site.ground.database.read() as connection:
        if row_id_of(connection, uuid, scope=session.scope) is None:
            raise HTTPException(404)


def done_page(
    request: Request, site: Site, session: Session, *, uuid: str, done: object
) -> Response:
    """Go back to the order, or show it with why nothing was done."""
    if not isinstance(done, Refused):
        return RedirectResponse(f"/orders/{uuid}", 303)
    if done.reason.code == "order_unknown":
        raise HTTPException(404)
    words = words_of(request)
    why = sentence(done.reason, language=words.language)
    fault = words.text("order.nothing_changed", why=why)
    return order_page(request, site, session, uuid=uuid, status=409, fault=fault)


def order_page(
    request: Request, site: Site, session: Session, *, uuid: str, status: int = 200, fault: str = ""
) -> Response:
    """Show one order, with what other nouns have to say of it."""
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid, scope=session.scope, language=words.language)
        if found is None:
            raise HTTPException(404)
        places = list_addresses(connection, found.head.customer_code, scope=session.scope)
        panels = site.panels("order", connection, key=uuid, session=session, words=words)
    return show_record(
        request,
        site,
        session,
        record=record_of(
            found, session, words, elsewhere=bool(places) or found.ship_to is not None
        ),
        template="order.html",
        panels=panels,
        order=found,
        places=places,
        tell=partial(
            tell_reason,
            scale=found.newest.scale,
            words=words,
            staff=session.is_staff,
            names=found.names,
            currency=found.newest.currency,
        ),
        fault=fault,
        status=status,
        seen=seen,
    )


@router.post("/orders/{uuid}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    uuid: str,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a note at an order that the reader may see; `shared` lets the shop read it."""
    see_order(site, session, uuid)
    address = f"/orders/{uuid}"
    return keep_note(
        site,
        session,
        record="order",
        key=uuid,
        text=text,
        address=address,
        topic="orders",
        shared=shared,
    )


# --- files at an order, for staff alone: a scanned purchase order, a letter of the shop -----------


def _see_as_staff(site: Site, session: Session, uuid: str) -> None:
    """See that an order is among those that somebody of the house sees: a 404 otherwise."""
    if not session.is_staff:
        raise HTTPException(404)
    see_order(site, session, uuid)


def _refuse_file(
    request: Request, site: Site, session: Session, *, key: str, done: FileRefused
) -> Response:
    """Show an order with why a file was not kept, or not taken away."""
    fault = say_field(done.reasons[0], language=words_of(request).language)
    return order_page(request, site, session, uuid=key, status=409, fault=fault)


add_file_pages(
    router,
    "/orders",
    FileRoom("order", "orders", "orders.read", "orders.amend", see=_see_as_staff),
    address=lambda uuid: f"/orders/{uuid}",
    refuse=_refuse_file,
)
