"""Goods that came back, for the order that still wants them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts.store import openings_of
from hub.desk.deliveries.model.notes import LockedNote, not_for_sale
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.store.notes import OrderOnNote
from hub.desk.parties.store import business_day
from hub.desk.stock.store import Goods
from hub.desk.stock.store.moving import lock_batches

_WANTED: Final = """
SELECT coalesce(sum(l.quantity), 0) FROM order_line l
WHERE l.order_id = ? AND l.revision = ? AND EXISTS (
    SELECT 1 FROM batch b WHERE b.product_id = l.product_id
)
"""


def lock_for_return(t: Transaction, note: LockedNote) -> None:
    """Lock the customer's account and the note's batches, in the order in which everybody does."""
    t.lock(LockRank.ACCOUNT, {note.customer})
    openings_of(t, [note.customer])
    lock_batches(t, {one.batch for one in note.lines if one.batch is not None})


def wanted_again(
    t: Transaction, on: OrderOnNote, lines: Sequence[LineOutcome]
) -> tuple[Mapping[Goods, int], bool]:
    """Say what the order holds of batches again, and whether that is all that it wants.

    What is expired or called back by now is not promised another time.
    """
    day, kept = business_day(t), {one.number: one for one in on.note.lines}
    wanted: Counter[Goods] = Counter()
    for one in lines:
        line = kept[one.number]
        if line.batch is not None and not_for_sale(line, day) is None:
            wanted[line.free, line.line, line.batch] += one.back
    ((asked,),) = t.rows(_WANTED, (on.order.id, on.note.content))
    return +wanted, sum(wanted.values()) == asked
