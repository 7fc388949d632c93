"""Warehouses, products and batches found by what people type or scan; nothing is changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from hub.base.access import Scope, visible
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import key_of_gtin
from hub.desk.products.model import read_pack_sizes
from hub.desk.products.tables import product, product_gtin
from hub.desk.stock.model.moves import Place
from hub.desk.stock.model.scans import Scan, read_scan
from hub.desk.stock.tables import batch, warehouse

_BATCH: Final = (batch.c.id, batch.c.manufactured, batch.c.expiry, batch.c.mrp, batch.c.status)


def warehouse_codes(t: Transaction) -> frozenset[str]:
    """Give the codes of all warehouses there are, of all sellers."""
    return frozenset(t.connection.execute(select(warehouse.c.code)).scalars())


@dataclass(frozen=True, slots=True)
class ScannedProduct:
    """A product that a code names; `factor` is how many base units the code stands for."""

    id: int
    sku: str
    name: str
    factor: int = 1


@dataclass(frozen=True, slots=True)
class FoundBatch:
    """A batch with what is printed on it."""

    id: int
    manufactured: date | None
    expiry: date | None
    mrp: int | None
    status: str


def find_place(t: Transaction, code: str, *, scope: Scope) -> Place | None:
    """Find a warehouse that a person may see; None where there is none of this code."""
    table = warehouse.c
    query = select(table.id, table.code, table.seller_id).where(
        table.code == code, visible(scope, seller=table.seller_id)
    )
    row = t.connection.execute(query).first()
    return Place(*row) if row else None


def find_place_of(t: Transaction, warehouse_id: int, *, scope: Scope) -> Place | None:
    """Find the warehouse of a document by its row id, for who may see it."""
    table = warehouse.c
    query = select(table.id, table.code, table.seller_id).where(
        table.id == warehouse_id, visible(scope, seller=table.seller_id)
    )
    row = t.connection.execute(query).first()
    return Place(*row) if row else None


def find_scanned(connection: Connection, scan: Scan) -> ScannedProduct | None:
    """Find the product that a scan names, by bar code or SKU; a case counts its base units."""
    if scan.sku:
        return _by_sku(connection, scan.sku)
    keys = [key_of_gtin(one) for one in scan.gtins]
    # A bar code may be kept with fewer zeros before it than 14 digits have.
    forms = {key[start:] for key in keys for start in range(7) if not key[:start].strip("0")}
    query = (
        select(
            product.c.id,
            product.c.sku,
            product.c.name,
            product.c.pack_sizes,
            product_gtin.c.unit,
        )
        .join(product_gtin, product_gtin.c.product_id == product.c.id)
        .where(product_gtin.c.gtin.in_(sorted(forms)))
        .order_by(product.c.id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    sizes = read_pack_sizes(row.pack_sizes)
    return ScannedProduct(row.id, row.sku, row.name, sizes.get(row.unit, 1) if row.unit else 1)


def find_typed(connection: Connection, code: str) -> ScannedProduct | None:
    """Find a product by what was typed: its SKU, or anything that a scanner reads.

    Raises CellError where that cannot be read for sure.
    """
    return _by_sku(connection, code) or find_scanned(connection, read_scan(code))


def find_batch(t: Transaction, product_id: int, *, place: Place, code: str) -> FoundBatch | None:
    """Find a batch of a product in a warehouse."""
    table = batch.c
    query = select(*_BATCH).where(
        table.product_id == product_id, table.warehouse_id == place.id, table.code == code
    )
    row = t.connection.execute(query).first()
    return FoundBatch(*row) if row else None


def find_namesake(
    t: Transaction, product_id: int, *, place: Place, code: str
) -> tuple[str, FoundBatch] | None:
    """Find the same batch in any warehouse of the seller; in `place` itself, if it is there."""
    table = batch.c
    query = (
        select(warehouse.c.code.label("place"), *_BATCH)
        .join(warehouse, warehouse.c.id == table.warehouse_id)
        .where(table.product_id == product_id, table.code == code)
        .where(warehouse.c.seller_id == place.seller)
        .order_by(warehouse.c.id != place.id, table.id)
    )
    row = t.connection.execute(query).first()
    return (row[0], FoundBatch(*row[1:])) if row else None


def _by_sku(connection: Connection, sku: str) -> ScannedProduct | None:
    query = select(product.c.id, product.c.sku, product.c.name).where(
        or_(product.c.sku == sku, func.lower(product.c.sku) == sku.lower())
    )
    found: list[Any] = list(connection.execute(query.order_by(product.c.sku != sku)))
    return ScannedProduct(*found[0]) if found else None
