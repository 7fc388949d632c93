"""Stock moved between buckets: batches locked, short ones told, movements written, all guarded."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hub.base.fields import Reason
from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.stock import tables
from hub.desk.stock.model.events import StockFreed
from hub.desk.stock.model.moves import COLUMNS, LockedBatch, Move, missing

TOPIC: Final = "stock"
_LOCKED: Final = """
SELECT b.id, b.code, p.sku, b.on_hand, b.reserved, b.damaged, b.quarantine, b.in_transit,
       coalesce(nullif(p.cost, 0), nullif(b.mrp, 0), nullif(p.mrp, 0))
FROM batch b JOIN product p ON p.id = b.product_id WHERE b.id IN """
_CHANGE: Final = """
UPDATE batch SET on_hand = on_hand + ?, damaged = damaged + ?, quarantine = quarantine + ?,
    in_transit = in_transit + ?
WHERE id = ? AND on_hand + ? >= reserved AND damaged + ? >= 0 AND quarantine + ? >= 0
AND in_transit + ? >= 0
"""
_MOVEMENT: Final = (
    *("batch_id", "kind", "quantity", "at", "actor", "note"),
    *("from_bucket", "to_bucket", "reason", "document_id", "delivery_id"),
)
_HOLDING: Final = """
SELECT a.batch_id, o.number FROM allocation a JOIN order_ o ON o.id = a.order_id
WHERE a.batch_id IN """
_HOLDERS_NAMED: Final = 10


class Document(NamedTuple):
    """What movements are of: a document's id, its kind, the reason and the note."""

    id: int
    kind: str
    reason: str = ""
    note: str = ""
    delivery: None = None


class Note(NamedTuple):
    """What movements are of: a delivery note by its row's id and its number, which `note` is."""

    delivery: int
    kind: str
    note: str
    reason: str = ""
    id: None = None


class Opening(NamedTuple):
    """What the movements of opening stock are of: no document, but a file that `note` names."""

    note: str
    id: None = None
    kind: str = "opening"
    reason: str = ""
    delivery: None = None


def lock_batches(t: Transaction, ids: Collection[int]) -> Mapping[int, LockedBatch]:
    """Lock batches by rising ids, as orders do, and read what is in each bucket."""
    t.lock(LockRank.BATCH, set(ids))
    found = t.rows_in(_LOCKED, sorted(set(ids)), locked_by="b.id", of=" OF b")
    return {row[0]: LockedBatch(*row) for row in found}


def faults_of(
    t: Transaction, moves: Sequence[Move], batches: Mapping[int, LockedBatch]
) -> list[Reason]:
    """Tell which moves ask for more than may be taken; what orders hold is named with the orders.

    The field of each is the line's number.
    """
    short = missing(moves, batches)
    reserved = {moves[line - 1].batch for line in short if moves[line - 1].origin == "good"}
    orders = _orders_of(t, reserved)
    faults = []
    for line in sorted(short):
        move = moves[line - 1]
        batch = batches[move.batch]
        there = batch.there(move.origin or "good")
        params: dict[str, Any] = {"batch": batch.code, "wanted": move.quantity}
        if move.origin == "good" and batch.reserved and batch.good >= move.quantity:
            params |= {"free": there, "orders": orders.get(batch.id, [])}
            faults.append(Reason("stock_reserved", params, str(line)))
        else:
            faults.append(Reason("stock_short", {**params, "there": there}, str(line)))
    return faults


def move(t: Transaction, moves: Sequence[Move], *, document: Document | Note | Opening) -> None:
    """Move stock of batches under lock: each is guarded again, and every move is written.

    Raises StoringError where a bucket has less than was read, or an order holds what is taken.
    """
    moves = [one for one in moves if one.quantity]
    if not moves:
        return
    changes = {one.batch: dict.fromkeys(COLUMNS, 0) for one in moves}
    for one in moves:
        for bucket in COLUMNS:
            changes[one.batch][bucket] += one.of(bucket)
    values = [tuple(by.values()) for _, by in sorted(changes.items())]
    rows = [
        (*change, batch, *change) for batch, change in zip(sorted(changes), values, strict=True)
    ]
    if t.many(_CHANGE, rows) != len(rows):
        raise StoringError("a batch has less than was read under lock")
    t.insert(
        tables.stock_movement,
        _MOVEMENT,
        [
            (
                *(one.batch, document.kind, one.quantity, t.at_ms, t.actor, document.note),
                *(one.origin, one.target, document.reason, document.id, document.delivery),
            )
            for one in moves
        ],
    )
    t.changed(TOPIC)
    came = tuple(sorted({one.batch for one in moves if one.target == "good"}))
    if came:
        number = document.id if document.id is not None else f"{t.at_ms} {came[0]}"
        t.say(StockFreed(f"{document.kind} {number}", came))


def _orders_of(t: Transaction, batches: Collection[int]) -> Mapping[int, list[str]]:
    """Name the orders that hold some of each batch, the first ten."""
    found: dict[int, list[str]] = {}
    statement = f"{_HOLDING}({','.join('?' * len(batches))})"
    if not batches:
        return found
    tail = " GROUP BY a.batch_id, o.number HAVING sum(a.quantity) > 0 ORDER BY o.number"
    for batch, number in t.rows(f"{statement}{tail}", sorted(batches)):
        named = found.setdefault(batch, [])
        if len(named) < _HOLDERS_NAMED:
            named.append(number)
    return found
