"""What orders and opening amounts add to what a customer owes, as postings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts import tables
from hub.desk.parties.model.customers import CustomerAdded
from hub.desk.parties.store import business_day

_POSTING: Final = ("customer_id", "kind", "order_id", "revision", "amount", "at", "actor")
_OWE: Final = "UPDATE customer_account SET exposure = exposure + ? WHERE customer_id = ?"
_ALL_OWE: Final = """
UPDATE customer_account SET exposure = exposure + owed.n
FROM (
    SELECT a.customer_id, w.n FROM unnest(?::bigint[], ?::bigint[]) AS w (customer, n)
    JOIN customer_account a ON a.customer_id = w.customer ORDER BY a.customer_id FOR UPDATE OF a
) AS owed
WHERE customer_account.customer_id = owed.customer_id
"""
_ACCOUNT: Final = ("customer_id", "opening_outstanding", "exposure")
_OPENINGS: Final = """
SELECT customer_id, opening_outstanding FROM customer_account WHERE customer_id IN
"""
_OPENING: Final = (
    *("id", "seller_id", "customer_id", "kind", "number", "day", "amount", "allocated", "cleared"),
)
_SELLERS: Final = """
SELECT k.descendant_id, (
    SELECT n.ancestor_id FROM party_closure n JOIN party s ON s.id = n.ancestor_id
    WHERE n.descendant_id = k.descendant_id AND s.sells AND n.depth > 0 ORDER BY n.depth LIMIT 1
) FROM party_closure k WHERE k.depth = 0 AND k.descendant_id IN
"""
_AT_ONCE: Final = 500
_OPEN: Final = """
UPDATE customer_account SET opening_outstanding = opening_outstanding + ?, exposure = exposure + ?,
    billed = billed + ?
WHERE customer_id = ?
"""
_POSTED: Final = """
SELECT coalesce(sum(amount), 0) FROM posting WHERE order_id = ? AND kind = 'order'
"""


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
    if t.database.is_sqlite:
        t.many(_OWE, [(amount, customer) for customer, amount in sorted(sums.items())])
    else:
        t.many(_ALL_OWE, [([*sums], [*sums.values()])])


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


def open_account(t: Transaction, added: CustomerAdded) -> None:
    """Open the account of a new customer, who owes nothing yet."""
    t.insert(tables.customer_account, _ACCOUNT, [(added.party, 0, 0)])


def write_openings(t: Transaction, owed: Mapping[int, int]) -> int:
    """Open accounts by customer, and move those whose opening amount changed by the difference.

    Gives how many that were there have changed.
    """
    t.lock(LockRank.ACCOUNT, owed)
    opened = openings_of(t, owed)
    new = [(customer, 0, 0) for customer in owed if customer not in opened]
    t.insert(tables.customer_account, _ACCOUNT, new)
    changes = [
        (customer, change)
        for customer, amount in sorted(owed.items())
        if (change := amount - opened.get(customer, 0))
    ]
    t.insert(
        tables.posting,
        _POSTING,
        [(customer, "opening", None, None, n, t.at_ms, t.actor) for customer, n in changes],
    )
    t.many(_OPEN, [(n, n, n, customer) for customer, n in changes])
    _write_opening_documents(t, changes)
    return sum(customer in opened for customer, _ in changes)


def _write_opening_documents(t: Transaction, changes: Sequence[tuple[int, int]]) -> None:
    """Make what changed of opening amounts documents that payments can be allocated to."""
    sellers = {
        customer: seller
        for start in range(0, len(changes), _AT_ONCE)
        for customer, seller in map(
            tuple, t.rows_in(_SELLERS, [one for one, _ in changes[start : start + _AT_ONCE]])
        )
    }
    day = business_day(t)
    ids = t.next_ids(tables.account_document, len(changes)) if changes else ()
    t.insert(
        tables.account_document,
        _OPENING,
        [
            (one, sellers.get(customer) or customer, customer, "opening", "", day, amount, 0, day)
            for one, (customer, amount) in zip(ids, changes, strict=True)
        ],
    )


def openings_of(t: Transaction, customers: Iterable[int]) -> dict[int, int]:
    """Lock the accounts of these customers and give their opening amounts, by customer."""
    ids = sorted(customers)
    found: dict[int, int] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found.update(map(tuple, t.rows_in(_OPENINGS, some, locked_by="customer_id")))
    return found
