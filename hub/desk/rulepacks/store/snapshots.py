"""Packs and catalogues read back from their snapshots, each once."""

from collections import OrderedDict
from typing import Any, Final

from sqlalchemy import Connection

from hub.desk.products.model import Catalogue, read_catalogue
from hub.desk.products.reads import read_body
from rules import CompiledPack, PackLoadError, load_pack

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
            body = read_body(connection, digest)
            self._catalogues[digest] = read_catalogue(digest, body)
            _bound(self._catalogues, _CATALOGUES_KEPT)
        return self._catalogues[digest]


def _bound(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
