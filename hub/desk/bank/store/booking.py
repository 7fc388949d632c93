"""Rows settled: booked as a payment, left out, or open again."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from hub.base import history
from hub.base.fields import LONGEST_REASON
from hub.base.transaction import LockRank, Transaction
from hub.desk.bank.model.reading import State
from hub.desk.bank.store.keeping import TOPIC
from hub.desk.payments.model import PaymentMoved

_ROWS: Final = """
SELECT id, statement_id, seller_id, line, day, amount, reference, narration, state, round
FROM bank_row WHERE id IN
"""
_BOOK: Final = """
UPDATE bank_row SET state = 'booked', payment_id = ? WHERE id = ? AND state = 'open'
"""
_RETURN: Final = """
UPDATE bank_row SET state = 'returned', returned_id = ? WHERE id = ? AND state = 'open'
"""
_MOVE: Final = "UPDATE bank_row SET state = ? WHERE id = ?"
_OF: Final = "SELECT id FROM bank_row WHERE payment_id = ?"
_REOPEN: Final = """
UPDATE bank_row SET state = 'open', payment_id = NULL, round = round + 1 WHERE id = ?
"""
_SAME_MONEY: Final = """
SELECT p.number FROM payment p LEFT JOIN bank_row r ON r.payment_id = p.id
WHERE p.reference_key = ? AND p.mode IN ('upi', 'bank') AND p.seller_id = ?
    AND p.state NOT IN ('bounced', 'voided')
    AND (r.id IS NULL OR r.statement_id <> ? AND r.day = ? AND r.amount = ?)
ORDER BY p.id LIMIT 1
"""


class LockedRow(NamedTuple):
    """A row under lock."""

    id: int
    statement: int
    seller: int
    line: int
    day: date
    amount: int
    reference: str
    narration: str
    state: State
    round: int

    @property
    def payment_key(self) -> str:
        """Give the key of the payment that books it: sent twice, it is one."""
        return f"bank/{self.id}/{self.round}"


def lock_rows(t: Transaction, rows: Collection[int]) -> dict[int, LockedRow]:
    """Lock rows, and read them."""
    t.lock(LockRank.DOCUMENT, {("bank_row", one) for one in rows})
    found = [LockedRow(*row) for row in t.rows_in(_ROWS, sorted(rows), locked_by="id")]
    return {one.id: one._replace(day=_day(one.day)) for one in found}


def is_booked(t: Transaction, payment: int) -> bool:
    """Say whether a payment, whose account is locked, is the money of a row already."""
    return bool(t.rows(_OF, (payment,)))


def find_same_money(t: Transaction, row: LockedRow, reference: str) -> str | None:
    """Name the payment that may be this row's money already, by its reference; None of new money.

    What was taken by hand under the reference may be it, and so may a row of another file of the
    same day and amount. Other rows are other money: some banks write only the payer's name there.
    """
    found = t.rows(_SAME_MONEY, (reference, row.seller, row.statement, row.day, row.amount))
    return found[0][0] if found else None


def book_row(t: Transaction, row: LockedRow, payment: int, *, number: str) -> None:
    """Write that a row is the money of a payment."""
    t.many(_BOOK, [(payment, row.id)])
    _tell(t, row.id, row.state, after="booked", why=number)


def return_row(t: Transaction, row: LockedRow, payment: int, *, number: str) -> None:
    """Write that a row took the money of a cheque out again."""
    t.many(_RETURN, [(payment, row.id)])
    _tell(t, row.id, row.state, after="returned", why=number)


def leave_row(t: Transaction, row: LockedRow, *, why: str) -> None:
    """Write that a row is no customer's money, and why."""
    t.many(_MOVE, [("left", row.id)])
    _tell(t, row.id, row.state, after="left", why=why)


def reopen_row(t: Transaction, row: LockedRow) -> None:
    """Write that a row that was left out is to be looked at again."""
    t.many(_MOVE, [("open", row.id)])
    _tell(t, row.id, row.state, after="open")


def reopen_of(t: Transaction, moved: PaymentMoved) -> None:
    """Have the row of a payment that never came be open again; a returned cheque's stays booked."""
    if not moved.never_came:
        return
    for (row,) in t.rows(_OF, (moved.payment,)):
        t.many(_REOPEN, [(row,)])
        _tell(t, int(row), "booked", after="open")


def _tell(t: Transaction, row: int, before: State, *, after: State, why: str = "") -> None:
    history.record(
        t,
        "bank_row",
        row,
        before={"state": before},
        after={"state": after},
        why=why[:LONGEST_REASON],
    )
    t.changed(TOPIC)


def _day(value: date | str) -> date:
    """Read a day: SQLite's driver gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
