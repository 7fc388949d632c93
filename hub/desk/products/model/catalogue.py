"""Products as they are loaded, and the catalogue as terminals fetch it: bytes named by a hash."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, NamedTuple

import msgspec

from rules import OrderLine, Product

Measures = Literal["weight", "price", "count"]


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product; `category` runs from the root, `pack_sizes` names base units a pack.

    `mrp` and `cost` are of a base unit, in 1/10,000 of the major unit; `pack_gtins` are the bar
    codes of whole packs, each with the pack's name. Terminals learn everything but the cost.
    """

    sku: str
    gtins: tuple[str, ...]
    name: str
    category: tuple[str, ...]
    brand: str | None
    tax_class: str | None
    base_unit: str
    pack_sizes: tuple[tuple[str, int], ...]
    mrp: int | None = None
    cost: int | None = None
    pack_gtins: tuple[tuple[str, str], ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class OwnPrefixRecord:
    """What stands behind a prefix of the distributor's own bar codes, from 02 and 20 to 29.

    `article` digits name the product, and what is left before the check digit says how much of it:
    grams, minor units or pieces. The product's own GTIN is the one with nothing but zeros there.
    """

    prefix: str
    article: int
    measures: Measures


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products by SKU, as of the catalogue snapshot named by `hash`; ids are row ids."""

    hash: str
    products: Mapping[str, Product]
    ids: Mapping[str, int]


_prefixes: Final = msgspec.json.Decoder(tuple[OwnPrefixRecord, ...])
NO_CATALOGUE = Catalogue("", {}, {})


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """Bytes and the SHA-256 that names them."""

    hash: str
    body: bytes


def snapshot_of(body: bytes) -> SnapshotFile:
    """Name bytes by their hash."""
    return SnapshotFile(hashlib.sha256(body).hexdigest(), body)


def catalogue_snapshot(
    products: Iterable[ProductRecord], own_prefixes: Sequence[OwnPrefixRecord] = ()
) -> SnapshotFile:
    """Write the catalogue, sorted by SKU; equal products give equal bytes.

    What a product costs the distributor is never in it. An MRP, bar codes of packs and own prefixes
    are left out where there are none, so that a catalogue without them keeps its hash.
    """
    rows = sorted((one.sku, _json(_written(one))) for one in products)
    # Terminals read product by product, so the products come first.
    written = f'{{"format":1,"products":[{",".join(row for _, row in rows)}]}}'
    if own_prefixes:
        written = f'{written[:-1]},"own_prefixes":{_json([asdict(one) for one in own_prefixes])}}}'
    return snapshot_of(written.encode())


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def write_own_prefixes(own_prefixes: Sequence[OwnPrefixRecord]) -> str:
    """Write the table of own prefixes as it is kept; empty where there is none."""
    rows = sorted(own_prefixes, key=lambda one: one.prefix)
    return _json([asdict(one) for one in rows]) if rows else ""


def read_own_prefixes(written: str) -> tuple[OwnPrefixRecord, ...]:
    """Read the table of own prefixes back."""
    return _prefixes.decode(written) if written else ()


def _written(product: ProductRecord) -> dict[str, object]:
    row: dict[str, object] = {
        "sku": product.sku,
        "gtins": sorted(product.gtins),
        "name": product.name,
        "category": list(product.category),
        "brand": product.brand,
        "tax_class": product.tax_class,
        "base_unit": product.base_unit,
        "pack_sizes": dict(product.pack_sizes),
    }
    if product.mrp is not None:
        row["mrp"] = product.mrp
    if product.pack_gtins:
        row["pack_gtins"] = {gtin: name for name, gtin in sorted(product.pack_gtins)}
    return row


def read_catalogue(digest: str, body: bytes | None) -> Catalogue:
    """Read a catalogue from its snapshot; an empty one where that is gone."""
    document = msgspec.json.decode(body or b'{"products":[]}')
    return Catalogue(digest, {one["sku"]: _product(one) for one in document["products"]}, {})


def read_pack_sizes(written: str) -> dict[str, int]:
    """Read `CASE=12;BOX=6`."""
    pairs = (pair.partition("=") for pair in written.split(";") if pair)
    return {name: int(count) for name, _, count in pairs}


def _product(written: Mapping[str, Any]) -> Product:
    return Product(
        sku=written["sku"],
        name=written["name"],
        category=tuple(written["category"]),
        brand=written["brand"],
        tax_class=written["tax_class"],
        base_unit=written["base_unit"],
        pack_sizes=written["pack_sizes"],
        mrp=written.get("mrp"),
    )


class UnitFault(NamedTuple):
    """A line ordered in a unit that its product does not come in, and the units that there are."""

    line: int
    product: str
    unit: str
    units: list[Any]


def unit_faults(lines: Sequence[OrderLine], products: Mapping[str, Product]) -> Iterator[UnitFault]:
    """Give the lines that are ordered in a unit that their product does not come in.

    Products that are not known are left to the rules.
    """
    for line in lines:
        product = None if line.unit is None else products.get(line.sku)
        if line.unit is None or product is None:
            continue
        if line.unit != product.base_unit and line.unit not in product.pack_sizes:
            yield UnitFault(line.number, product.name, line.unit, _units_of(product))


def _units_of(product: Product) -> list[Any]:
    packs = [
        ["unit.pack", {"unit": name, "size": size}] for name, size in product.pack_sizes.items()
    ]
    return [*packs, ["unit.base", {"unit": product.base_unit}]]
