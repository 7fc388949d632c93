"""What is left while orders are decided one after another: stock, credit, budgets of schemes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hub.desk.accounts.model import with_exposure
from hub.desk.orders.model.request import OrderRequest
from hub.desk.products.model import Catalogue
from hub.desk.rulepacks.model.versions import ReplacedPack
from hub.desk.schemes.model import Leased
from rules import (
    UNCOUNTED,
    Allocation,
    Batch,
    CompiledPack,
    Count,
    CounterChange,
    CounterKey,
    Counters,
    Credit,
    Customer,
    Product,
    Quantity,
    scopes_of,
)

Lot = tuple[int, str]
"""A warehouse's row id and a SKU: where batches of one product lie."""


def is_inside(assortment: str, product: Product) -> bool:
    """Say whether a product is of an assortment, `category=tea/green;brand=Asha;sku=SOAP-1`.

    A category holds those below it. Nothing said is everything.
    """
    if not assortment:
        return True
    for one in assortment.split(";"):
        kind, _, wanted = one.partition("=")
        if kind == "category":
            nodes = tuple(wanted.split("/"))
            found = product.category[: len(nodes)] == nodes
        else:
            found = wanted == (product.brand if kind == "brand" else product.sku)
        if found:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Counterparty:
    """A customer as orders need it; `id` is its row's, `since` the day it became a customer.

    `awaited` names the terminals that may keep orders of the customer which are not here.
    `assortment` says what the customer may order, `minimum_order` what an order has to come to, in
    minor units; `delivery_days` are the weekdays on which it is visited, `mon,thu`.
    """

    id: int
    customer: Customer
    name: str
    credit: Credit
    since: date | None = None
    awaited: tuple[str, ...] = ()
    assortment: str = ""
    minimum_order: int | None = None
    delivery_days: str = ""

    def customer_on(self, day: date) -> Customer:
        """Give the customer's facts on a day: for how long it has been one is among them."""
        if self.since is None:
            return self.customer
        return replace(self.customer, age_days=max((day - self.since).days, 0))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an order holds in the three books, as its rows there add up to.

    `held` are base units by (free goods?, line, batch's row id), `taken` the uses, money, purchases
    and pieces of each counter.
    """

    held: Mapping[tuple[bool, int, int], int] = field(default_factory=dict)
    exposure: int = 0
    taken: Mapping[CounterKey, Count] = field(default_factory=dict)

    def of_batches(self) -> dict[int, int]:
        """Give how much the order holds of each batch, by its row's id."""
        sums: dict[int, int] = {}
        for (_, _, batch), quantity in self.held.items():
            sums[batch] = sums.get(batch, 0) + quantity
        return sums

    def given_back(self) -> list[CounterChange]:
        """Give the changes that take off counters what the order took."""
        return [CounterChange.of(key, UNCOUNTED.less(count)) for key, count in self.taken.items()]


@dataclass(slots=True)
class Availability:
    """Facts as read under lock, less what the orders decided so far have taken.

    `honoured` are earlier packs, by their hash, of which quotes may still hold. `warehouses` are
    the codes of warehouses by their rows' ids. Counters that have a row are named by `counted`.
    `promised` is what orders took of lots that no order asked for since: it is still in `batches`.
    """

    pack: CompiledPack | None
    catalogue: Catalogue
    customers: Mapping[str, Counterparty] = field(default_factory=dict)
    batches: dict[Lot, tuple[Batch, ...]] = field(default_factory=dict)
    batch_ids: dict[tuple[int, str, str], int] = field(default_factory=dict)
    promised: dict[Lot, list[Allocation]] = field(default_factory=dict)
    exposure: dict[int, int] = field(default_factory=dict)
    counts: dict[CounterKey, Count] = field(default_factory=dict)
    counted: frozenset[CounterKey] = frozenset()
    honoured: Mapping[str, ReplacedPack] = field(default_factory=dict)
    leased: Leased = field(default_factory=Leased)

    def pack_for(self, request: OrderRequest, now_ms: int) -> CompiledPack | None:
        """Give the pack that decides an order: the one it was quoted with, while that holds."""
        earlier = self.honoured.get(request.quote.pack or "") if request.quote else None
        if earlier is None or self.pack is None:
            return self.pack
        captured = request.captured_at if request.clock_trusted else None
        holds = self.pack.quotes.honours(earlier.replaced_ms, captured, now_ms=now_ms)
        return earlier.pack if holds else self.pack

    def pack_named(self, digest: str | None) -> CompiledPack | None:
        """Give a pack by its hash, where it serves or was read."""
        if self.pack is not None and self.pack.hash == digest:
            return self.pack
        earlier = self.honoured.get(digest or "")
        return earlier.pack if earlier else None

    def named_products(self) -> frozenset[str]:
        """Give what any pack that may decide gives by name."""
        return frozenset().union(*(pack.named_products for pack in self._packs()))

    def scopes(self, customers: Iterable[str], day: date) -> list[str]:
        """Name the counters' scopes that any pack that may decide asks for on a day."""
        periods = {each for pack in self._packs() for each in pack.periods}
        return scopes_of(customers, periods, day)

    def has_shared(self) -> bool:
        """Say whether any pack that may decide has schemes with a total limit."""
        return any(pack.shared for pack in self._packs())

    def _packs(self) -> list[CompiledPack]:
        earlier = (one.pack for one in self.honoured.values())
        return [*earlier, *([self.pack] if self.pack else [])]

    def credit_of(self, counterparty: Counterparty) -> Credit:
        """Give where a customer stands now."""
        return with_exposure(counterparty.credit, self.exposure[counterparty.id])

    def batches_of(self, warehouse: int, skus: Iterable[str]) -> dict[str, tuple[Batch, ...]]:
        """Give what is left of these products in a warehouse."""
        return {sku: self._left((warehouse, sku)) for sku in skus}

    def _left(self, lot: Lot) -> tuple[Batch, ...]:
        """Give what is left of a product in a warehouse, less what was promised of it meanwhile."""
        batches = self.batches.get(lot, ())
        if lot in self.promised:
            for one in self.promised.pop(lot):
                batches = _without(batches, one)
            self.batches[lot] = batches
        return batches

    def counters(self, as_of: str, lessee: str | None) -> Counters:
        """Give what schemes have given so far, and to others than this terminal will give."""
        held = self.leased.of_others(lessee)
        if not held:
            return Counters(as_of, self.counts)
        counts = dict(self.counts)
        for key, other in held.items():
            counts[key] = counts.get(key, UNCOUNTED).plus(other.as_count)
        return Counters(as_of, counts)

    def take(
        self,
        warehouse: int,
        allocations: Sequence[Allocation],
        changes: Sequence[CounterChange],
        *,
        customer: int,
        exposure: int,
        lessee: str | None,
    ) -> None:
        """Take what an order was promised, so that the next one does not get it too."""
        self.exposure[customer] += exposure
        for one in allocations:
            self.promised.setdefault((warehouse, one.sku), []).append(one)
        self.count(changes)
        if lessee is not None:
            for change in changes:
                self.leased.spend(lessee, change)

    def count(self, changes: Iterable[CounterChange]) -> None:
        """Add what orders used of schemes."""
        for change in changes:
            key = change.key
            self.counts[key] = self.counts.get(key, UNCOUNTED).plus(change.as_count)

    def seen(self, customers: Collection[str], day: date, counters: Counters) -> Counters:
        """Copy the counters that an order saw: the ones here go on changing."""
        if not counters.counts:
            return Counters(counters.as_of, {})
        scopes = set(self.scopes(customers, day))
        seen = {key: count for key, count in counters.counts.items() if key[1] in scopes}
        return Counters(counters.as_of, seen)


def _without(batches: tuple[Batch, ...], taken: Allocation) -> tuple[Batch, ...]:
    """Give the batches without what was taken of one; one of which nothing is left is gone."""
    for place, batch in enumerate(batches):
        if batch.id != taken.batch:
            continue
        left = batch.available - taken.quantity
        if left <= 0:
            return batches[:place] + batches[place + 1 :]
        less = Batch(
            batch.id,
            batch.sku,
            batch.warehouse,
            available=Quantity(left),
            received=batch.received,
            manufactured=batch.manufactured,
            expiry=batch.expiry,
            mrp=batch.mrp,
        )
        return (*batches[:place], less, *batches[place + 1 :])
    return batches
