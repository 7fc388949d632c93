"""Products written and read inside a given transaction, and the catalogue in memory."""

from hub.desk.products.store.catalogue import (
    CatalogueInForce,
    gtins_of_others,
    left_out,
    product_ids,
    snapshot_size,
    write_catalogue,
    write_products,
)

__all__ = [
    "CatalogueInForce",
    "gtins_of_others",
    "left_out",
    "product_ids",
    "snapshot_size",
    "write_catalogue",
    "write_products",
]
