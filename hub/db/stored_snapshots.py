"""Packs and catalogues read back from their snapshots, each once."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from hub.db.tables import snapshot
from hub.domain.ledger import Catalogue
from rules import CompiledPack, PackLoadError, Product, load_pack

_CATALOGUES_KEPT: Final = 4
_PACKS_KEPT: Final = 16


class StoredSnapshots:
    """Keeps what it made of the last snapshots it read; for one thread at a time."""

    def __init__(self) -> None:
        self._packs: OrderedDict[str, CompiledPack | None] = OrderedDict()
        self._catalogues: OrderedDict[str, Catalogue] = OrderedDict()

    def pack(self, connection: Connection, digest: str | None) -> CompiledPack | None:
        """Compile a pack; None if it is gone or broken."""
        if digest is None:
            return None
        if digest not in self._packs:
            body = read_body(connection, digest)
            try:
                self._packs[digest] = load_pack(body) if body else None
            except PackLoadError:
                self._packs[digest] = None
            _bound(self._packs, _PACKS_KEPT)
        return self._packs[digest]

    def catalogue(self, connection: Connection, digest: str) -> Catalogue:
        """Read a catalogue; an empty one if it is gone."""
        if digest not in self._catalogues:
            document = msgspec.json.decode(read_body(connection, digest) or b'{"products":[]}')
            products = {one["sku"]: _product(one) for one in document["products"]}
            self._catalogues[digest] = Catalogue(digest, products, {})
            _bound(self._catalogues, _CATALOGUES_KEPT)
        return self._catalogues[digest]


def read_body(connection: Connection, digest: str) -> bytes | None:
    """Give a snapshot's bytes; None if it is gone."""
    query = select(snapshot.c.body).where(snapshot.c.hash == digest)
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else bytes(body)


def _bound(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _product(written: Mapping[str, Any]) -> Product:
    """Read a product of a catalogue snapshot."""
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
