"""The rule pack and the catalogue in memory, read again only when another one is current."""

import gc
import logging
from collections.abc import Collection, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.engine.interfaces import DBAPICursor

from hub.base.engine.database import Database
from hub.db.packs.ready import ReadyPacks
from hub.db.packs.serving import SERVING
from hub.domain.ledger import Catalogue
from rules import CompiledPack, PackLoadError, Product, load_pack

_log = logging.getLogger(__name__)

_CURRENT: Final = f"""
SELECT ({SERVING}),
       (SELECT value FROM setting WHERE key = 'catalogue'),
       (SELECT value FROM setting WHERE key = 'loaded'),
       (SELECT value FROM setting WHERE key = 'timezone')
"""  # noqa: S608  # constants of ours
_REPLACED: Final = """
SELECT q.starts_at, q.origin FROM rule_pack p JOIN rule_pack q
ON q.starts_at > p.starts_at OR q.starts_at = p.starts_at AND q.id > p.id
WHERE p.hash = ? AND p.fault = '' AND q.fault = '' AND q.starts_at <= ?
ORDER BY q.starts_at, q.id LIMIT 1
"""
_EARLIER_KEPT: Final = 4
_AN_HOUR_MS: Final = 3_600_000
_PRODUCTS: Final = """
SELECT id, sku, name, category, brand, tax_class, base_unit, pack_sizes, mrp, cost
FROM product WHERE active
"""
_LONGEST_FAULT: Final = 500
_NOTHING: Final = Catalogue("", {}, {})


class Shelf:
    """Holds one pack and one catalogue; each transaction asks whether they are still current."""

    def __init__(self, database: Database, ready: ReadyPacks) -> None:
        self._ready = ready
        self._current = database.sql(_CURRENT)
        self._body = database.sql("SELECT body FROM snapshot WHERE hash = ?")
        self._refuse = database.sql("UPDATE rule_pack SET fault = ? WHERE hash = ?")
        self._replaced = database.sql(_REPLACED)
        self._pack: CompiledPack | None = None
        self._earlier: dict[str, CompiledPack] = {}
        self._catalogue = _NOTHING
        self._loaded: str | None = None

    def current(
        self, cursor: DBAPICursor, now_ms: int
    ) -> tuple[CompiledPack | None, Catalogue, ZoneInfo]:
        """Give the pack that serves now, the catalogue and the distributor's zone.

        A pack that cannot be loaded is marked with why, and the one before goes on serving.
        """
        cursor.execute(self._current, (now_ms,))
        pack_hash, catalogue_hash, loaded, zone = cursor.fetchall()[0]
        if pack_hash is None:
            self._pack = None
        elif self._pack is None or pack_hash != self._pack.hash:
            pack = self._ready.take(pack_hash) or self._load(cursor, pack_hash)
            if pack is None:
                return self.current(cursor, now_ms)
            self._pack = pack
        # Costs may change without the hash: they are not in what terminals fetch.
        if (catalogue_hash or "") != self._catalogue.hash or loaded != self._loaded:
            self._catalogue = _read_catalogue(cursor, catalogue_hash or "")
            self._loaded = loaded
            # It stays for days: no collection of garbage need walk 100,000 products again.
            gc.freeze()
        return self._pack, self._catalogue, ZoneInfo(zone or "UTC")

    def honoured(
        self, cursor: DBAPICursor, quoted: Collection[str], now_ms: int
    ) -> Mapping[str, CompiledPack]:
        """Give those of the packs that orders were quoted with whose quotes still hold.

        They hold for as long after they were replaced as the pack that serves says, by the hub's
        clock alone; not those of a pack that was wrong, and so was gone back from.
        """
        pack = self._pack
        if pack is None or not pack.quotes.honour_hours:
            return {}
        held: dict[str, CompiledPack] = {}
        since = now_ms - pack.quotes.honour_hours * _AN_HOUR_MS
        for digest in sorted(set(quoted) - {pack.hash}):
            cursor.execute(self._replaced, (digest, now_ms))
            replaced = cursor.fetchall()
            if not replaced or replaced[0][0] < since or replaced[0][1] == "rolled_back":
                continue
            earlier = self._earlier.get(digest) or self._load(cursor, digest)
            if earlier is not None:
                held[digest] = earlier
        self._earlier = dict([*self._earlier.items(), *held.items()][-_EARLIER_KEPT:])
        return held

    def _load(self, cursor: DBAPICursor, pack_hash: str) -> CompiledPack | None:
        """Compile a stored pack; None, and marked, where that fails."""
        cursor.execute(self._body, (pack_hash,))
        try:
            pack = load_pack(bytes(cursor.fetchall()[0][0]))
            if pack.hash == pack_hash:
                return pack
            fault = "its stored bytes were changed"
        except PackLoadError as error:
            fault = str(error)
        _log.error("rule pack %s not loaded, the one before serves: %s", pack_hash, fault)
        cursor.execute(self._refuse, (fault[:_LONGEST_FAULT], pack_hash))
        return None


def _read_catalogue(cursor: DBAPICursor, catalogue_hash: str) -> Catalogue:
    """Read all products on sale."""
    cursor.execute(_PRODUCTS)
    products: dict[str, Product] = {}
    ids: dict[str, int] = {}
    for row_id, sku, name, category, brand, tax_class, base_unit, *rest in cursor.fetchall():
        pack_sizes, mrp, cost = rest
        ids[sku] = row_id
        products[sku] = Product(
            sku=sku,
            name=name,
            category=tuple(category.split("/")) if category else (),
            brand=brand,
            tax_class=tax_class,
            base_unit=base_unit,
            pack_sizes=read_pack_sizes(pack_sizes),
            mrp=mrp,
            cost=cost,
        )
    return Catalogue(catalogue_hash, products, ids)


def read_pack_sizes(written: str) -> dict[str, int]:
    """Read `CASE=12;BOX=6`."""
    pairs = (pair.partition("=") for pair in written.split(";") if pair)
    return {name: int(count) for name, _, count in pairs}
