"""The list of products in the frame of lists."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.products.reads.products import (
    BY_NAME,
    ProductRow,
    count_products,
    find_products,
    list_products,
)
from hub.desk.products.words import SOLD, STOPPED
from hub.web.frames.cells import State, Text
from hub.web.frames.columns import unit_price_cell
from hub.web.frames.filters import Choice, Match
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import Found


def address_of(sku: str) -> str:
    """Give the page of a product, whatever stands in its SKU."""
    return f"/products/{quote(sku, safe='')}"


def _name(row: ProductRow, _words: PageWords) -> Text:
    return Text(row.name, sub=row.sku, href=address_of(row.sku))


PRODUCTS: Final[ListFrame[ProductRow]] = ListFrame(
    name="products",
    address="/products",
    title="products.title",
    icon="tag",
    columns=(
        Column("name", "product_field.name", _name, sort="name", phone="lead"),
        Column(
            "sku",
            "product_field.sku",
            lambda row, _: Text(row.sku),
            sort="sku",
            phone="desk",
            usual=False,
            code_of="name",
        ),
        Column(
            "brand",
            "product_field.brand",
            lambda row, _: Text(row.brand),
            sort="brand",
            groups=True,
        ),
        Column(
            "family",
            "product_field.family",
            lambda row, _: Text(row.family, sub=row.variant),
            sort="family",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "category",
            "product_field.category",
            lambda row, _: Text(row.category),
            sort="category",
            phone="desk",
            groups=True,
        ),
        Column(
            "mrp",
            "product_field.mrp",
            lambda row, _: unit_price_cell(row.mrp),
            figures=True,
        ),
        Column(
            "status",
            "word.status",
            lambda row, _: State(SOLD if row.active else STOPPED),
            phone="end",
        ),
    ),
    key=lambda row: row.sku,
    sort=BY_NAME,
    topics=("products",),
    empty="products.none",
    search="products.search_hint",
    tabs="status",
    filters=(
        Choice("status", "word.status", look_options({"active": SOLD, "stopped": STOPPED})),
        Match("brand", "product_field.brand"),
        Match("category", "product_field.category"),
        Match("family", "product_field.family"),
    ),
    add="/products/new",
    add_label="products.add",
    may_add="products.change",
)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[ProductRow]:
    """Read the list with the counts of its tabs."""
    counts = count_products(connection, wanted, scope=scope)
    page = list_products(connection, wanted, scope=scope)
    count = counts.get(wanted.one("status") or "", 0)
    return Listed(page, count, counts=counts, tabs=frozenset({"active", "stopped"}))


def find_records(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find products for the search box of every page."""
    return [
        Found(row.name, row.sku, address_of(row.sku), "tag")
        for row in find_products(connection, text, most=most, scope=session.scope)
    ]
