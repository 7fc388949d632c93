"""Settings and snapshots, as written by loads."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, insert, select, update

from hub.base.engine.columns import table_of
from hub.db import tables
from hub.db.orders.shelf import read_pack_sizes
from hub.domain.masters.records import ProductRecord
from hub.domain.masters.snapshots import SnapshotFile

_products: Final = table_of(tables.Product)
_gtins: Final = table_of(tables.ProductGtin)
_settings: Final = table_of(tables.Setting)


class StoredShelves:
    """Keeps settings and snapshots on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all_products(self) -> Sequence[ProductRecord]:
        """Give every product on sale, for the catalogue."""
        gtins: dict[int, list[str]] = {}
        packs: dict[int, list[tuple[str, str]]] = {}
        for row in self._connection.execute(select(_gtins)):
            if row.unit is None:
                gtins.setdefault(row.product_id, []).append(row.gtin)
            else:
                packs.setdefault(row.product_id, []).append((row.unit, row.gtin))
        return [
            ProductRecord(
                sku=row.sku,
                gtins=tuple(gtins.get(row.id, ())),
                name=row.name,
                category=tuple(row.category.split("/")) if row.category else (),
                brand=row.brand,
                tax_class=row.tax_class,
                base_unit=row.base_unit,
                pack_sizes=tuple(read_pack_sizes(row.pack_sizes).items()),
                mrp=row.mrp,
                pack_gtins=tuple(packs.get(row.id, ())),
            )
            for row in self._connection.execute(select(_products).where(_products.c.active))
        ]

    def put(self, kind: str, snapshot: SnapshotFile, now_ms: int) -> bool:
        """Keep a snapshot; False if it was there."""
        table = tables.snapshot
        found = self._connection.execute(
            select(table.c.hash).where(table.c.hash == snapshot.hash)
        ).first()
        if found is None:
            row = {"hash": snapshot.hash, "kind": kind, "body": snapshot.body, "created_at": now_ms}
            self._connection.execute(insert(table), row)
        return found is None

    def set(self, key: str, value: str) -> bool:
        """Set a setting; False if it had that value."""
        found = self._connection.execute(
            select(_settings.c.value).where(_settings.c.key == key)
        ).scalar_one_or_none()
        if found is None:
            self._connection.execute(insert(_settings), {"key": key, "value": value})
        elif found != value:
            self._connection.execute(
                update(_settings).where(_settings.c.key == key).values(value=value)
            )
        return found != value
