"""What is left while a group of orders is decided one after another: stock, credit, budgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo

from hub.domain.exposure import with_exposure
from hub.domain.leases import Leased
from rules import (
    Allocation,
    Batch,
    CompiledPack,
    CounterChange,
    Counters,
    Credit,
    Customer,
    Minor,
    Product,
    Quantity,
    scopes_of,
)

Place = tuple[int, str]
"""A warehouse's row id and a SKU: where batches of one product lie."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a terminal orders for, and from which warehouse it is served; ids are row ids.

    `since` is the day it became a customer, None where nobody knows.
    """

    terminal: str
    revoked: bool
    customer_id: int
    customer: Customer
    name: str
    credit: Credit
    warehouse_id: int
    warehouse: str
    since: date | None = None

    def customer_on(self, day: date) -> Customer:
        """Give the customer's facts on a day: for how long it has been one is among them."""
        if self.since is None:
            return self.customer
        return replace(self.customer, age_days=max((day - self.since).days, 0))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products by SKU, as of the catalogue snapshot named by `hash`; ids are row ids."""

    hash: str
    products: Mapping[str, Product]
    ids: Mapping[str, int]


@dataclass(slots=True)
class Ledger:
    """Facts as read under lock, less what the orders decided so far have taken.

    `honoured` are earlier packs, by their hash, whose quotes still hold.
    """

    pack: CompiledPack | None
    zone: tzinfo
    catalogue: Catalogue
    parties: Mapping[str, Party]
    batches: dict[Place, tuple[Batch, ...]] = field(default_factory=dict)
    batch_ids: dict[tuple[int, str, str], int] = field(default_factory=dict)
    exposure: dict[int, int] = field(default_factory=dict)
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    spent: dict[tuple[str, str], Minor] = field(default_factory=dict)
    bought: dict[tuple[str, str], int] = field(default_factory=dict)
    pieces: dict[tuple[str, str], Quantity] = field(default_factory=dict)
    honoured: Mapping[str, CompiledPack] = field(default_factory=dict)
    leased: Leased = field(default_factory=Leased)

    def pack_for(self, quoted: str | None) -> CompiledPack | None:
        """Give the pack that decides an order quoted with this one."""
        return self.honoured.get(quoted, self.pack) if quoted else self.pack

    def named_products(self) -> frozenset[str]:
        """Give what any pack that may decide gives by name."""
        return frozenset().union(*(pack.named_products for pack in self._packs()))

    def scopes(self, customers: Iterable[str], day: date) -> list[str]:
        """Name the counters' scopes that any pack that may decide asks for on a day."""
        periods = {each for pack in self._packs() for each in pack.periods}
        return scopes_of(customers, periods, day)

    def _packs(self) -> list[CompiledPack]:
        return [*self.honoured.values(), *([self.pack] if self.pack else [])]

    def credit_of(self, party: Party) -> Credit:
        """Give where the party's customer stands now."""
        return with_exposure(party.credit, self.exposure[party.customer_id])

    def batches_of(self, party: Party, skus: Iterable[str]) -> dict[str, tuple[Batch, ...]]:
        """Give what is left of these products in the party's warehouse."""
        warehouse = party.warehouse_id
        return {sku: self.batches.get((warehouse, sku), ()) for sku in skus}

    def has_shared(self) -> bool:
        """Say whether any pack that may decide has schemes with a total limit."""
        return any(pack.shared for pack in self._packs())

    def counters(self, as_of: str, terminal: str) -> Counters:
        """Give what schemes have given so far, and to others than this terminal will give."""
        held = self.leased.of_others(terminal)
        if not held:
            return Counters(as_of, self.used, self.spent, bought=self.bought, pieces=self.pieces)
        used, spent, pieces = dict(self.used), dict(self.spent), dict(self.pieces)
        for key, other in held.items():
            used[key] = used.get(key, 0) + other.uses
            spent[key] = Minor(spent.get(key, 0) + other.amount)
            pieces[key] = Quantity(pieces.get(key, 0) + other.pieces)
        return Counters(as_of, used, spent, bought=self.bought, pieces=pieces)

    def take(self, party: Party, allocations: Sequence[Allocation], exposure: int) -> None:
        """Take what a confirmed order was promised."""
        self.exposure[party.customer_id] += exposure
        for one in allocations:
            place = (party.warehouse_id, one.sku)
            self.batches[place] = _without(self.batches[place], one)

    def spend(self, terminal: str, changes: Sequence[CounterChange]) -> None:
        """Add what a confirmed order used of schemes, out of its terminal's leases first."""
        self.count(changes)
        for change in changes:
            self.leased.spend(terminal, change)

    def count(self, changes: Sequence[CounterChange]) -> None:
        """Add what confirmed orders used of schemes."""
        for change in changes:
            key = (change.rule, change.scope)
            self.used[key] = self.used.get(key, 0) + change.used
            self.spent[key] = Minor(self.spent.get(key, 0) + change.spent)
            self.bought[key] = self.bought.get(key, 0) + change.bought
            self.pieces[key] = Quantity(self.pieces.get(key, 0) + change.pieces)


def _without(lots: tuple[Batch, ...], taken: Allocation) -> tuple[Batch, ...]:
    """Give the lots without what was taken of one; a lot of which nothing is left is gone."""
    for place, lot in enumerate(lots):
        if lot.id != taken.batch:
            continue
        left = lot.available - taken.quantity
        if left <= 0:
            return lots[:place] + lots[place + 1 :]
        less = Batch(
            lot.id,
            lot.sku,
            lot.warehouse,
            available=Quantity(left),
            received=lot.received,
            manufactured=lot.manufactured,
            expiry=lot.expiry,
            mrp=lot.mrp,
        )
        return (*lots[:place], less, *lots[place + 1 :])
    return lots
