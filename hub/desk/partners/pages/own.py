"""What a partner looks at beside orders and money: schemes; stock and claims of who sells."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.desk.claims.pages.listing import CLAIMS as OF_THE_DESK
from hub.desk.claims.pages.listing import read_list as read_claims
from hub.desk.claims.reads import ClaimRow
from hub.desk.partners.reads.schemes import MOST_ORDERS, read_schemes
from hub.desk.people.model.accounts import PARTNER
from hub.desk.stock.reads.overview import BY_NAME, StockRow, count_stock, list_stock
from hub.web.frames.cells import Count, Day, Text
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]


async def partner(session: Reader) -> Session:
    """Let in whoever is a partner: these pages are not there for staff, who have fuller ones."""
    if PARTNER not in session.roles:
        raise HTTPException(404)
    return session


Partner = Annotated[Session, Depends(partner)]

STOCK: Final[ListFrame[StockRow]] = ListFrame(
    name="partner_stock",
    address="/partner/stock",
    title="partner.stock",
    icon="package",
    columns=(
        Column(
            "name", "word.product", lambda row, _: Text(row.name, row.sku), "name", phone="lead"
        ),
        Column("warehouse", "stock.warehouse", lambda row, _: Text(row.warehouse), groups=True),
        Column(
            "available",
            "stock.available",
            lambda row, _: Count(row.available, sub=row.base_unit),
            sort="available",
            figures=True,
        ),
        Column("reserved", "stock.reserved", lambda row, _: Count(row.reserved), figures=True),
        Column("inbound", "stock.inbound", lambda row, _: Count(row.inbound), figures=True),
        Column("expiry", "stock.first_expiry", lambda row, _: Day(row.expiry), sort="expiry"),
    ),
    key=lambda row: f"{row.warehouse}/{row.sku}",
    sort=BY_NAME,
    topics=("stock",),
    empty="stock.none",
    search="stock.search_hint",
)

CLAIMS: Final[ListFrame[ClaimRow]] = replace(
    OF_THE_DESK,
    name="partner_claims",
    address="/partner/claims",
    columns=(
        Column("number", "claims.number", lambda row, _: Text(row.number), "number", phone="bare"),
        Column(
            "customer",
            "claims.funder",
            lambda row, _: Text(row.customer, row.customer_code),
            sort="customer",
            phone="lead",
        ),
        *(one for one in OF_THE_DESK.columns if one.key not in {"number", "customer"}),
    ),
    add="",
    may_add="",
)
"""The claims of a partner's own seller, as the desk has them, but for what the desk does there."""


@router.get("/partner/schemes")
def schemes(request: Request, site: SiteOf, session: Partner) -> Response:
    """Show what schemes gave the last orders, and what they almost gave."""
    language = words_of(request).language
    with site.ground.database.read() as connection:
        found = read_schemes(connection, language=language, scope=session.scope)
    return draw(request, "partner_schemes.html", session=session, found=found, most=MOST_ORDERS)


@router.get("/partner/stock")
def stock(request: Request, site: SiteOf, session: Partner) -> Response:
    """Show the stock of a partner who sells: 404 for all others."""
    if not session.scope.sellers:
        raise HTTPException(404)
    read = partial(_read_stock, site=site, scope=session.scope)
    return show_list(request, site, session, frame=STOCK, read=read)


@router.get("/partner/claims")
def claims(request: Request, site: SiteOf, session: Partner) -> Response:
    """Show the claims that a partner's own seller made on funders: 404 for who sells nothing."""
    if not session.scope.sellers:
        raise HTTPException(404)
    read = partial(read_claims, scope=session.scope)
    return show_list(request, site, session, frame=CLAIMS, read=read)


def _read_stock(
    connection: Connection, wanted: Wanted, *, site: Site, scope: Scope
) -> Listed[StockRow]:
    today = site.today()
    page = list_stock(connection, wanted, today=today, scope=scope)
    return Listed(page, count_stock(connection, wanted, today=today, scope=scope))
