"""Add orders to what the orders of their day come to, in the transaction that changes them."""

from collections.abc import Sequence
from typing import Final, cast

from hub.base.transaction import Row, Transaction
from hub.desk.orders import tables
from hub.desk.orders.deciding.rows import Written
from hub.desk.orders.model.life import Status

_PLACE: Final = ("day", "seller_id", "warehouse_id", "status", "currency", "scale")
FIGURES: Final = ("orders", "payable", "priced")
KEY: Final = (*_PLACE, "counted")
"""What rows are folded by: those that the sums by product and customer hold stay apart."""
_COLUMNS: Final = (*_PLACE, *FIGURES)
_MOVE: Final = "UPDATE order_ SET status = ?, revision = ? WHERE id = ?"
_ADD: Final = f"""
INSERT INTO order_sum ({", ".join(_COLUMNS)})
SELECT o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency, r.scale, {{sign}}1,
    {{sign}}r.payable, CASE WHEN r.price_hash IS NULL THEN 0 ELSE {{sign}}r.payable END
FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
WHERE o.id = ?
"""  # noqa: S608  # constants of ours
_COUNT_IN: Final = _ADD.format(sign="")
_COUNT_OUT: Final = _ADD.format(sign="-")


def count_in(t: Transaction, written: Sequence[Written]) -> None:
    """Add new orders to the sums of their day: one row for all of a day, state and warehouse."""
    sums: dict[tuple[object, ...], list[int]] = {}
    for one in written:
        decided, request = one.decided, one.decided.request
        key = (
            request.order.business_date,
            request.seller,
            request.warehouse.id,
            decided.status,
            decided.currency,
            decided.scale,
        )
        found = sums.setdefault(key, [0, 0, 0])
        found[0] += 1
        found[1] += decided.payable
        found[2] += decided.payable if decided.result else 0
    t.insert(tables.order_sum, _COLUMNS, [(*key, *found) for key, found in sums.items()])


def count_in_stored(t: Transaction, order: int) -> None:
    """Add one order to the sums of its day, as its newest revision is stored."""
    t.many(_COUNT_IN, [(order,)])


def move_to(t: Transaction, order: int, status: Status, *, revision: int) -> None:
    """Write an order's state and newest revision, and move it in the sums of its day.

    Both revisions are stored by then.
    """
    t.many(_COUNT_OUT, [(order,)])
    t.many(_MOVE, [(status, revision, order)])
    count_in_stored(t, order)


def fold(rows: Sequence[Row]) -> list[Row]:
    """Make one row of each key, out of rows of `KEY` and `FIGURES`.

    A key whose orders have all moved on needs no row, but where they are still to be counted.
    """
    sums: dict[Row, tuple[int, ...]] = {}
    for row in rows:
        key, figures = tuple(row[: len(KEY)]), cast("Sequence[int]", row[len(KEY) :])
        before = sums.get(key, (0,) * len(FIGURES))
        sums[key] = tuple(a + b for a, b in zip(before, figures, strict=True))
    return [(*key, *figures) for key, figures in sums.items() if any(figures) or not key[-1]]
