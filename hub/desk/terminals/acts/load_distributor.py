"""Load a distributor's folder: all of it in one transaction, or nothing."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.masters.records import (
    BatchRecord,
    CustomerRecord,
    Distributor,
    ProductRecord,
    TerminalRecord,
    WarehouseRecord,
)
from hub.domain.masters.snapshots import SnapshotFile, catalogue_snapshot
from hub.services.packs.ports import PackedPack, PackRows
from hub.services.packs.set_up_pack import set_up_pack


@dataclass(slots=True)
class Loaded:
    """What a load did: rows added and changed by kind, and notes on what it left alone."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Say whether everything was there already."""
        return not any(self.added.values()) and not any(self.changed.values())


class Masters(Protocol):
    """Writes master records: adds what is new, changes what differs, leaves the rest alone."""

    def products(self, records: Sequence[ProductRecord]) -> tuple[int, int]:
        """Give how many were added and changed."""

    def customers(self, records: Sequence[CustomerRecord]) -> tuple[int, int]:
        """Likewise; a changed opening amount moves the exposure by the difference."""

    def warehouses(self, records: Sequence[WarehouseRecord]) -> tuple[int, int]:
        """Likewise."""

    def batches(self, records: Sequence[BatchRecord], now_ms: int) -> tuple[int, int]:
        """Likewise; opening stock becomes a movement; of what is there only the MRP changes."""

    def terminals(
        self, records: Sequence[TerminalRecord], secrets_of: "Secrets", now_ms: int
    ) -> tuple[int, int]:
        """Likewise; each new one asks for a secret, of which the SHA-256 is kept."""


class Shelves(Protocol):
    """Keeps settings and snapshots."""

    def all_products(self) -> Sequence[ProductRecord]:
        """Give every product on sale, for the catalogue."""

    def put(self, kind: str, snapshot: SnapshotFile, now_ms: int) -> bool:
        """Keep a snapshot; False if it was there."""

    def set(self, key: str, value: str) -> bool:
        """Set a setting; False if it had that value."""


class MasterUnit(Protocol):
    """One transaction on master records."""

    masters: Masters
    shelves: Shelves
    packs: PackRows

    def commit(self) -> None:
        """Keep everything."""


class OpenMasters(Protocol):
    """Opens transactions on master records."""

    def __call__(self) -> AbstractContextManager[MasterUnit]:
        """Open one."""


class Secrets(Protocol):
    """Hands a new terminal its secret, and tells the broker."""

    def issue(self, terminal: str, secret: str) -> None:
        """Write the terminal's configuration and let it in at the broker."""

    def withdraw(self, terminal: str) -> None:
        """Take both away."""


@dataclass(slots=True)
class LoadDistributor:
    """The use case, with what it needs."""

    units: OpenMasters
    secrets: Secrets
    clock: Clock
    changes: Changes

    def __call__(self, distributor: Distributor, pack: PackedPack, *, by: str = "load") -> Loaded:
        """Add and change what differs; what is not in the folder stays as it is.

        A first rule pack is published at once and by whom is noted; another is left to `pack add`.
        """
        now_ms = self.clock.now_ms()
        loaded = Loaded()
        with self.units() as unit:
            self._settings(unit, distributor, loaded)
            self._records(unit, distributor, loaded=loaded, now_ms=now_ms)
            self._pack(unit, pack, by=by, loaded=loaded, now_ms=now_ms)
            catalogue = catalogue_snapshot(unit.shelves.all_products())
            unit.shelves.put("catalogue", catalogue, now_ms)
            unit.shelves.set("catalogue", catalogue.hash)
            if not loaded.nothing:
                unit.shelves.set("loaded", str(now_ms))  # terminals are told what changed
            unit.commit()
        for topic in ("orders", "terminals", "stock"):
            self.changes.publish(topic)
        return loaded

    def _settings(self, unit: MasterUnit, distributor: Distributor, loaded: Loaded) -> None:
        values = {
            "distributor": distributor.name,
            "support": distributor.support,
            "timezone": distributor.timezone,
            "http": distributor.http,
        }
        loaded.changed["settings"] = sum(unit.shelves.set(*item) for item in values.items())

    def _pack(
        self, unit: MasterUnit, pack: PackedPack, *, by: str, loaded: Loaded, now_ms: int
    ) -> None:
        note = set_up_pack(unit.packs, pack, by=by, now_ms=now_ms)
        loaded.added["rule packs"] = int(note == "")
        loaded.notes += [note] if note else []

    def _records(
        self, unit: MasterUnit, distributor: Distributor, *, loaded: Loaded, now_ms: int
    ) -> None:
        masters = unit.masters
        counts = {
            "products": masters.products(distributor.products),
            "customers": masters.customers(distributor.customers),
            "warehouses": masters.warehouses(distributor.warehouses),
            "batches": masters.batches(distributor.batches, now_ms),
            "terminals": masters.terminals(distributor.terminals, self.secrets, now_ms),
        }
        for kind, (added, changed) in counts.items():
            loaded.added[kind], loaded.changed[kind] = added, changed
