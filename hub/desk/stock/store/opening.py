"""Opening stock: a batch that the book does not have yet, with the movement that brought it."""

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import func, select, update

from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.parties.store import business_day
from hub.desk.products.tables import product
from hub.desk.stock.model.lines import AskedLine
from hub.desk.stock.model.moves import Move, Place, needs_second
from hub.desk.stock.store.batches import batches_of
from hub.desk.stock.store.documents import (
    Head,
    LineRow,
    open_document,
    write_lines,
)
from hub.desk.stock.store.finding import find_typed
from hub.desk.stock.store.limits import read_alone
from hub.desk.stock.store.moving import Opening, lock_batches, move
from hub.desk.stock.tables import batch

Opened = Literal["add", "same", "waits"]
_OPENED: Final = """
SELECT quantity FROM stock_movement WHERE batch_id = ? AND kind = 'opening' AND to_bucket = 'good'
"""
_ANY: Final = "SELECT 1 FROM stock_movement WHERE batch_id = ? LIMIT 1"
_WAITING: Final = """
SELECT 1 FROM stock_document_line l JOIN stock_document d ON d.id = l.document_id
WHERE l.batch_id = ? AND d.kind = 'adjustment' AND d.state = 'waiting' LIMIT 1
"""
_BEGUN: Final = """
SELECT 1 FROM stock_movement m JOIN batch b ON b.id = m.batch_id
WHERE b.warehouse_id = ? AND m.kind <> 'opening' LIMIT 1
"""


def has_begun(t: Transaction, place: Place) -> bool:
    """Say whether anything but opening stock has moved in a warehouse."""
    return bool(t.rows(_BEGUN, (place.id,)))


def open_batch(
    t: Transaction,
    place: Place,
    line: AskedLine,
    *,
    mrp: int | None,
    note: str,
    begun: bool,
    late: bool,
) -> tuple[int, Opened] | Reason:
    """Open a batch with its quantity: gives the batch, and what came of it.

    Where the warehouse has `begun`, stock of more worth than one person may adjust waits: the
    caller asks for it by `ask_opening`. A batch that has moved already, or was opened with another
    quantity, is refused: what is there changes by receiving, adjusting or counting. So is one that
    has expired, unless it is to be taken though it is `late`.
    """
    ids, faults = batches_of(t, place, [line], new=False)
    if faults and faults[0].code == "stock_batch_unknown":
        if line.expiry and line.expiry < business_day(t) and not late:
            dated = {"batch": line.batch, "expiry": line.expiry.isoformat()}
            return Reason("batch_past_expiry", dated, "expiry")
        ids, faults = batches_of(t, place, [line], new=True)
    if faults:
        return faults[0]
    opened = t.rows(_OPENED, (ids[0],))
    if (opened and opened[0][0] == line.quantity) or t.rows(_WAITING, (ids[0],)):
        return ids[0], "same"
    if t.rows(_ANY, (ids[0],)):
        params = {"batch": line.batch, "quantity": opened[0][0] if opened else 0}
        return Reason("stock_opened", params, "quantity")
    waits = begun and needs_second(_worth(t, line, mrp=mrp), read_alone(t))
    if not t.writes:
        return ids[0], "waits" if waits else "add"
    if mrp is not None:
        t.connection.execute(update(batch).where(batch.c.id == ids[0]).values(mrp=mrp))
    if not waits:
        lock_batches(t, ids)
        move(t, [Move(ids[0], None, "good", line.quantity)], document=Opening(note))
    return ids[0], "waits" if waits else "add"


def ask_opening(
    t: Transaction, place: Place, stock: Sequence[tuple[int, int]], *, note: str
) -> None:
    """Ask a second person to let stock in that was found in a file: batches and their quantities.

    Nothing of it is in the book before.
    """
    key = f"opening-{stock[0][0]}-{t.at_ms}"
    head = Head("adjustment", key, place.seller, place.id, reason="found", note=note[:500])
    document = open_document(t, head, "waiting")
    lines = [
        LineRow(line, batch_id, None, "good", quantity)
        for line, (batch_id, quantity) in enumerate(stock, 1)
    ]
    write_lines(t, document.id, lines)


def _worth(t: Transaction, line: AskedLine, *, mrp: int | None) -> int | None:
    """Give what a line is worth by its cost, else by an MRP; None where nobody knows."""
    found = find_typed(t.connection, line.code)
    table = product.c
    each = func.coalesce(func.nullif(table.cost, 0), mrp, func.nullif(table.mrp, 0))
    query = select(each).where(table.id == (found.id if found else 0))
    worth = t.connection.execute(query).scalar()
    return None if worth is None else worth * line.quantity
