"""The catalogue as terminals fetch it: canonical bytes, named by their hash."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from hub.domain.masters.records import ProductRecord


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """Bytes and the SHA-256 that names them."""

    hash: str
    body: bytes


def snapshot_of(body: bytes) -> SnapshotFile:
    """Name bytes by their hash."""
    return SnapshotFile(hashlib.sha256(body).hexdigest(), body)


def catalogue_snapshot(products: Iterable[ProductRecord]) -> SnapshotFile:
    """Write the catalogue, sorted by SKU; equal products give equal bytes.

    What a product costs the distributor is never in it. An MRP and bar codes of packs are left out
    where there are none, so that a catalogue without them keeps its hash.
    """
    rows = [_written(one) for one in sorted(products, key=lambda product: product.sku)]
    text = json.dumps(
        {"format": 1, "products": rows}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return snapshot_of(text.encode())


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
