"""Batches promised to orders: allocations, as differences, and what they add up to."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.stock import tables
from hub.desk.stock.model.events import StockFreed

_ALLOCATION: Final = ("order_id", "revision", "free", "line", "batch_id", "quantity")
_RESERVE: Final = """
UPDATE batch SET reserved = reserved + ?
WHERE id = ? AND on_hand - reserved >= ? AND (? <= 0 OR status = 'ok')
"""
_RESERVE_ALL: Final = """
UPDATE batch SET reserved = reserved + wanted.n
FROM (
    SELECT b.id, w.n FROM unnest(?::bigint[], ?::bigint[]) AS w (id, n) JOIN batch b ON b.id = w.id
    ORDER BY b.id FOR UPDATE OF b
) AS wanted
WHERE batch.id = wanted.id AND on_hand - reserved >= wanted.n
AND (wanted.n <= 0 OR batch.status = 'ok')
"""
_HELD: Final = """
SELECT free, line, batch_id, sum(quantity) FROM allocation WHERE order_id = ?
GROUP BY free, line, batch_id HAVING sum(quantity) <> 0 ORDER BY batch_id, free, line
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
    changes = {batch: n for batch, n in sorted(sums.items()) if n}
    if changes and _reserve(t, changes) != len(changes):
        raise StoringError("a batch has less than was read under lock, or is not for sale any more")
    freed = tuple(batch for batch, n in changes.items() if n < 0)
    if freed:
        one = reservations[0]
        t.say(StockFreed(f"order {one.order}:{one.revision}", freed))


def _reserve(t: Transaction, changes: Mapping[int, int]) -> int:
    """Change what is reserved of batches, by rising ids; gives of how many it could be changed."""
    if t.database.is_sqlite:
        return t.many(_RESERVE, [(n, batch, n, n) for batch, n in changes.items()])
    return t.many(_RESERVE_ALL, [([*changes], [*changes.values()])])


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
