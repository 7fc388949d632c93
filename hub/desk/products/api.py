"""Products for programs: found, read, added and changed, by the fields that pages have."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Change, Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.products.acts import ProductActs
from hub.desk.products.reads.products import ProductDetail, find_products, read_product
from hub.web.frames.files import FileRoom, add_file_programs
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1")
Reader = Annotated[Session, Depends(token_for("products.read"))]
Changer = Annotated[Session, Depends(token_for("products.change"))]
Acts = Annotated[ProductActs, Depends(acts_of(ProductActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100
_STATUS: Final = {
    "product_not_found": HTTPStatus.NOT_FOUND,
    "sku_taken": HTTPStatus.CONFLICT,
    "field_crossed": HTTPStatus.CONFLICT,
}


class NewProduct(msgspec.Struct, forbid_unknown_fields=True):
    """A product to add, under its SKU."""

    sku: str
    fields: dict[str, str]
    why: Why = ""


class ChangedProduct(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change: by field, the text that the program has seen and the one it wants."""

    seen: dict[str, str]
    fields: dict[str, str]
    why: Why = ""


def _found(site: Site, session: Session, sku: str) -> ProductDetail:
    """Read a product; raises ApiError."""
    if sku.isprintable():
        with site.ground.database.read() as connection:
            found = read_product(connection, sku, scope=session.scope)
        if found is not None:
            return found
    text = "there is no such product"
    raise ApiError(HTTPStatus.NOT_FOUND, "product_not_found", text)


@router.get("/products")
def products(site: SiteOf, session: Reader, *, q: str = "") -> JSONResponse:
    """Find products by SKU, name, brand or bar code; 100 at most."""
    with site.ground.database.read() as connection:
        rows = find_products(connection, q[:_MOST], most=_MOST, scope=session.scope)
    return JSONResponse([{"sku": row.sku, "name": row.name, "active": row.active} for row in rows])


@router.post("/products")
def add(site: SiteOf, session: Changer, *, acts: Acts, body: Body) -> JSONResponse:
    """Add a product: 201 with the product, 409 where its SKU is taken."""
    said = read_said(body, NewProduct)
    kept = _kept(acts.keep.add(said.sku, said.fields, by=session.user, why=said.why))
    headers = {"Location": f"/api/v1/products/{quote(kept.code, safe='')}"}
    found = _found(site, session, kept.code)
    return JSONResponse(document_of(found), HTTPStatus.CREATED, headers)


@router.patch("/products/{sku:path}")
def change(site: SiteOf, session: Changer, *, acts: Acts, sku: str, body: Body) -> JSONResponse:
    """Change fields: 409 where somebody else changed one since the program saw it."""
    said = read_said(body, ChangedProduct)
    changes = {name: Change(said.seen.get(name, ""), text) for name, text in said.fields.items()}
    kept = _kept(acts.keep.change(sku, changes, by=session.user, why=said.why))
    return JSONResponse({**document_of(_found(site, session, sku)), "changed": kept.changed})


add_file_programs(
    router,
    "/products",
    FileRoom(
        "product",
        "products",
        read="products.read",
        change="products.change",
        see=_found,
    ),
)


@router.get("/products/{sku:path}")
def product(site: SiteOf, session: Reader, *, sku: str) -> JSONResponse:
    """Give a product with all its fields."""
    return JSONResponse(document_of(_found(site, session, sku)))


def document_of(found: ProductDetail) -> dict[str, Any]:
    """Write a product for programs."""
    return {"sku": found.row.sku, "active": found.row.active, "fields": dict(found.fields)}


def _kept(done: Kept | Refused) -> Kept:
    """Give what was done; raises ApiError with the first reason why nothing was."""
    if isinstance(done, Kept):
        return done
    first = done.reasons[0]
    status = _STATUS.get(first.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    texts = {one.field: sentence(one) for one in done.reasons}
    raise ApiError(status, first.code, sentence(first), fields=texts)
