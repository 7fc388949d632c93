"""The accounts book: what alone writes postings, documents and allocations."""

from hub.desk.accounts.store.billing import bill_order, billed_by, settle_order, unbill_order
from hub.desk.accounts.store.documents import (
    Debit,
    NewDocument,
    OpenCredit,
    add_document,
    allocate,
    clear_document,
    lock_account,
    oldest_first,
    open_debits,
    read_credit,
    read_debit,
    release,
    void_document,
)
from hub.desk.accounts.store.exposure import (
    Owed,
    change_to,
    give_back,
    open_account,
    openings_of,
    posted_for,
    take,
    write_openings,
)
from hub.desk.accounts.store.overdue import Overdue, overdue_of

__all__ = [
    "Debit",
    "NewDocument",
    "OpenCredit",
    "Overdue",
    "Owed",
    "add_document",
    "allocate",
    "bill_order",
    "billed_by",
    "change_to",
    "clear_document",
    "give_back",
    "lock_account",
    "oldest_first",
    "open_account",
    "open_debits",
    "openings_of",
    "overdue_of",
    "posted_for",
    "read_credit",
    "read_debit",
    "release",
    "settle_order",
    "take",
    "unbill_order",
    "void_document",
    "write_openings",
]
