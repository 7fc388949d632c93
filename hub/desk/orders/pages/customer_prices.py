"""The price list of a customer: what the rules in force make of one of each product today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Slice, Wanted
from hub.base.words import PageWords
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.acts.tell_price import PriceTold
from hub.desk.orders.model.availability import is_inside
from hub.desk.orders.pages.customer_panel import why_of
from hub.desk.parties.reads.customers import find_customers
from hub.desk.products.reads.products import BY_NAME, ProductRow, count_products, list_products
from hub.web.frames.cells import Amount, Text
from hub.web.frames.columns import unit_price_cell
from hub.web.frames.filters import Match
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]


@dataclass(frozen=True, slots=True)
class PricedRow:
    """A product with what a customer pays for one of it; `why` names the list and what it gives.

    `told` is None for a product that terminals have not in their catalogue yet.
    """

    product: ProductRow
    told: PriceTold | None
    why: Sequence[str]
    in_assortment: bool


def _price(row: PricedRow, words: PageWords) -> Amount | Text:
    """Show the price of one; that there is none, or that it is not for this customer, in words."""
    if not row.in_assortment:
        return Text(words.text("customer_orders.outside"))
    line = row.told.result.lines[0] if row.told else None
    if row.told is None or line is None or line.unit_price is None:
        return Text(words.text("customer_orders.no_price"))
    return unit_price_cell(line.unit_price, row.told.pack.currency, row.told.pack.scale)


def _payable(row: PricedRow, _words: PageWords) -> Amount:
    told = row.told
    if told is None or not row.in_assortment or told.result.lines[0].unit_price is None:
        return Amount(None)
    return Amount(told.result.totals.payable, told.pack.currency, told.pack.scale)


PRICES: Final[ListFrame[PricedRow]] = ListFrame(
    name="prices",
    address="/orders/prices",
    title="customer_orders.prices",
    icon="tag",
    columns=(
        Column(
            "name",
            "product_field.name",
            lambda row, _: Text(
                row.product.name,
                row.product.sku,
                f"/products/{quote(row.product.sku, safe='')}",
                needs="products.read",
            ),
            sort="name",
            phone="lead",
        ),
        Column(
            "sku",
            "product_field.sku",
            lambda row, _: Text(row.product.sku),
            sort="sku",
            phone="desk",
            usual=False,
            code_of="name",
        ),
        Column(
            "brand",
            "product_field.brand",
            lambda row, _: Text(row.product.brand),
            sort="brand",
            phone="desk",
            groups=True,
        ),
        Column(
            "category",
            "product_field.category",
            lambda row, _: Text(row.product.category),
            sort="category",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column("unit", "product_field.base_unit", lambda row, _: Text(row.product.base_unit)),
        Column("price", "order.at", _price, phone="end", figures=True),
        Column("payable", "customer_orders.of_one", _payable, figures=True),
        Column(
            "mrp",
            "product_field.mrp",
            lambda row, _: unit_price_cell(row.product.mrp),
            figures=True,
        ),
        Column("why", "word.why", lambda row, _: Text("; ".join(row.why)), phone="desk"),
    ),
    key=lambda row: row.product.sku,
    sort=BY_NAME,
    topics=("products", "packs", "customers"),
    empty="products.none",
    search="products.search_hint",
    filters=(
        Match("brand", "product_field.brand"),
        Match("category", "product_field.category"),
        Match("family", "product_field.family"),
    ),
    above="customer_prices_above.html",
)


@router.get("/orders/prices/{code:path}")
def prices(request: Request, site: SiteOf, session: Reader, *, acts: Acts, code: str) -> Response:
    """Show what a customer pays for one of each product that is sold, or the file of it."""
    name = _name_of(site, session, code)
    words = words_of(request)
    frame = replace(PRICES, address=f"/orders/prices/{quote(code, safe='')}")

    def read(connection: Connection, wanted: Wanted) -> Listed[PricedRow]:
        sold = replace(wanted, chosen={**wanted.chosen, "status": ("active",)})
        page = list_products(connection, sold, scope=session.scope)
        make = _pricer(acts, session, code, skus=[one.sku for one in page.rows], words=words)
        counts = count_products(connection, wanted, scope=session.scope)
        rows = tuple(make(one) for one in page.rows)
        return Listed(Slice(rows, page.before, page.after), counts.get("active", 0))

    shown = {"customer_name": name, "customer_at": f"/customers/{quote(code, safe='')}"}
    return show_list(request, site, session, frame=frame, read=read, shown=shown)


def _pricer(
    acts: OrderActs, session: Session, code: str, *, skus: Sequence[str], words: PageWords
) -> Callable[[ProductRow], PricedRow]:
    """Price products for a customer, and give what makes the row of each."""
    found = acts.price.of_each(code, skus, scope=session.scope)
    assortment = found.assortment if found else ""
    told = {one.product.sku: one for one in found.prices} if found else {}

    def make(row: ProductRow) -> PricedRow:
        one = told.get(row.sku)
        if one is None:
            return PricedRow(row, None, (), in_assortment=True)
        inside = is_inside(assortment, one.product)
        return PricedRow(row, one, why_of(one, words.language) if inside else (), inside)

    return make


def _name_of(site: Site, session: Session, code: str) -> str:
    """Name a customer that the reader sees; raises HTTPException 404."""
    if code.isprintable():
        with site.ground.database.read() as connection:
            rows = find_customers(connection, code, most=1, scope=session.scope)
        if rows and rows[0].code == code:
            return rows[0].name
    raise HTTPException(404)
