"""A distributor's folder written inside a given transaction, with what was added and left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.base.masters import Counts
from hub.base.transaction import Transaction
from hub.desk.accounts.store import write_openings
from hub.desk.parties.model.cells import CellError, read_gtin
from hub.desk.parties.store import (
    party_ids,
    seller_ids,
    set_setting,
    write_house,
    write_parties,
    write_sellers,
)
from hub.desk.products.model import write_own_prefixes
from hub.desk.products.store import (
    gtins_of_others,
    left_out,
    product_ids,
    write_catalogue,
    write_products,
)
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.store import set_up_pack
from hub.desk.stock.store import differing_batches, write_batches, write_warehouses
from hub.desk.terminals.model import Distributor, Secrets
from hub.desk.terminals.store.enrolment import write_terminals

_MOST_NAMED: Final = 20
TOPICS: Final = ("orders", "terminals", "stock", "packs")
"""What changes as a distributor is loaded."""


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


class LoadRefusedError(Exception):
    """A folder does not fit to what the hub has; the text says what of it, a line each."""


def write_distributor(
    t: Transaction, distributor: Distributor, pack: PackedPack, *, secrets: Secrets
) -> Loaded:
    """Add and change what differs; what is not in the folder stays as it is, and is told.

    A first rule pack is published at once and by whom is noted; another is left to `pack add`.
    Raises LoadRefusedError.
    """
    loaded = Loaded()
    _refuse_taken(t, distributor)
    loaded.notes += _left_alone(t, distributor)
    _write_settings(t, distributor, loaded)
    _write_records(t, distributor, loaded, secrets=secrets)
    note = set_up_pack(t, pack)
    loaded.added["rule packs"] = int(note == "")
    loaded.notes += [note] if note else []
    set_setting(t, "catalogue", write_catalogue(t).hash)
    if not loaded.nothing:
        set_setting(t, "loaded", str(t.at_ms))  # terminals are told what changed
    for topic in TOPICS:
        t.changed(topic)
    return loaded


def _write_records(
    t: Transaction, distributor: Distributor, loaded: Loaded, *, secrets: Secrets
) -> None:
    write_house(t, distributor.name)
    loaded.count("sellers", write_sellers(t, distributor.sellers))
    products = write_products(t, distributor.products)
    loaded.count("products", products)
    unread = _tell("bar codes that no counter takes", _unread_by_counters(distributor))
    loaded.notes += [unread] if unread and any(products) else []
    loaded.count("customers", _write_customers(t, distributor))
    sellers = seller_ids(t)
    loaded.count("warehouses", write_warehouses(t, distributor.warehouses, sellers))
    batches = write_batches(t, distributor.batches, product_ids(t))
    loaded.count("batches", batches)
    loaded.count("terminals", write_terminals(t, distributor.terminals, secrets))


def _refuse_taken(t: Transaction, distributor: Distributor) -> None:
    """See that no bar code is of a product that the folder does not have."""
    taken = gtins_of_others(t, distributor.products)
    if taken:
        texts = [f"products.csv:0: gtin {code} is both {old} and {new}" for code, old, new in taken]
        raise LoadRefusedError("\n".join(texts))


def _left_alone(t: Transaction, distributor: Distributor) -> list[str]:
    """Tell what stays as it is: products and bar codes of before, and batches that differ."""
    skus, gtins = left_out(t, distributor.products)
    batches = differing_batches(t, distributor.batches)
    told = (
        _tell("not in the file, and still on sale", skus),
        _tell("bar codes that are not in the file, and go on selling", gtins),
        _tell("batches that differ from the file, and stay as they are", batches),
    )
    return [one for one in told if one]


def _tell(what: str, found: Sequence[str]) -> str:
    """Name what was found, or the first of it; nothing where there is none."""
    more = " ..." if len(found) > _MOST_NAMED else ""
    return f"{what} ({len(found)}): {', '.join(found[:_MOST_NAMED])}{more}" if found else ""


def _unread_by_counters(distributor: Distributor) -> list[str]:
    """Name bar codes whose check digit or length is wrong: a counter asks to scan them again."""
    found = []
    for product in distributor.products:
        for gtin in (*product.gtins, *(code for _, code in product.pack_gtins)):
            try:
                read_gtin(gtin)
            except CellError:
                found.append(f"{gtin} ({product.sku})")
    return found


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
