"""Bank statements written inside a given transaction."""

from hub.desk.bank.store.booking import (
    LockedRow,
    book_row,
    find_same_money,
    is_booked,
    leave_row,
    lock_rows,
    reopen_of,
    reopen_row,
    return_row,
)
from hub.desk.bank.store.keeping import find_sellers, keep_statement, known_keys

__all__ = [
    "LockedRow",
    "book_row",
    "find_same_money",
    "find_sellers",
    "is_booked",
    "keep_statement",
    "known_keys",
    "leave_row",
    "lock_rows",
    "reopen_of",
    "reopen_row",
    "return_row",
]
