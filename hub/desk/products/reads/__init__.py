"""Products and snapshots read for pages, commands and terminals; nothing is locked."""

from hub.desk.products.reads.snapshots import read_body

__all__ = ["read_body"]
