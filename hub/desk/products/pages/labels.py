"""Labels with the bars of a product's codes: a sheet of A4, or a roll of single labels."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Depends, HTTPException, Query, Request, Response

from hub.base.access import Session
from hub.desk.products.model.bars import Bars, bars_of
from hub.desk.products.model.fields import codes_of
from hub.desk.products.pages.listing import address_of
from hub.desk.products.reads.products import read_product
from hub.web.noun import Router
from hub.web.pages import draw
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("products.read"))]
Paper = Literal["a4", "label"]
_ON_A4: Final = 24
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the code, its bars, and the pack that it is of, None for a base unit."""

    bars: Bars
    pack: str | None


@router.get("/products/{sku:path}/labels")
def labels(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    sku: str,
    paper: Paper = "a4",
    copies: Annotated[int, Query(ge=1, le=_MOST)] = _ON_A4,
) -> Response:
    """Show a product's labels as they are printed, each code so many times."""
    found = None
    if sku.isprintable():
        with site.ground.database.read() as connection:
            found = read_product(connection, sku, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    codes = codes_of(found.fields)
    return draw(
        request,
        "product_labels.html",
        session=session,
        product=found.row,
        mrp=found.fields["mrp"],
        labels=[Label(bars_of(gtin), pack) for gtin, pack in codes.items()],
        paper=paper,
        copies=copies,
        most=_MOST,
        back=address_of(sku),
    )
