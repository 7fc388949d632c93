"""What a counter's question is about, found inside a given transaction."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.base.transaction import Transaction

_ORDER: Final = """
SELECT uuid, number, status FROM order_ WHERE status <> 'draft' AND (number = ? OR uuid = ?)
AND customer_id IN ({}) ORDER BY id DESC LIMIT 1
"""


class FoundOrder(NamedTuple):
    """An order that a slip names."""

    uuid: str
    number: str
    status: str


def order_of(t: Transaction, written: str, customers: Sequence[int]) -> FoundOrder | None:
    """Find customers' order by the number on its slip, or by its id; the newest of the number."""
    query = _ORDER.format(", ".join("?" * len(customers)))
    rows = t.rows(query, (written, written, *customers))
    return FoundOrder(*rows[0]) if rows else None
