"""The accounts book: what alone writes postings and what they add up to."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts import tables

_POSTING: Final = ("customer_id", "kind", "order_id", "revision", "amount", "at", "actor")
_OWE: Final = "UPDATE customer_account SET exposure = exposure + ? WHERE customer_id = ?"
_POSTED: Final = "SELECT coalesce(sum(amount), 0) FROM posting WHERE order_id = ?"


class Owed(NamedTuple):
    """Money that a revision of an order adds to what its customer owes; below zero, takes off."""

    customer: int
    order: int
    revision: int
    amount: int


def take(t: Transaction, owed: Sequence[Owed]) -> None:
    """Post what orders add to their customers' exposure, in minor units."""
    posted = [one for one in owed if one.amount]
    if not posted:
        return
    t.lock(LockRank.ACCOUNT, {one.customer for one in posted})
    t.insert(
        tables.posting,
        _POSTING,
        [
            (one.customer, "order", one.order, one.revision, one.amount, t.at_ms, t.actor)
            for one in posted
        ],
    )
    sums: dict[int, int] = {}
    for one in posted:
        sums[one.customer] = sums.get(one.customer, 0) + one.amount
    t.many(_OWE, [(amount, customer) for customer, amount in sorted(sums.items())])


def posted_for(t: Transaction, order: int) -> int:
    """Give what an order adds to its customer's exposure: what its postings add up to."""
    return int(t.rows(_POSTED, (order,))[0][0])


def change_to(
    t: Transaction, order: int, revision: int, *, customer: int, wanted: int, posted: int
) -> None:
    """Bring what an order adds to an exposure to what a revision of it is worth."""
    take(t, [Owed(customer, order, revision, wanted - posted)])


def give_back(t: Transaction, order: int, revision: int, *, customer: int) -> None:
    """Take off all that an order added to an exposure; a second time changes nothing."""
    posted = posted_for(t, order)
    change_to(t, order, revision, customer=customer, wanted=0, posted=posted)


def open_account(t: Transaction, customer: int, amount: int) -> None:
    """Open a new customer's account with what it owes already."""
    columns = ("customer_id", "opening_outstanding", "exposure")
    t.insert(tables.customer_account, columns, [(customer, 0, 0)])
    change_opening(t, customer, amount)


def change_opening(t: Transaction, customer: int, change: int) -> None:
    """Add to the opening amount of a customer, or with a change below zero take off."""
    if not change:
        return
    t.lock(LockRank.ACCOUNT, {customer})
    t.insert(
        tables.posting,
        _POSTING,
        [(customer, "opening", None, None, change, t.at_ms, t.actor)],
    )
    t.many(
        "UPDATE customer_account SET opening_outstanding = opening_outstanding + ?, "
        "exposure = exposure + ? WHERE customer_id = ?",
        [(change, change, customer)],
    )
