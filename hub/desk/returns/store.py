"""Returns written inside a given transaction, and one that was sent before."""

from collections.abc import Sequence
from typing import Final

from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.invoices.model.events import Issued
from hub.desk.parties.store import business_day
from hub.desk.returns import tables
from hub.desk.returns.model import Taken

TOPIC: Final = "returns"
_COLUMNS: Final = (
    *("id", "key", "number", "seller_id", "customer_id", "delivery_id", "day", "why", "made_by"),
    "made_at",
)
_BY_KEY: Final = "SELECT id, number, customer_id FROM goods_return WHERE key = ?"


def find_sent(t: Transaction, key: str, *, customer: int) -> Taken | Refused | None:
    """Find the return that was sent before under a key; None of a new one."""
    found = t.rows(_BY_KEY, (key,))
    if not found:
        return None
    row_id, number, owner = found[0]
    if owner != customer:
        return refused("return_key_used", number=number)
    return Taken(row_id, number, again=True)


def write_return(
    t: Transaction,
    notes: Sequence[Issued],
    *,
    key: str,
    seller: int,
    customer: int,
    delivery: int | None,
    why: str,
) -> Taken:
    """Write a return with its credit notes."""
    (row_id,) = t.next_ids(tables.goods_return, 1)
    number = f"R-{row_id:06d}"
    row = (
        *(row_id, key, number, seller, customer, delivery, business_day(t), why, t.actor),
        t.at_ms,
    )
    t.insert(tables.goods_return, _COLUMNS, [row])
    pairs = [(row_id, one.invoice) for one in notes]
    t.insert(tables.goods_return_note, ("return_id", "invoice_id"), pairs)
    t.changed(TOPIC)
    return Taken(row_id, number)
