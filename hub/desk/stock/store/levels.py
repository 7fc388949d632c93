"""The levels of products in warehouses: read, written, and into the history who set them."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.products.tables import product
from hub.desk.stock.model.levels import Level
from hub.desk.stock.model.moves import Place
from hub.desk.stock.store.moving import TOPIC
from hub.desk.stock.tables import stock_low

NOUN: Final = "stock_level"
_WRITE: Final = """
INSERT INTO stock_level (product_id, warehouse_id, reorder, maximum, bin) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (product_id, warehouse_id) DO UPDATE SET reorder = excluded.reorder,
    maximum = excluded.maximum, bin = excluded.bin
"""
_BEGIN_LOW: Final = """
INSERT INTO stock_low (id, product_id, warehouse_id, available, inbound, reorder, since)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (product_id, warehouse_id) WHERE until IS NULL DO NOTHING RETURNING id
"""
_END_LOW: Final = "UPDATE stock_low SET until = ? WHERE id = ? AND until IS NULL"
_DELETE: Final = "DELETE FROM stock_level WHERE product_id = ? AND warehouse_id = ?"


def ref_of(warehouse: str, sku: str) -> str:
    """Name a product in a warehouse in the history."""
    return f"{warehouse}/{sku}"


def ids_of_products(connection: Connection, skus: Collection[str]) -> dict[str, int]:
    """Find products by their SKUs."""
    query = select(product.c.sku, product.c.id).where(product.c.sku.in_(sorted(skus)))
    return {row.sku: row.id for row in connection.execute(query)}


def levels_in(t: Transaction, place: Place, products: Collection[int]) -> dict[int, Level]:
    """Read the levels of products in a warehouse, as they are set there."""
    rows = t.rows_in(
        "SELECT product_id, reorder, maximum, bin FROM stock_level "  # noqa: S608
        f"WHERE warehouse_id = {place.id} AND product_id IN ",
        sorted(products),
    )
    found = {row[0]: Level(*row[1:]) for row in rows}
    return {one: found.get(one, Level(None, None)) for one in products}


def write_levels(
    t: Transaction,
    place: Place,
    wanted: Mapping[str, Level],
    *,
    products: Mapping[str, int],
    why: str = "",
) -> list[str]:
    """Set levels by SKU; gives the SKUs whose levels changed."""
    before = levels_in(t, place, [products[sku] for sku in wanted])
    changed = [sku for sku, level in wanted.items() if before[products[sku]] != level]
    if not t.writes:
        return changed
    for sku in changed:
        level, key = wanted[sku], (products[sku], place.id)
        if level.is_own:
            t.many(_DELETE, [key])
        else:
            t.many(_WRITE, [(*key, *level)])
        old, ref = before[products[sku]], ref_of(place.code, sku)
        history.record(t, NOUN, ref, before=old._asdict(), after=level._asdict(), why=why)
    if changed:
        t.changed(TOPIC)
    return changed


def begin_low(
    t: Transaction, found: Mapping[tuple[int, int], tuple[int, int, int]]
) -> tuple[int, ...]:
    """Mark products as low in warehouses from now on; gives the numbers of the new spells.

    What another process has marked meanwhile is left as it is.
    """
    ids = t.next_ids(stock_low, len(found))
    marked: list[int] = []
    for number, (pair, figures) in zip(ids, sorted(found.items()), strict=True):
        marked += [row[0] for row in t.rows(_BEGIN_LOW, (number, *pair, *figures, t.at_ms))]
    return tuple(marked)


def end_low(t: Transaction, spells: Collection[int]) -> None:
    """Mark spells of low stock as over."""
    t.many(_END_LOW, [(t.at_ms, number) for number in spells])
