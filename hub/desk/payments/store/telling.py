"""Shops that are to be told of a cheque that the bank returned: by a job of its own."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from hub.base.jobs import enqueue
from hub.base.transaction import Transaction

TELL_SHOP: Final = "payments.tell_shop"
"""The kind of the jobs that tell a shop of its cheque."""
_LONGEST_WHY: Final = 80
_CHEQUE: Final = """
SELECT p.reference, p.amount, p.customer_id, p.seller_id, a.billed
FROM payment p JOIN customer_account a ON a.customer_id = p.customer_id WHERE p.id = ?
"""
_NUMBERS: Final = "SELECT number FROM account_document WHERE number <> '' AND id IN "
_BILLED: Final = """
SELECT o.uuid, o.id FROM account_order a JOIN order_ o ON o.id = a.order_id WHERE a.document_id IN
"""
_NEWEST: Final = """
SELECT uuid FROM order_ WHERE customer_id = ? AND seller_id = ?
    AND status IN ('dispatched', 'delivered', 'invoiced') ORDER BY id DESC LIMIT 1
"""


class ReturnedCheque(NamedTuple):
    """A cheque that bounced, whose it was, and what that customer owes on documents by now."""

    reference: str
    amount: int
    customer: int
    seller: int
    balance: int


def expect_telling(t: Transaction, payment: int, *, paid: Sequence[int], why: str) -> None:
    """Have the shop told whose cheque bounced; `paid` are the documents that are open again.

    Not in this transaction: an order is locked before its account, which is locked by now.
    """
    payload = {"payment": payment, "paid": list(paid), "why": why[:_LONGEST_WHY], "by": t.actor}
    enqueue(t, TELL_SHOP, str(payment), payload=payload, due_at_ms=t.at_ms)


def read_cheque(t: Transaction, payment: int) -> ReturnedCheque:
    """Read a cheque as it stands by now."""
    return ReturnedCheque(*t.rows(_CHEQUE, (payment,))[0])


def numbers_of(t: Transaction, documents: Sequence[int]) -> list[str]:
    """Name documents by their numbers; an opening amount has none."""
    return sorted(number for (number,) in t.rows_in(_NUMBERS, documents))


def order_to_tell_by(
    t: Transaction, cheque: ReturnedCheque, documents: Sequence[int]
) -> str | None:
    """Find the order by which a shop is told: the newest that the documents bill.

    Where they bill none, as an opening amount, it is the newest whose goods left.
    """
    billed: list[Any] = t.rows_in(_BILLED, documents)
    if billed:
        return str(max(billed, key=lambda row: int(row[1]))[0])
    found = t.rows(_NEWEST, (cheque.customer, cheque.seller))
    return str(found[0][0]) if found else None
