"""The stock book: what alone writes movements, allocations and what they add up to."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from sqlalchemy import insert, select

from hub.base.masters import Counts, Values, ids_by, write_masters
from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.stock import tables
from hub.desk.stock.model import BatchRecord, WarehouseRecord

_ALLOCATION: Final = ("order_id", "revision", "free", "line", "batch_id", "quantity")
_RESERVE: Final = """
UPDATE batch SET reserved = reserved + ?
WHERE id = ? AND on_hand - reserved >= ? AND (? <= 0 OR status = 'ok')
"""
_HELD: Final = """
SELECT free, line, batch_id, sum(quantity) FROM allocation WHERE order_id = ?
GROUP BY free, line, batch_id HAVING sum(quantity) <> 0 ORDER BY batch_id, free, line
"""

_MOVEMENT: Final = ("batch_id", "kind", "quantity", "at", "actor", "note")
_OPENED: Final = """
SELECT w.code, p.sku, b.code, b.manufactured, b.expiry, b.received,
       coalesce((SELECT m.quantity FROM stock_movement m
                 WHERE m.batch_id = b.id AND m.kind = 'opening'), 0)
FROM batch b JOIN warehouse w ON w.id = b.warehouse_id JOIN product p ON p.id = b.product_id
"""
_UNOPENED: Final = """
SELECT b.id, b.on_hand FROM batch b WHERE b.on_hand > 0
AND NOT EXISTS (SELECT 1 FROM stock_movement m WHERE m.batch_id = b.id)
"""

Goods = tuple[bool, int, int]
"""Whether it is free goods, the line's number, and the batch's row id."""


class Reservation(NamedTuple):
    """Base units of one batch that a revision of an order takes; below zero, gives back."""

    order: int
    revision: int
    free: bool
    line: int
    batch: int
    quantity: int


def take(t: Transaction, reservations: Sequence[Reservation]) -> None:
    """Promise batches to orders, and guard each again in the statement that takes from it.

    Raises StoringError where a batch has less than was read, or is not for sale any more.
    """
    if not reservations:
        return
    t.lock(LockRank.BATCH, {one.batch for one in reservations})
    t.insert(tables.allocation, _ALLOCATION, reservations)
    sums: dict[int, int] = {}
    for one in reservations:
        sums[one.batch] = sums.get(one.batch, 0) + one.quantity
    changes = [(n, batch, n, n) for batch, n in sorted(sums.items()) if n]
    if t.many(_RESERVE, changes) != len(changes):
        raise StoringError("a batch has less than was read under lock, or is not for sale any more")


def held_by(t: Transaction, order: int) -> Mapping[Goods, int]:
    """Give what an order holds of each batch for each line: what its rows add up to."""
    return {
        (bool(free), line, batch): int(quantity)
        for free, line, batch, quantity in t.rows(_HELD, (order,))
    }


def change_to(
    t: Transaction,
    order: int,
    revision: int,
    *,
    wanted: Mapping[Goods, int],
    held: Mapping[Goods, int],
) -> None:
    """Bring what an order holds to what a revision of it wants; only the difference is written.

    Twelve held and ten wanted is a row of -2. Raises StoringError as `take` does.
    """
    goods = sorted(wanted.keys() | held.keys(), key=lambda one: (one[2], one[:2]))
    take(
        t,
        [
            Reservation(order, revision, *one, difference)
            for one in goods
            if (difference := wanted.get(one, 0) - held.get(one, 0))
        ],
    )


def give_back(t: Transaction, order: int, revision: int) -> None:
    """Give back all that an order holds, as rows of a revision; a second time changes nothing."""
    change_to(t, order, revision, wanted={}, held=held_by(t, order))


def write_warehouses(
    t: Transaction, records: Sequence[WarehouseRecord], sellers: Mapping[str, int]
) -> Counts:
    """Write warehouses; `sellers` are the row ids of sellers by their codes."""
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "priority": one.priority,
            "seller_id": sellers[one.seller],
        }
        for one in records
    ]
    return write_masters(t, tables.warehouse, "code", rows=rows)


def write_batches(
    t: Transaction, records: Sequence[BatchRecord], products: Mapping[str, int]
) -> Counts:
    """Write new batches, each with the movement that brought its stock, and changed MRPs.

    `products` are the row ids of products by their SKUs. Stock of a batch that is there changes by
    movements only.
    """
    warehouses = ids_by(t.connection, tables.warehouse, "code")
    table = tables.batch
    query = select(table.c.id, table.c.product_id, table.c.warehouse_id, table.c.code)
    there = {
        (row.product_id, row.warehouse_id, row.code): row
        for row in t.connection.execute(query.add_columns(table.c.mrp))
    }
    new, printed = [], []
    for one in records:
        key = products[one.sku], warehouses[one.warehouse], one.code
        if key not in there:
            new.append(_batch_row(key, one))
        elif there[key].mrp != one.mrp:
            printed.append((one.mrp, there[key].id))
    if new:
        t.connection.execute(insert(table), new)
        _open_batches(t)
    # In the order of their ids, as orders lock them.
    t.many("UPDATE batch SET mrp = ? WHERE id = ?", sorted(printed, key=itemgetter(1)))
    return Counts(len(new), len(printed))


def differing_batches(t: Transaction, records: Sequence[BatchRecord]) -> Sequence[str]:
    """Tell what of batches that are there is another in these records, and is left as it is."""
    opened = {(place, sku, code): rest for place, sku, code, *rest in t.rows(_OPENED)}
    told = []
    for one in records:
        there = opened.get((one.warehouse, one.sku, one.code))
        if there is None:
            continue
        given = (one.manufactured, one.expiry, one.received, one.on_hand)
        names = ("manufactured", "expiry", "received", "on_hand")
        changes = [
            f"{name} {old} is {new} in the file"
            for name, old, new in zip(names, there, given, strict=True)
            if str(old) != str(new)
        ]
        if changes:
            told.append(f"{one.warehouse} {one.sku} {one.code}: {', '.join(changes)}")
    return told


def _open_batches(t: Transaction) -> None:
    """Write the opening movement of each batch that has none."""
    rows = [
        (batch, "opening", on_hand, t.at_ms, t.actor, "") for batch, on_hand in t.rows(_UNOPENED)
    ]
    t.insert(tables.stock_movement, _MOVEMENT, rows)


def _batch_row(key: tuple[int, int, str], record: BatchRecord) -> Values:
    product, place, code = key
    return {
        "product_id": product,
        "warehouse_id": place,
        "code": code,
        "manufactured": record.manufactured,
        "expiry": record.expiry,
        "received": record.received,
        "on_hand": record.on_hand,
        "reserved": 0,
        "status": "ok",
        "mrp": record.mrp,
    }
