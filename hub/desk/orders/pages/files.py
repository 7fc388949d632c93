"""The files of orders, for staff alone: a purchase order that was scanned, a letter of the shop."""

from fastapi import HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.orders.pages.orders import order_page, see_order
from hub.web.frames.files import FileRoom, add_file_pages
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.site import Site

router = Router()


def see(site: Site, session: Session, uuid: str) -> None:
    """See that an order is among those that somebody of the house sees: a 404 otherwise."""
    if not session.is_staff:
        raise HTTPException(404)
    see_order(site, session, uuid)


def refuse(request: Request, site: Site, session: Session, uuid: str, done: Refused) -> Response:
    """Show an order with why a file was not kept, or not taken away."""
    fault = sentence(done.reasons[0], language=words_of(request).language)
    return order_page(request, site, session, uuid=uuid, status=409, fault=fault)


add_file_pages(
    router,
    "/orders",
    FileRoom("order", "orders", "orders.read", "orders.amend", see=see),
    address=lambda uuid: f"/orders/{uuid}",
    refuse=refuse,
)
