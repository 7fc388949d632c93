"""Products as they are loaded and kept, and the catalogue as terminals fetch it."""

from hub.desk.products.model.catalogue import (
    NO_CATALOGUE,
    Catalogue,
    Measures,
    OwnPrefixRecord,
    ProductRecord,
    SnapshotFile,
    UnitFault,
    catalogue_snapshot,
    read_catalogue,
    read_own_prefixes,
    read_pack_sizes,
    snapshot_of,
    unit_faults,
    write_own_prefixes,
)

__all__ = [
    "NO_CATALOGUE",
    "Catalogue",
    "Measures",
    "OwnPrefixRecord",
    "ProductRecord",
    "SnapshotFile",
    "UnitFault",
    "catalogue_snapshot",
    "read_catalogue",
    "read_own_prefixes",
    "read_pack_sizes",
    "snapshot_of",
    "unit_faults",
    "write_own_prefixes",
]
