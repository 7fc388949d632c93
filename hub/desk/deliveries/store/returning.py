"""Goods that came back, for the order that still wants them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts.store import openings_of, posted_for
from hub.desk.deliveries.model.notes import LockedNote, not_for_sale
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.deliveries.store.notes import OrderOnNote
from hub.desk.orders.deciding import Content, Desk, Kept, return_of, settle_back, undelivered
from hub.desk.parties.store import business_day
from hub.desk.stock.store import Goods
from hub.desk.stock.store.moving import lock_batches
from rules import half_up

_TOTALS: Final = """
SELECT line, quantity, total FROM order_line
WHERE order_id = ? AND revision = ? AND NOT free AND quantity > 0
"""
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


def keep_delivered(t: Transaction, desk: Desk, on: OrderOnNote) -> Kept:
    """Say what an order owes and counts for, of which its notes delivered so much.

    Of 12 ordered for 1,200.00 and 9 delivered, 900.00, and of its schemes what 9 earn. Where the
    rules cannot say, it owes its part by the pieces, and schemes count it whole.
    """
    content = Content(on.order.id, on.note.content)
    delivered = delivered_of(t, on.order.id)
    missing = undelivered(t, content, delivered)
    if not missing:
        return Kept()
    posted = posted_for(t, on.order.id)
    result = settle_back(t, desk, content, returned=return_of(missing))
    if result is not None and result.lines:
        return Kept(min(posted, max(0, posted - result.totals.payable)), result.changes)
    parts = [
        half_up(total * delivered.get((False, line), 0), quantity)
        for line, quantity, total in t.rows(_TOTALS, content)
    ]
    return Kept(min(posted, sum(parts)))


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
