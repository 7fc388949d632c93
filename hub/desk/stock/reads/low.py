"""What is low in a warehouse at this moment, and when each product became so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.base.listing import Wanted
from hub.desk.products.tables import product
from hub.desk.stock.reads.overview import BY_NAME, places_of, stock_query
from hub.desk.stock.tables import stock_low, warehouse

Pair = tuple[int, int]
"""The ids of a product and of a warehouse."""


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product that became low in a warehouse at `since`, with what there was of it then."""

    sku: str
    name: str
    warehouse: str
    available: int
    inbound: int
    reorder: int
    since: int


def read_low(
    connection: Connection, *, today: date, scope: Scope
) -> Mapping[Pair, tuple[int, int, int]]:
    """Read what is low now, as the list of stock has it: available, inbound, reorder level."""
    rows = stock_query(Wanted(BY_NAME, chosen={"state": ("low",)}), today=today, scope=scope)
    return {
        places_of(row.row): (row.available, row.inbound, row.reorder)
        for row in connection.execute(rows)
    }


def read_marked(connection: Connection, *, scope: Scope) -> Mapping[Pair, int]:
    """Read which products are known to be low, with the numbers of their spells."""
    low = stock_low.c
    query = (
        select(low.product_id, low.warehouse_id, low.id)
        .join(warehouse, warehouse.c.id == low.warehouse_id)
        .where(low.until.is_(None), visible(scope, seller=warehouse.c.seller_id))
    )
    return {(row.product_id, row.warehouse_id): row.id for row in connection.execute(query)}


def read_spell(connection: Connection, number: int, *, scope: Scope) -> LowStock | None:
    """Read one spell of low stock; None for who does not see the warehouse."""
    low = stock_low.c
    query = (
        select(
            *(product.c.sku, product.c.name, warehouse.c.code, low.available, low.inbound),
            *(low.reorder, low.since),
        )
        .select_from(stock_low)
        .join(product, product.c.id == low.product_id)
        .join(warehouse, warehouse.c.id == low.warehouse_id)
        .where(low.id == number, visible(scope, seller=warehouse.c.seller_id))
    )
    row = connection.execute(query).first()
    return LowStock(*row) if row else None
