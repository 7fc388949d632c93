"""Warehouses and batches taken over from files, each batch with its opening movement."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

from sqlalchemy import insert, select

from hub.base.masters import Counts, Values, ids_by, write_masters
from hub.base.transaction import Transaction
from hub.desk.stock import tables
from hub.desk.stock.model import BatchRecord, WarehouseRecord

_MOVEMENT: Final = ("batch_id", "kind", "quantity", "at", "actor", "note", "to_bucket")
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
        (batch, "opening", on_hand, t.at_ms, t.actor, "", "good")
        for batch, on_hand in t.rows(_UNOPENED)
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
