"""What invoices bill of orders: the exposure moves to the invoice, and never counts twice."""

from typing import Final

from hub.base.transaction import Transaction
from hub.desk.accounts import tables
from hub.desk.accounts.store.exposure import posted_for

_POSTING: Final = ("customer_id", "kind", "order_id", "amount", "at", "actor")
_LINK: Final = ("order_id", "document_id", "amount", "whole")
_OWE: Final = "UPDATE customer_account SET exposure = exposure + ? WHERE customer_id = ?"
_MOVED: Final = """
SELECT coalesce(-sum(amount), 0) FROM posting WHERE order_id = ? AND kind = 'billed'
"""
_BILLED: Final = """
SELECT coalesce(sum(o.amount), 0) FROM account_order o
JOIN account_document d ON d.id = o.document_id WHERE o.order_id = ? AND d.voided IS NULL
"""
_WHOLE: Final = "UPDATE account_order SET whole = ? WHERE order_id = ?"
_INVOICES: Final = """
SELECT d.number FROM account_order o JOIN account_document d ON d.id = o.document_id
WHERE o.order_id = ? AND d.voided IS NULL ORDER BY d.id
"""


def bill_order(
    t: Transaction, order: int, *, customer: int, document: int, amount: int, whole: bool
) -> None:
    """Have an invoice of a locked account bill an order for so much; `whole` leaves nothing to do.

    An order over 1,200.00 on credit of which 500.00 are billed goes on adding 700.00.
    """
    t.insert(tables.account_order, _LINK, [(order, document, amount, whole)])
    settle_order(t, order, customer=customer, whole=whole)


def unbill_order(t: Transaction, order: int, *, customer: int) -> None:
    """Have an order whose invoice is void add to the exposure again what is not billed of it."""
    settle_order(t, order, customer=customer, whole=False)


def settle_order(t: Transaction, order: int, *, customer: int, whole: bool) -> None:
    """Bring what is moved from an order to its invoices to what these bill of it."""
    t.many(_WHOLE, [(whole, order)])
    adds = posted_for(t, order)
    billed = int(t.rows(_BILLED, (order,))[0][0])
    wanted = adds if whole else min(adds, billed)
    change = wanted - int(t.rows(_MOVED, (order,))[0][0])
    if change:
        row = (customer, "billed", order, -change, t.at_ms, t.actor)
        t.insert(tables.posting, _POSTING, [row])
        t.many(_OWE, [(-change, customer)])


def billed_by(t: Transaction, order: int) -> list[str]:
    """Name the invoices that bill an order, those that were cancelled left out."""
    return [number for (number,) in t.rows(_INVOICES, (order,))]
