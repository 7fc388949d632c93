"""The catalogue: a file of its own, built beside the old one and swapped in whole.

It is only ever read, and can be fetched again: so it is kept apart from the records, which cannot.
"""

import contextlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Final, NamedTuple, TextIO

from rules import Product, UnitPrice
from terminal.core.codes import OwnPrefix, own_prefixes
from terminal.store.database import sync_folder

_CACHED: Final = 512
_CHUNK: Final = 64 * 1024
_START: Final = re.compile(r'\s*\{\s*"format"\s*:\s*1\s*,\s*"products"\s*:\s*\[\s*')
_BATCH: Final = 500


_DISK: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    }
)
_PRIMARY: Final = 0xFF
"""The part of SQLite's codes that names the kind of error."""


class CatalogueError(Exception):
    """A catalogue, or the snapshot of one, cannot be read."""


class Found(NamedTuple):
    """A product by one of its bar codes; `unit` is the pack size the code is on, empty for none."""

    product: Product
    unit: str = ""


class Catalogue(Mapping[str, Product]):
    """Products by SKU, read from disk as they are asked for, and by GTIN."""

    def __init__(self, path: Path) -> None:
        """Open a file; raises CatalogueError for one that was cut or is none."""
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        self._known: dict[str, Product] = {}
        self._known_before: dict[str, Product] = {}
        try:
            with _reading():
                self._db.execute("PRAGMA cache_size=-256")
                self._check_size(path)
                self.own_prefixes = self._own_prefixes()
        except CatalogueError:
            self._db.close()
            raise

    def _check_size(self, path: Path) -> None:
        """See that nothing of the file is missing, and that it has the tables of a catalogue."""
        pages = self._db.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        self._db.execute("SELECT 1 FROM products, gtins LIMIT 1")
        if path.stat().st_size < int(pages.fetchone()[0]):
            raise CatalogueError(f"{path.name} was cut")

    def _own_prefixes(self) -> tuple[OwnPrefix, ...]:
        """Read the table of own prefixes; a file built by an earlier version has none."""
        query = "SELECT 1 FROM sqlite_schema WHERE name = 'own_prefixes'"
        if self._db.execute(query).fetchone() is None:
            return ()
        rows = self._db.execute("SELECT prefix, article, measures FROM own_prefixes")
        return tuple(OwnPrefix(*row) for row in rows)

    def __getitem__(self, sku: str) -> Product:
        known = self._known.get(sku)
        if known is None:
            known = self._known_before.get(sku) or self._read(sku)
            self._keep(known)
        return known

    def _read(self, sku: str) -> Product:
        query = "SELECT body FROM products WHERE sku = ?"
        with _reading():
            row = self._db.execute(query, (sku,)).fetchone()
            product = _product(json.loads(row[0])) if row else None
        if product is None:
            raise KeyError(sku)
        return product

    def _keep(self, product: Product) -> None:
        """Keep a product; of many, those that nobody asked for lately go first.

        An order of 500 lines asks for all of them with every scan: none of these is read again.
        """
        if len(self._known) >= _CACHED:
            self._known_before, self._known = self._known, {}
        self._known[product.sku] = product

    def __iter__(self) -> Iterator[str]:
        for row in self._db.execute("SELECT sku FROM products ORDER BY sku"):
            yield row[0]

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM products").fetchone()[0])

    def by_gtin(self, gtin: str) -> Found | None:
        """Find a product, or a pack of it, by one of its GTINs, given as 14 digits."""
        query = "SELECT body FROM gtins JOIN products USING (sku) WHERE gtin = ?"
        with _reading():
            row = self._db.execute(query, (gtin,)).fetchone()
            if row is None:
                return None
            item = json.loads(row[0])
            return Found(_product(item), _packs(item).get(gtin, ""))

    def units(self) -> list[str]:
        """Name the pack sizes that products come in."""
        query = "SELECT DISTINCT key FROM products, json_each(body, '$.pack_sizes') ORDER BY key"
        with _reading():
            return [row[0] for row in self._db.execute(query)]

    def close(self) -> None:
        """Close the file."""
        self._db.close()


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    """Call whatever damaged bytes lead to a CatalogueError: the file can be fetched again."""
    try:
        yield
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        raise CatalogueError(f"the catalogue is damaged: {error}") from error


def stored_units(folder: Path) -> list[str]:
    """Name the pack sizes of the products that a terminal knows; it may know none yet."""
    units: set[str] = set()
    for path in folder.glob("catalogue-*.db"):
        # A damaged one names none.
        with contextlib.suppress(CatalogueError), contextlib.closing(Catalogue(path)) as catalogue:
            units.update(catalogue.units())
    return sorted(units)


def catalogue_path(folder: Path, digest: str) -> Path:
    """Name the file of one snapshot."""
    return folder / f"catalogue-{digest}.db"


def build_catalogue(snapshot: Path, target: Path) -> int:
    """Build the file from a snapshot, product by product; gives their number.

    Never holds more than a few products in memory: a snapshot of 100,000 is 20 MB. Raises
    CatalogueError where it is not a catalogue of format 1.
    """
    draft = target.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        db.executescript(
            "CREATE TABLE products (sku TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE gtins (gtin TEXT PRIMARY KEY, sku TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE own_prefixes (prefix TEXT PRIMARY KEY, article INTEGER NOT NULL,"
            " measures TEXT NOT NULL) WITHOUT ROWID;BEGIN;"
        )
        try:
            with snapshot.open(encoding="utf-8") as stream:
                count = _fill(db, stream)
        except (ValueError, KeyError, TypeError, AttributeError, sqlite3.Error) as error:
            draft.unlink(missing_ok=True)
            if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _DISK:
                raise
            raise CatalogueError(f"the catalogue cannot be read: {error}") from error
        db.execute("COMMIT")
    with draft.open("rb") as handle:
        os.fsync(handle.fileno())
    draft.rename(target)
    sync_folder(target.parent)
    return count


def _fill(db: sqlite3.Connection, stream: TextIO) -> int:
    count = 0
    snapshot = _Snapshot(stream)
    for item in snapshot.products():
        body = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        db.execute("INSERT INTO products VALUES (?, ?)", (item["sku"], body))
        rows = ((gtin, item["sku"]) for gtin in (*_gtins(item), *_packs(item)))
        db.executemany("INSERT OR IGNORE INTO gtins VALUES (?, ?)", rows)
        _product(item)
        count += 1
    table = own_prefixes(snapshot.rest.get("own_prefixes", []))
    db.executemany(
        "INSERT INTO own_prefixes VALUES (?, ?, ?)",
        ((own.prefix, own.article, own.measures) for own in table),
    )
    return count


def _gtins(item: Mapping[str, object]) -> list[str]:
    match item:
        case {"gtins": list(gtins)}:
            return [gtin.zfill(14) for gtin in gtins]
    raise ValueError(f"a product without a list of GTINs: {str(item)[:100]}")


def _packs(item: Mapping[str, object]) -> dict[str, str]:
    """Read which bar codes are on whole packs, and on which."""
    match item:
        case {"pack_gtins": dict(codes), "pack_sizes": dict(sizes)}:
            if {*codes.values()} <= {*sizes}:
                return {gtin.zfill(14): unit for gtin, unit in codes.items()}
        case _ if "pack_gtins" not in item:
            return {}
    raise ValueError(f"bar codes of packs that there are not: {str(item)[:100]}")


class _Snapshot:
    """A snapshot read product by product; `rest` is what stands behind its list of products."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.rest: dict[str, object] = {}

    def products(self) -> Iterator[dict[str, object]]:
        """Give one product object after the other."""
        decoder = json.JSONDecoder()
        text = self._stream.read(_CHUNK)
        start = _START.match(text)
        if start is None:
            raise ValueError("it is not a catalogue of format 1")
        at = start.end()
        while True:
            while at < len(text) and text[at] in ", \n\r\t":
                at += 1
            try:
                item, end = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                if text[at : at + 1] == "]":
                    self.rest = json.loads(f'{{"products": [{text[at:]}{self._stream.read()}')
                    return
                more = self._stream.read(_CHUNK)
                if not more:
                    raise
                text, at = text[at:] + more, 0
                continue
            yield item
            at = end


@lru_cache(maxsize=_CACHED)
def _shared_path(category: tuple[str, ...]) -> tuple[str, ...]:
    """Give one and the same path to all products below it."""
    return category


@lru_cache(maxsize=_CACHED)
def _shared_sizes(sizes: tuple[tuple[str, int], ...]) -> Mapping[str, int]:
    """Give the same pack sizes to all products that come in them; nobody changes them."""
    return dict(sizes)


def _product(item: Mapping[str, object]) -> Product:
    """Read a product; what many products say alike is held once."""
    match item:
        case {
            "sku": str(sku),
            "name": str(name),
            "category": list(category),
            "brand": (str() | None) as brand,
            "tax_class": (str() | None) as tax_class,
            "base_unit": str(base_unit),
            "pack_sizes": dict(pack_sizes),
        }:
            return Product(
                sku=sku,
                name=name,
                category=_shared_path(tuple(category)),
                brand=brand and intern(brand),
                tax_class=tax_class and intern(tax_class),
                base_unit=intern(base_unit),
                pack_sizes=_shared_sizes(tuple(pack_sizes.items())),
                mrp=_mrp(item),
            )
    raise ValueError(f"not a product: {str(item)[:100]}")


def _mrp(item: Mapping[str, object]) -> UnitPrice | None:
    match item.get("mrp"):
        case None:
            return None
        case int(mrp):
            return UnitPrice(mrp)
    raise ValueError(f"an MRP that is no whole number: {str(item)[:100]}")
