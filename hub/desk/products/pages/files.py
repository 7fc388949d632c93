"""The files of products: pictures, of which the newest is drawn on the page, and papers."""

from fastapi import Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.desk.products.pages.listing import address_of
from hub.desk.products.pages.products import product_page, see_product
from hub.web.frames.files import FileRoom, add_file_pages
from hub.web.noun import Router
from hub.web.site import Site

router = Router()


def refuse(request: Request, site: Site, session: Session, *, key: str, done: Refused) -> Response:
    """Show a product with why a file was not kept, or not taken away."""
    return product_page(request, site, session, sku=key, done=done)


add_file_pages(
    router,
    "/products",
    FileRoom("product", "products", "products.read", "products.change", see=see_product),
    address=address_of,
    refuse=refuse,
)
