"""Documents of an account: what is owed by each, what has paid it, and what of it is open.

Whoever changes documents of a customer locks its account first: two payments of one rest wait for
each other, and the second finds what the first has left.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.accounts import tables
from hub.desk.accounts.model import DocumentKind
from hub.desk.parties.store import business_day

_LOCK: Final = "SELECT customer_id FROM customer_account WHERE customer_id = ?"
_DOCUMENT: Final = (
    *("id", "seller_id", "customer_id", "kind", "number", "ref", "day", "due", "amount"),
    *("allocated", "cleared"),
)
_POSTING: Final = ("customer_id", "kind", "document_id", "amount", "at", "actor")
_ALLOCATION: Final = ("credit_id", "debit_id", "amount", "day", "at", "actor")
_OWE: Final = """
UPDATE customer_account SET exposure = exposure + ?, billed = billed + ?, clearing = clearing + ?
WHERE customer_id = ?
"""
_ALLOCATE: Final = """
UPDATE account_document SET allocated = allocated + ?
WHERE id = ? AND voided IS NULL AND allocated + ? BETWEEN 0 AND abs(amount)
"""
_BEYOND: Final = 2**53
"""No document has such an id; a text may name one."""
_CLEAR: Final = "UPDATE account_document SET cleared = ? WHERE id = ? AND cleared IS NULL"
_VOID: Final = "UPDATE account_document SET voided = ? WHERE id = ? AND voided IS NULL"
_ONE: Final = """
SELECT id, customer_id, amount, allocated, cleared, voided FROM account_document WHERE id = ?
"""
_DEBITS: Final = """
SELECT id, kind, number, ref, day, due, amount - allocated FROM account_document
WHERE customer_id = ? AND voided IS NULL AND allocated < amount
ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, day, id
"""
_DEBIT: Final = """
SELECT id, kind, number, ref, day, due, amount - allocated FROM account_document
WHERE customer_id = ? AND kind = ? AND ref = ? AND voided IS NULL AND allocated < amount
"""
_NUMBER: Final = "SELECT number FROM account_document WHERE id = ? AND customer_id = ?"
_STANDING: Final = """
SELECT credit_id, debit_id, sum(amount) FROM account_allocation
WHERE credit_id = ? OR debit_id = ? GROUP BY credit_id, debit_id HAVING sum(amount) <> 0
ORDER BY credit_id, debit_id
"""


class NewDocument(NamedTuple):
    """A document to add; an amount below zero is to the customer's good. `ref` is its noun's id."""

    seller: int
    customer: int
    kind: DocumentKind
    number: str
    ref: int
    amount: int
    due: date | None = None


class Debit(NamedTuple):
    """A document of which something is open, and how much."""

    id: int
    kind: DocumentKind
    number: str
    ref: int | None
    day: date
    due: date | None
    open: int


class OpenCredit(NamedTuple):
    """A document to the customer's good: what of it is not allocated; a cheque may not be clear."""

    id: int
    customer: int
    amount: int
    left: int
    cleared: bool
    voided: bool


def lock_account(t: Transaction, customer: int) -> None:
    """Lock the account of a customer."""
    t.lock(LockRank.ACCOUNT, {customer})
    t.rows(_LOCK + t.row_lock, (customer,))


def add_document(t: Transaction, new: NewDocument, *, clear: bool = True) -> int:
    """Add a document to a locked account, and post it; a cheque that is not `clear` waits."""
    (document,) = t.next_ids(tables.account_document, 1)
    day = business_day(t)
    row = (document, *new[:5], day, new.due, new.amount, 0, day if clear else None)
    t.insert(tables.account_document, _DOCUMENT, [row])
    if clear:
        _post(t, document, new.customer, amount=new.amount)
    else:
        t.many(_OWE, [(0, 0, -new.amount, new.customer)])
    _tell(t)
    return document


def clear_document(t: Transaction, document: int) -> None:
    """Have a cheque be money: from now on it takes off what its customer owes."""
    one = read_credit(t, document)
    if t.many(_CLEAR, [(business_day(t), document)]) != 1:
        raise StoringError("the cheque is cleared already")
    t.many(_OWE, [(0, 0, one.amount, one.customer)])
    _post(t, document, one.customer, amount=one.amount)
    _tell(t)


def void_document(t: Transaction, document: int) -> None:
    """Have a document count no more from today on: what it paid, or what paid it, is open again."""
    release(t, document)
    one = read_credit(t, document)
    if t.many(_VOID, [(business_day(t), document)]) != 1:
        raise StoringError("the document is void already")
    if one.cleared:
        _post(t, document, one.customer, amount=-one.amount)
    else:
        t.many(_OWE, [(0, 0, one.amount, one.customer)])
    _tell(t)


def allocate(t: Transaction, credit: int, debit: int, *, amount: int) -> None:
    """Have a document pay another from today on; raises StoringError where either has too little.

    Below zero it takes back what was allocated.
    """
    changes = [(amount, credit, amount), (amount, debit, amount)]
    if t.many(_ALLOCATE, changes) != len(changes):
        raise StoringError("a document has less open than was read under lock")
    row = (credit, debit, amount, business_day(t), t.at_ms, t.actor)
    t.insert(tables.account_allocation, _ALLOCATION, [row])
    _tell(t)


def release(t: Transaction, document: int) -> None:
    """Take back all that a document pays, and all that pays it; a second time changes nothing."""
    for credit, debit, amount in t.rows(_STANDING, (document, document)):
        allocate(t, credit, debit, amount=-int(amount))


def paid_by(t: Transaction, credit: int) -> list[int]:
    """Give the documents that one pays now, by rising ids."""
    return sorted(
        int(debit) for own, debit, _ in t.rows(_STANDING, (credit, credit)) if own == credit
    )


def open_debits(t: Transaction, customer: int) -> list[Debit]:
    """Give what is open of a locked account: due first, without a due day last."""
    return [_debit(row) for row in t.rows(_DEBITS, (customer,))]


def read_debit(t: Transaction, customer: int, *, kind: DocumentKind, ref: int) -> Debit | None:
    """Give what is open of one document of a locked account; None where nothing is."""
    found = t.rows(_DEBIT, (customer, kind, ref))
    return _debit(found[0]) if found else None


def number_of(t: Transaction, document: int, *, customer: int) -> str:
    """Give the number of an account's document, open or not; empty where it has no such one."""
    found = t.rows(_NUMBER, (document, customer)) if document < _BEYOND else []
    return str(found[0][0] or "") if found else ""


def read_credit(t: Transaction, document: int) -> OpenCredit:
    """Read what of a document is not allocated."""
    row, customer, amount, allocated, cleared, voided = t.rows(_ONE, (document,))[0]
    left = abs(amount) - allocated
    return OpenCredit(row, customer, amount, left, cleared is not None, voided is not None)


def oldest_first(debits: Sequence[Debit], amount: int) -> list[tuple[Debit, int]]:
    """Spread an amount over what is open: 700 over rests of 500 and 400 pays 500 and 200."""
    spread = []
    for one in debits:
        part = min(amount, one.open)
        if part > 0:
            spread.append((one, part))
            amount -= part
    return spread


def _tell(t: Transaction) -> None:
    """Have pages of accounts and of customers told."""
    for topic in ("accounts", "customers", "orders"):
        t.changed(topic)


def _post(t: Transaction, document: int, customer: int, *, amount: int) -> None:
    row = (customer, "document", document, amount, t.at_ms, t.actor)
    t.insert(tables.posting, _POSTING, [row])
    t.many(_OWE, [(amount, amount, 0, customer)])


def _debit(row: Sequence[object]) -> Debit:
    one = Debit(*row)  # type: ignore[arg-type]  # a row of the driver
    return one._replace(day=_day(one.day), due=_day(one.due) if one.due else None)


def _day(value: date | str) -> date:
    """Read a day: SQLite's driver gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
