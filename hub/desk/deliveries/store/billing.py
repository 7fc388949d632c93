"""What of delivered goods is billed: counted at the line, so that nothing is billed twice."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.orders.deciding import GoodsLine

_BILL: Final = """
UPDATE delivery_line SET billed = billed + ?
WHERE delivery_id = ? AND number = ? AND billed + ? BETWEEN 0 AND delivered
"""


_DELIVERED: Final = """
SELECT l.free, l.line, sum(l.delivered) FROM delivery_line l
JOIN delivery d ON d.id = l.delivery_id WHERE d.order_id = ? GROUP BY l.free, l.line
"""


class Billed(NamedTuple):
    """Base units of a delivered line that an invoice bills; below zero, gives back."""

    delivery: int
    number: int
    quantity: int


def delivered_of(t: Transaction, order: int) -> dict[GoodsLine, int]:
    """Give what was delivered of an order, by its lines, all notes together."""
    rows = t.rows(_DELIVERED, (order,))
    return {(bool(free), line): int(count) for free, line, count in rows}


def bill(t: Transaction, billed: Sequence[Billed]) -> None:
    """Count delivered lines as billed; raises StoringError where more than was delivered would be.

    Two windows that bill the same goods make one invoice: the second finds nothing left.
    """
    t.lock(LockRank.DOCUMENT, {("delivery", one.delivery) for one in billed})
    rows = [(one.quantity, one.delivery, one.number, one.quantity) for one in sorted(billed)]
    if t.many(_BILL, rows) != len(rows):
        raise StoringError("more would be billed than was delivered")
