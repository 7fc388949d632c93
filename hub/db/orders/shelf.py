"""The rule pack and the catalogue in memory, read again only when another one is current."""

import gc
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.engine.interfaces import DBAPICursor

from hub.db.engine import Database
from hub.domain.ledger import Catalogue
from rules import CompiledPack, Product, load_pack

_CURRENT: Final = """
SELECT (SELECT hash FROM rule_pack WHERE active),
       (SELECT value FROM setting WHERE key = 'catalogue'),
       (SELECT value FROM setting WHERE key = 'timezone')
"""
_PRODUCTS: Final = """
SELECT id, sku, name, category, brand, tax_class, base_unit, pack_sizes
FROM product WHERE active
"""
_NOTHING: Final = Catalogue("", {}, {})


class Shelf:
    """Holds one pack and one catalogue; each transaction asks whether they are still current."""

    def __init__(self, database: Database) -> None:
        self._body = database.sql("SELECT body FROM snapshot WHERE hash = ?")
        self._pack: CompiledPack | None = None
        self._pack_hash: str | None = None
        self._catalogue = _NOTHING

    def current(self, cursor: DBAPICursor) -> tuple[CompiledPack | None, Catalogue, ZoneInfo]:
        """Give the active pack, the catalogue and the distributor's zone, as this sees them."""
        cursor.execute(_CURRENT)
        pack_hash, catalogue_hash, zone = cursor.fetchall()[0]
        if pack_hash != self._pack_hash:
            cursor.execute(self._body, (pack_hash,))
            self._pack = load_pack(bytes(cursor.fetchall()[0][0]))
            self._pack_hash = pack_hash
        if (catalogue_hash or "") != self._catalogue.hash:
            self._catalogue = _read_catalogue(cursor, catalogue_hash)
            # It stays for days: no collection of garbage need walk 100,000 products again.
            gc.freeze()
        return self._pack, self._catalogue, ZoneInfo(zone or "UTC")


def _read_catalogue(cursor: DBAPICursor, catalogue_hash: str) -> Catalogue:
    """Read all products on sale."""
    cursor.execute(_PRODUCTS)
    products: dict[str, Product] = {}
    ids: dict[str, int] = {}
    for row_id, sku, name, category, brand, tax_class, base_unit, pack_sizes in cursor.fetchall():
        ids[sku] = row_id
        products[sku] = Product(
            sku=sku,
            name=name,
            category=tuple(category.split("/")) if category else (),
            brand=brand,
            tax_class=tax_class,
            base_unit=base_unit,
            pack_sizes=read_pack_sizes(pack_sizes),
        )
    return Catalogue(catalogue_hash, products, ids)


def read_pack_sizes(written: str) -> dict[str, int]:
    """Read `CASE=12;BOX=6`."""
    pairs = (pair.partition("=") for pair in written.split(";") if pair)
    return {name: int(count) for name, _, count in pairs}
