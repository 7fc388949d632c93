"""What orders need to be decided, read under lock: customers, batches, counters, leases.

Rows are locked in one order everywhere, so that two workers wait and never deadlock: accounts by
customer, then batches by id, then counters by name.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts.store.overdue import Overdue, overdue_of
from hub.desk.orders.model.availability import Availability, Counterparty, Holdings, Lot
from hub.desk.orders.model.request import OrderRequest
from hub.desk.products.store import CatalogueInForce
from hub.desk.rulepacks.store import PackInForce
from hub.desk.schemes.model import LimitPart
from hub.desk.schemes.store.leases import read_own
from rules import Batch, CounterChange, Credit, Customer, Minor

_AT_ONCE: Final = 4_096
_NOTHING: Final = Holdings()
_CUSTOMERS: Final = """
SELECT c.id, c.code, c.name, c.type, c.geo, c.status, c.credit_state, c.credit_limit, c.since,
       c.assortment, c.minimum_order, k.delivery_days, a.exposure, a.billed, a.clearing,
       EXISTS (SELECT 1 FROM awaited w WHERE w.customer_id = c.id)
FROM party c JOIN customer_account a ON a.customer_id = c.id
LEFT JOIN customer_profile k ON k.party_id = c.id
WHERE c.code IN """
_AWAITED: Final = "SELECT customer_id, terminal FROM awaited WHERE customer_id IN "
_BATCHES: Final = """
SELECT id, product_id, warehouse_id, code, manufactured, expiry, received, mrp, on_hand - reserved
FROM batch WHERE status = 'ok' AND on_hand > reserved AND product_id """
_HELD_BATCHES: Final = """
SELECT id, product_id, warehouse_id, code, manufactured, expiry, received, mrp, on_hand - reserved
FROM batch WHERE status = 'ok' AND id """
_COUNTERS: Final = """
SELECT rule, scope, used, spent, bought, pieces, held_uses, held_amount, held_pieces
FROM scheme_counter WHERE scope IN """


class _Days(dict[Any, date]):
    """Dates by what the driver gives: SQLite their text, PostgreSQL the dates themselves."""

    def __missing__(self, value: str | date) -> date:
        """Read a date once."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        self[value] = day
        return day


@dataclass(slots=True)
class Desk:
    """What decides orders: the rule pack and the catalogue in force, each read once."""

    packs: PackInForce
    catalogues: CatalogueInForce
    days: _Days = field(default_factory=_Days)


def read_availability(
    t: Transaction, desk: Desk, requests: Sequence[OrderRequest], *, holdings: Holdings = _NOTHING
) -> Availability:
    """Lock and read what these orders need to be decided now.

    `holdings` are what the one order that is decided again holds: that is there for it too.
    """
    availability = Availability(pack=desk.packs.current(t), catalogue=desk.catalogues.current(t))
    quoted = {one.quote.pack for one in requests if one.quote and one.quote.pack}
    availability.honoured = desk.packs.honoured(t, quoted)
    availability.customers = lock_customers(t, desk, {one.order.customer for one in requests})
    availability.exposure = {
        one.id: one.credit.exposure - holdings.exposure for one in availability.customers.values()
    }
    t.lock(LockRank.ACCOUNT, availability.exposure)
    skus = {line.sku for one in requests for line in one.order.lines}
    warehouses = {one.warehouse.id: one.warehouse.code for one in requests}
    wanted = _Wanted(skus | availability.named_products(), warehouses, holdings.of_batches())
    _read_batches(t, desk, availability, wanted=wanted)
    _read_counters(t, availability, {one.order.business_date for one in requests})
    availability.count(holdings.given_back())
    if availability.has_shared():
        _read_leases(t, availability, requests)
    return availability


def lock_customers(t: Transaction, desk: Desk, codes: Collection[str]) -> dict[str, Counterparty]:
    """Lock and read customers by their codes; a code that nobody has is left out."""
    found = {}
    rows = t.rows_in(_CUSTOMERS, sorted(codes), locked_by="a.customer_id", of=" OF a")
    late = overdue_of(t, [row[0] for row in rows])
    awaited = _awaited_of(t, [row[0] for row in rows if row[-1]])
    for row in rows:
        row_id, code, name, kind, geo, status, state, limit, since, *rest = row
        assortment, minimum, delivery_days, owed, billed, clearing, _ = rest
        overdue = late.get(row_id, Overdue())
        credit = Credit(
            state=state,
            limit=Minor(limit),
            overdue=Minor(overdue.amount),
            overdue_days=overdue.days,
            exposure=Minor(owed),
            open_orders=Minor(owed - billed),
            invoices=Minor(billed - clearing),
            cheques=Minor(clearing),
        )
        found[code] = Counterparty(
            id=row_id,
            customer=Customer(code, kind, tuple(geo.split("/")) if geo else (), status),
            name=name,
            credit=credit,
            since=desk.days[since] if since else None,
            awaited=awaited.get(row_id, ()),
            assortment=assortment or "",
            minimum_order=minimum,
            delivery_days=delivery_days or "",
        )
    return found


def _awaited_of(t: Transaction, customers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Name the terminals that may keep orders of these customers which are not here."""
    found: dict[int, tuple[str, ...]] = {}
    for customer, terminal in sorted(t.rows_in(_AWAITED, customers)) if customers else ():
        found[customer] = (*found.get(customer, ()), terminal)
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which products of which warehouses, by row id; and what the order holds of batches itself."""

    skus: Collection[str]
    warehouses: dict[int, str]
    held: dict[int, int]


def _read_batches(
    t: Transaction, desk: Desk, availability: Availability, *, wanted: _Wanted
) -> None:
    """Lock and read what can be sold of these products in these warehouses."""
    catalogue, days, warehouses = availability.catalogue, desk.days, wanted.warehouses
    availability.batches = {(place, sku): () for place in warehouses for sku in wanted.skus}
    known = {catalogue.ids[sku]: sku for sku in wanted.skus if sku in catalogue.ids}
    found: dict[Lot, list[Batch]] = {}
    ids = availability.batch_ids
    for row in _sellable(t, sorted(known), sorted(warehouses), held=sorted(wanted.held)):
        row_id, product, place, code, made, expiry, received, mrp, left = row
        if product not in known or place not in warehouses:
            continue  # the order held it for a line that it has no more
        sku = known[product]
        ids[place, sku, code] = row_id
        batch = Batch(
            code,
            sku,
            warehouses[place],
            available=left + wanted.held.get(row_id, 0),
            received=days[received],
            manufactured=days[made] if made else None,
            expiry=days[expiry] if expiry else None,
            mrp=mrp,
        )
        found.setdefault((place, sku), []).append(batch)
    t.lock(LockRank.BATCH, {*ids.values(), *wanted.held})
    availability.batches.update({lot: tuple(batches) for lot, batches in found.items()})


def _sellable(
    t: Transaction, products: Sequence[int], warehouses: Sequence[int], *, held: Sequence[int]
) -> Iterator[Any]:
    """Lock and read batches, some thousand products at once: statements hold no more values.

    Batches that the order holds are read with them, so that all are locked by rising ids.
    """
    if held:
        yield from _sellable_or_held(t, products, warehouses, held=held)
        return
    for start in range(0, len(products), _AT_ONCE):
        some = products[start : start + _AT_ONCE]
        of_products, named = t.database.among(some)
        of_warehouses, places = t.database.among(warehouses)
        statement = f"{_BATCHES}{of_products} AND warehouse_id {of_warehouses}"
        yield from t.rows(f"{statement} ORDER BY id{t.row_lock}", [*named, *places])


def _sellable_or_held(
    t: Transaction, products: Sequence[int], warehouses: Sequence[int], *, held: Sequence[int]
) -> list[Any]:
    condition, values = t.database.among(held)
    statement = f"{_HELD_BATCHES}{condition}"
    if products:
        of_products, named = t.database.among(products)
        of_warehouses, places = t.database.among(warehouses)
        statement += (
            f" OR status = 'ok' AND on_hand > reserved AND product_id {of_products} "
            f"AND warehouse_id {of_warehouses}"
        )
        values = [*values, *named, *places]
    return t.rows(f"{statement} ORDER BY id{t.row_lock}", values)


def _read_counters(t: Transaction, availability: Availability, days: Collection[date]) -> None:
    """Lock and read what schemes gave in all and to these customers, in the periods of a day."""
    customers = list(availability.customers)
    scopes = sorted({scope for day in days for scope in availability.scopes(customers, day)})
    is_leased = availability.has_shared()
    for rule, scope, *counts in t.rows_in(_COUNTERS, scopes, locked_by="rule, scope"):
        availability.count([CounterChange(rule, scope, *counts[:4])])
        if is_leased and any(counts[4:]):
            availability.leased.together[rule, scope] = LimitPart(*counts[4:])
    availability.counted = frozenset(availability.counts)
    t.lock(LockRank.COUNTER, availability.counted)


def _read_leases(
    t: Transaction, availability: Availability, requests: Sequence[OrderRequest]
) -> None:
    """Read what the terminals that order hold.

    A lease opened after its counter was locked is left out: the locked sum does not hold it.
    """
    terminals = sorted({one.lessee for one in requests if one.lessee is not None})
    own = read_own(t, terminals, now_ms=t.at_ms)
    held = availability.leased.together
    availability.leased.own = {key: part for key, part in own.items() if key[1:] in held}
