"""The form that says how much of a product is kept in a warehouse, and where."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.desk.stock.acts import StockActs
from hub.desk.stock.pages.forms import field_of
from hub.desk.stock.pages.listing import address_of
from hub.desk.stock.reads.overview import StockRow, read_level, read_stock
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
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Planner = Annotated[Session, Depends(signed_in_for("stock.levels"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_ADDRESS: Final = "/stock/levels/{warehouse}/{sku:path}"


def levels_of(address: str) -> str:
    """Give the address of the form, by that of a product in a warehouse."""
    return address.replace("/stock/at/", "/stock/levels/", 1)


@router.get(_ADDRESS)
def levels(
    request: Request, site: SiteOf, session: Planner, *, warehouse: str, sku: str
) -> Response:
    """Show the levels that hold in a warehouse."""
    found = _found(site, session, warehouse=warehouse, sku=sku)
    with site.ground.database.read() as connection:
        level = read_level(connection, sku, warehouse, scope=session.scope)
    now = {name: "" if one is None else str(one) for name, one in level._asdict().items()}
    return open_form(_place(request, site, session, found=found), now)


@router.post(_ADDRESS)
def set_levels(
    request: Request,
    site: SiteOf,
    session: Planner,
    *,
    given: Given,
    acts: Acts,
    warehouse: str,
    sku: str,
) -> Response:
    """Set the levels of a product in a warehouse, or have its own hold again."""
    place = _place(
        request, site, session, found=_found(site, session, warehouse=warehouse, sku=sku)
    )
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.set_level(warehouse, sku, given, by=session.user, scope=session.scope)
    if wrong is not None:
        return refuse_act(place, given, wrong.reasons)
    return finish_form(place, sent=sent, led_to=address_of(warehouse, sku))


def _found(site: Site, session: Session, *, warehouse: str, sku: str) -> StockRow:
    """Read a product in a warehouse; raises HTTPException 404."""
    found = None
    if sku.isprintable() and warehouse.isprintable():
        with site.ground.database.read() as connection:
            found = read_stock(connection, sku, warehouse, today=site.today(), scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def _place(
    request: Request, site: Site, session: Session, *, found: StockRow
) -> FormPlace[dict[str, str]]:
    fields = (
        field_of("reorder", kind="count", hint="stock.reorder_hint"),
        field_of("maximum", kind="count", hint="stock.level_hint"),
        field_of("bin", hint="stock.bin_hint", code=True),
        field_of("note"),
    )
    frame = FormFrame("stock_level", "stock.levels", "stock.levels", fields)
    address = address_of(found.warehouse, found.sku)
    return FormPlace(
        request,
        site,
        session,
        frame,
        levels_of(address),
        address,
        lambda values: Checked(dict(values)),
        ref=f"{found.warehouse}/{found.sku}",
    )
