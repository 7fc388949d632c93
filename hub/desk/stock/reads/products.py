"""Stock of one product read for its page, in the reader's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from hub.base.access import NOTHING, Scope, visible
from hub.desk.products.tables import product
from hub.desk.stock.tables import batch, warehouse


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch of a product in a warehouse, in base units."""

    warehouse: str
    code: str
    expiry: date | None
    on_hand: int
    reserved: int
    status: str

    @property
    def available(self) -> int:
        """Give what can be promised: nothing of a batch that is not for sale."""
        return self.on_hand - self.reserved if self.status == "ok" else 0


def find_names(connection: Connection, skus: Collection[str], *, scope: Scope) -> dict[str, str]:
    """Find what products are called, by their SKUs."""
    if scope == NOTHING or not skus:
        return {}
    query = select(product.c.sku, product.c.name).where(product.c.sku.in_(sorted(skus)))
    return {row.sku: row.name for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class OfferedBatch:
    """A batch of a product that there is something of, as a form offers it."""

    sku: str
    code: str
    expiry: date | None
    available: int


def offer_batches(
    connection: Connection, skus: Collection[str], place: str, *, scope: Scope
) -> Sequence[OfferedBatch]:
    """Read the batches of products that a warehouse has, the first to expire first."""
    held = batch.c.on_hand + batch.c.damaged + batch.c.quarantine
    query = (
        select(product.c.sku, batch.c.code, batch.c.expiry, batch.c.on_hand - batch.c.reserved)
        .join(product, product.c.id == batch.c.product_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .where(product.c.sku.in_(sorted(skus)), warehouse.c.code == place, held > 0)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .order_by(batch.c.expiry.is_(None), batch.c.expiry, batch.c.code)
    )
    return [OfferedBatch(*row) for row in connection.execute(query)]


def read_batches(connection: Connection, sku: str, *, scope: Scope) -> Sequence[BatchRow]:
    """Read the batches of a product that are not used up, by warehouse and expiry."""
    query = (
        select(
            warehouse.c.code.label("place"),
            batch.c.code,
            batch.c.expiry,
            batch.c.on_hand,
            batch.c.reserved,
            batch.c.status,
        )
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .join(product, product.c.id == batch.c.product_id)
        .where(product.c.sku == sku, batch.c.on_hand > 0)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .order_by(warehouse.c.priority, warehouse.c.code, batch.c.expiry, batch.c.id)
    )
    return [BatchRow(*row) for row in connection.execute(query)]
