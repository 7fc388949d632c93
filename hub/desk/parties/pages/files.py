"""The files of customers: licences, certificates, photos of the shop."""

from fastapi import Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.desk.parties.pages.customers import customer_page, see_customer
from hub.desk.parties.pages.listing import address_of
from hub.web.frames.files import FileRoom, add_file_pages
from hub.web.noun import Router
from hub.web.site import Site

router = Router()


def refuse(request: Request, site: Site, session: Session, *, key: str, done: Refused) -> Response:
    """Show a customer with why a file was not kept, or not taken away."""
    return customer_page(request, site, session, code=key, done=done)


add_file_pages(
    router,
    "/customers",
    FileRoom("customer", "customers", "customers.read", "customers.change", see=see_customer),
    address=address_of,
    refuse=refuse,
)
