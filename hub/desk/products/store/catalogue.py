"""Products written and read inside a given transaction, and the catalogue in memory."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, insert, select

from hub.base.masters import Counts, ids_by, write_masters
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import key_of_gtin
from hub.desk.parties.store import settings_of
from hub.desk.products.model import (
    NO_CATALOGUE,
    Catalogue,
    ProductRecord,
    SnapshotFile,
    catalogue_snapshot,
    read_own_prefixes,
    read_pack_sizes,
)
from hub.desk.products.tables import product, product_gtin, snapshot
from rules import Product

_CURRENT: Final = """
SELECT (SELECT value FROM setting WHERE key = 'catalogue'),
       (SELECT value FROM setting WHERE key = 'loaded')
"""
_PRODUCTS: Final = """
SELECT id, sku, name, category, brand, tax_class, base_unit, pack_sizes, mrp, cost
FROM product WHERE active
"""
_GTINS: Final = """
SELECT g.gtin, p.sku FROM product_gtin g JOIN product p ON p.id = g.product_id ORDER BY g.gtin
"""
_CODES: Final = select(product_gtin.c.gtin, product_gtin.c.product_id, product_gtin.c.unit)
_AT_ONCE: Final = 1_000
_SIZE: Final = "SELECT length(body) FROM snapshot WHERE hash = ?"


class CatalogueInForce:
    """Holds one catalogue; each transaction asks whether it is still the one."""

    def __init__(self) -> None:
        self._kept: tuple[str, str | None, Catalogue] = ("", None, NO_CATALOGUE)

    def current(self, t: Transaction) -> Catalogue:
        """Give all products on sale."""
        digest, loaded = t.rows(_CURRENT)[0]
        # Costs may change without the hash: they are not in what terminals fetch.
        kept = self._kept
        if (digest or "", loaded) != kept[:2]:
            self._kept = kept = (digest or "", loaded, _read(t, digest or ""))
            # It stays for days: no collection of garbage need walk 100,000 products again.
            gc.freeze()
        return kept[2]  # not what another transaction, as of another moment, put there meanwhile


def _read(t: Transaction, digest: str) -> Catalogue:
    products: dict[str, Product] = {}
    ids: dict[str, int] = {}
    for row_id, sku, name, category, brand, tax_class, base_unit, *rest in t.rows(_PRODUCTS):
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
    return Catalogue(digest, products, ids)


def write_products(t: Transaction, records: Sequence[ProductRecord]) -> Counts:
    """Write products and their bar codes; give how many were added and changed."""
    rows = [
        {
            "sku": one.sku,
            "name": one.name,
            "category": "/".join(one.category),
            "brand": one.brand,
            "tax_class": one.tax_class,
            "base_unit": one.base_unit,
            "pack_sizes": ";".join(f"{name}={n}" for name, n in one.pack_sizes),
            "mrp": one.mrp,
            "cost": one.cost,
            "active": one.active,
        }
        for one in records
    ]
    counts = write_masters(t, product, "sku", rows=rows)
    ids = product_ids(t)
    gtins = [
        {"gtin": gtin, "product_id": ids[one.sku], "unit": unit}
        for one in records
        for unit, gtin in (*((None, gtin) for gtin in one.gtins), *one.pack_gtins)
    ]
    added, changed = write_masters(t, product_gtin, "gtin", rows=gtins)
    return Counts(counts.added, counts.changed + (0 if counts.added else added) + changed)


def gtins_of_others(
    t: Transaction, records: Sequence[ProductRecord]
) -> Sequence[tuple[str, str, str]]:
    """Find bar codes that a product outside of these records has: code, its SKU, the new SKU.

    Codes that differ in zeros before them alone are one. A product that is among the records and
    has a code no more gives it away.
    """
    wanted = {
        key_of_gtin(gtin): one.sku
        for one in records
        for gtin in (*one.gtins, *(code for _, code in one.pack_gtins))
    }
    given = {one.sku for one in records}
    return [
        (gtin, sku, wanted[key_of_gtin(gtin)])
        for gtin, sku in t.rows(_GTINS)
        if key_of_gtin(gtin) in wanted and sku != wanted[key_of_gtin(gtin)] and sku not in given
    ]


def left_out(t: Transaction, records: Sequence[ProductRecord]) -> tuple[list[str], list[str]]:
    """Give the SKUs on sale that are not among the records, and the bar codes that are not."""
    skus = {one.sku for one in records}
    codes = {
        code for one in records for code in (*one.gtins, *(gtin for _, gtin in one.pack_gtins))
    }
    there = [sku for (sku,) in t.rows("SELECT sku FROM product WHERE active ORDER BY sku")]
    gtins = [f"{gtin} ({sku})" for gtin, sku in t.rows(_GTINS) if sku in skus]
    return (
        [sku for sku in there if sku not in skus],
        [one for one in gtins if one.partition(" ")[0] not in codes],
    )


def product_ids(t: Transaction) -> Mapping[str, int]:
    """Give the row ids of all products by their SKUs."""
    return ids_by(t.connection, product, "sku")


def write_catalogue(t: Transaction) -> SnapshotFile:
    """Write the catalogue as terminals fetch it, unless it is there already."""
    own_prefixes = read_own_prefixes(settings_of(t).get("own_prefixes", ""))
    catalogue = catalogue_snapshot(_all_products(t), own_prefixes)
    known = select(snapshot.c.hash).where(snapshot.c.hash == catalogue.hash)
    if t.connection.execute(known).first() is None:
        row = {
            "hash": catalogue.hash,
            "kind": "catalogue",
            "body": catalogue.body,
            "created_at": t.at_ms,
        }
        t.connection.execute(insert(snapshot), row)
    return catalogue


def snapshot_size(t: Transaction, digest: str) -> int | None:
    """Give how many bytes a snapshot has; None if it is gone."""
    found = t.rows(_SIZE, (digest,))
    return int(found[0][0]) if found else None


def _all_products(t: Transaction) -> Iterator[ProductRecord]:
    """Give every product on sale, for the catalogue: one by one, as there may be 100,000."""
    codes: dict[int, list[tuple[str | None, str]]] = {}
    for gtin, owner, unit in t.connection.execute(_one_by_one(_CODES)):
        codes.setdefault(owner, []).append((unit, gtin))
    for row in t.connection.execute(_one_by_one(select(product).where(product.c.active))):
        own = codes.get(row.id, ())
        yield ProductRecord(
            sku=row.sku,
            gtins=tuple(gtin for unit, gtin in own if unit is None),
            name=row.name,
            category=tuple(row.category.split("/")) if row.category else (),
            brand=row.brand,
            tax_class=row.tax_class,
            base_unit=row.base_unit,
            pack_sizes=tuple(read_pack_sizes(row.pack_sizes).items()),
            mrp=row.mrp,
            pack_gtins=tuple((unit, gtin) for unit, gtin in own if unit is not None),
        )


def _one_by_one(query: Select[Any]) -> Select[Any]:
    return query.execution_options(yield_per=_AT_ONCE)
