"""Products for programs: found and read, by the fields that pages have."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.products.reads.products import ProductDetail, find_products, read_product
from hub.web.noun import Router
from hub.web.programs import ApiError, token_for
from hub.web.site import SiteOf

router = Router(prefix="/api/v1")
Reader = Annotated[Session, Depends(token_for("products.read"))]
_MOST: Final = 100


@router.get("/products")
def products(site: SiteOf, session: Reader, *, q: str = "") -> JSONResponse:
    """Find products by SKU, name, brand or bar code; 100 at most."""
    with site.ground.database.read() as connection:
        rows = find_products(connection, q[:_MOST], most=_MOST, scope=session.scope)
    return JSONResponse([{"sku": row.sku, "name": row.name, "active": row.active} for row in rows])


@router.get("/products/{sku:path}")
def product(site: SiteOf, session: Reader, *, sku: str) -> JSONResponse:
    """Give a product with all its fields."""
    found = None
    if sku.isprintable():
        with site.ground.database.read() as connection:
            found = read_product(connection, sku, scope=session.scope)
    if found is None:
        text = "there is no such product"
        raise ApiError(HTTPStatus.NOT_FOUND, "product_not_found", text)
    return JSONResponse(document_of(found))


def document_of(found: ProductDetail) -> dict[str, Any]:
    """Write a product for programs."""
    return {"sku": found.row.sku, "active": found.row.active, "fields": dict(found.fields)}
