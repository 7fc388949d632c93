"""Opening stock: a batch that the book does not have yet, with the movement that brought it."""

from typing import Final

from sqlalchemy import update

from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.stock.model.lines import AskedLine
from hub.desk.stock.model.moves import Move, Place
from hub.desk.stock.store.batches import batches_of
from hub.desk.stock.store.moving import Opening, lock_batches, move
from hub.desk.stock.tables import batch

_OPENED: Final = """
SELECT quantity FROM stock_movement WHERE batch_id = ? AND kind = 'opening' AND to_bucket = 'good'
"""
_ANY: Final = "SELECT 1 FROM stock_movement WHERE batch_id = ? LIMIT 1"


def open_batch(
    t: Transaction, place: Place, line: AskedLine, *, mrp: int | None, note: str
) -> bool | Reason:
    """Open a batch with its quantity; False where it was opened so before.

    A batch that has moved already, or was opened with another quantity, is refused: what is there
    changes by receiving, adjusting or counting.
    """
    ids, faults = batches_of(t, place, [line], new=True)
    if faults:
        return faults[0]
    opened = t.rows(_OPENED, (ids[0],))
    if opened and opened[0][0] == line.quantity:
        return False
    if t.rows(_ANY, (ids[0],)):
        params = {"batch": line.batch, "quantity": opened[0][0] if opened else 0}
        return Reason("stock_opened", params, "quantity")
    if not t.writes:
        return True
    lock_batches(t, ids)
    move(t, [Move(ids[0], None, "good", line.quantity)], document=Opening(note))
    if mrp is not None:
        t.connection.execute(update(batch).where(batch.c.id == ids[0]).values(mrp=mrp))
    return True
