"""What a counter's question is about, found inside a given transaction."""

from typing import Final, NamedTuple

from hub.base.transaction import Transaction

_ORDER: Final = """
SELECT uuid, number, status FROM order_ WHERE customer_id = ? AND status <> 'draft'
AND (number = ? OR uuid = ?) ORDER BY id DESC LIMIT 1
"""


class FoundOrder(NamedTuple):
    """An order that a slip names."""

    uuid: str
    number: str
    status: str


def order_of(t: Transaction, written: str, customer: int) -> FoundOrder | None:
    """Find a customer's order by the number on its slip, or by its id; the newest of the number."""
    rows = t.rows(_ORDER, (customer, written, written))
    return FoundOrder(*rows[0]) if rows else None
