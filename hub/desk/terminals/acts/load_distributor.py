"""Load a distributor's folder: all of it in one transaction, or nothing."""

from dataclasses import dataclass, field

from hub.base.clock import Clock
from hub.base.masters import Counts
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts.store import write_openings
from hub.desk.parties.store import (
    party_ids,
    seller_ids,
    set_setting,
    write_house,
    write_parties,
    write_sellers,
)
from hub.desk.products.model import write_own_prefixes
from hub.desk.products.store import product_ids, write_catalogue, write_products
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.store import set_up_pack
from hub.desk.stock.store import write_batches, write_warehouses
from hub.desk.terminals.model import Distributor, Secrets
from hub.desk.terminals.store.enrolment import write_terminals


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

    def count(self, kind: str, counts: Counts) -> None:
        """Note how many records of a kind were added and changed."""
        self.added[kind], self.changed[kind] = counts


@dataclass(slots=True)
class LoadDistributor:
    """The act, with what it needs."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock

    def __call__(self, distributor: Distributor, pack: PackedPack, *, by: str = "load") -> Loaded:
        """Add and change what differs; what is not in the folder stays as it is.

        A first rule pack is published at once and by whom is noted; another is left to `pack add`.
        """
        loaded = Loaded()
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            _write_settings(t, distributor, loaded)
            self._write_records(t, distributor, loaded)
            note = set_up_pack(t, pack)
            loaded.added["rule packs"] = int(note == "")
            loaded.notes += [note] if note else []
            set_setting(t, "catalogue", write_catalogue(t, distributor.own_prefixes).hash)
            if not loaded.nothing:
                set_setting(t, "loaded", str(t.at_ms))  # terminals are told what changed
            for topic in ("orders", "terminals", "stock", "packs"):
                t.changed(topic)
            t.commit()
        return loaded

    def _write_records(self, t: Transaction, distributor: Distributor, loaded: Loaded) -> None:
        write_house(t, distributor.name)
        loaded.count("sellers", write_sellers(t, distributor.sellers))
        loaded.count("products", write_products(t, distributor.products))
        loaded.count("customers", _write_customers(t, distributor))
        sellers = seller_ids(t)
        loaded.count("warehouses", write_warehouses(t, distributor.warehouses, sellers))
        batches = write_batches(t, distributor.batches, product_ids(t))
        loaded.count("batches", batches)
        loaded.count("terminals", write_terminals(t, distributor.terminals, self.secrets))


def _write_settings(t: Transaction, distributor: Distributor, loaded: Loaded) -> None:
    values = {
        "distributor": distributor.name,
        "support": distributor.support,
        "timezone": distributor.timezone,
        "http": distributor.http,
        "own_prefixes": write_own_prefixes(distributor.own_prefixes),
    }
    loaded.changed["settings"] = sum(set_setting(t, *item) for item in values.items())


def _write_customers(t: Transaction, distributor: Distributor) -> Counts:
    """Write customers and what they owed at the start."""
    counts = write_parties(t, distributor.customers)
    ids = party_ids(t)
    owed = {ids[one.code]: one.opening_outstanding for one in distributor.customers}
    return Counts(counts.added, counts.changed + write_openings(t, owed))
