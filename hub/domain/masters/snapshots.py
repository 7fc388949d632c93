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
    """Write the catalogue, sorted by SKU; equal products give equal bytes."""
    rows = [
        {
            "sku": one.sku,
            "gtins": sorted(one.gtins),
            "name": one.name,
            "category": list(one.category),
            "brand": one.brand,
            "tax_class": one.tax_class,
            "base_unit": one.base_unit,
            "pack_sizes": dict(one.pack_sizes),
        }
        for one in sorted(products, key=lambda product: product.sku)
    ]
    text = json.dumps(
        {"format": 1, "products": rows}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return snapshot_of(text.encode())
