"""Counts: the book's figures frozen, what was found beside them, and what moved meanwhile."""

from collections.abc import Sequence
from typing import Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.stock.model.moves import Place, counts_again, variance_of
from hub.desk.stock.store.documents import LineRow, LockedDocument, change_line
from hub.desk.stock.store.limits import read_recount
from hub.desk.stock.store.moving import lock_batches

_LISTED: Final = """
SELECT b.id, b.on_hand, p.category, p.name, p.sku, b.code
FROM batch b JOIN product p ON p.id = b.product_id
WHERE b.warehouse_id = ? AND b.on_hand > 0 AND (p.category = ? OR p.category LIKE ? ESCAPE '!')
ORDER BY b.id"""
_NEWEST: Final = "SELECT coalesce(max(id), 0) FROM stock_movement"
_MOVED: Final = """
SELECT coalesce(sum(CASE WHEN to_bucket = 'good' THEN quantity ELSE 0 END), 0)
     - coalesce(sum(CASE WHEN from_bucket = 'good' THEN quantity ELSE 0 END), 0)
FROM stock_movement WHERE batch_id = ? AND id > ?
"""


def freeze(t: Transaction, place: Place, category: str) -> tuple[int, Sequence[LineRow]]:
    """Give the newest movement, and a line for each batch with good stock, as of this moment.

    `category` takes part of the warehouse: `drinks` holds `drinks/hot` too, empty takes all.
    """
    escaped = category.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    below = f"{escaped}/%" if category else "%"
    lock = f"{t.database.lock} OF b" if t.database.lock else ""
    found = t.rows(f"{_LISTED}{lock}", (place.id, category, below))
    t.lock(LockRank.BATCH, {row[0] for row in found})
    # Whoever moves one of these batches later waits for the lock, and so has a later movement.
    after = int(t.rows(_NEWEST)[0][0])
    listed = sorted(found, key=lambda row: row[2:])
    return after, [
        LineRow(line, row[0], "good", None, row[1]) for line, row in enumerate(listed, 1)
    ]


def ask_again(t: Transaction, found: LockedDocument) -> int:
    """Have lines of a count counted again whose variance is worth more than the limit; how many.

    What the first person counted is kept, and hidden from the second. No line is asked for twice.
    """
    above = read_recount(t)
    once = [one for one in found.lines if one.first_by is None and one.counted is not None]
    batches = lock_batches(t, {one.batch for one in once}) if above is not None else {}
    asked = 0
    for one in once:
        variance = variance_of(one.quantity, one.moved or 0, one.counted or 0)
        if above is None or not counts_again(variance, batches[one.batch].worth, above):
            continue
        change_line(
            t,
            found.id,
            one.line,
            counted=None,
            moved=None,
            counted_by=None,
            first_counted=one.counted,
            first_moved=one.moved,
            first_by=one.counted_by,
        )
        asked += 1
    return asked


def moved_since(t: Transaction, batch: int, after: int) -> int:
    """Give by how much a batch's good stock has grown since a movement; below zero, shrunk."""
    return int(t.rows(_MOVED, (batch, after))[0][0])
