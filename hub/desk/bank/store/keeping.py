"""Statements kept: rows that an earlier file has stay there."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from hub.base.access import Scope, visible
from hub.base.transaction import LockRank, Transaction
from hub.desk.bank import tables
from hub.desk.bank.model.reading import BankRow
from hub.desk.parties.tables import party

TOPIC: Final = "bank"
_STATEMENT: Final = (
    *("id", "seller_id", "file", "first_day", "last_day", "known", "made_by", "made_at"),
)
_SELLER: Final = "SELECT id FROM party WHERE id = ?"
_ROW: Final = (
    *("id", "statement_id", "seller_id", "line", "key", "day", "amount", "reference"),
    *("narration", "state"),
)


def find_sellers(t: Transaction, code: str, *, scope: Scope) -> Mapping[str, int]:
    """Find the sellers that a person sees, or the one that is named: row ids by their codes."""
    query = select(party.c.id, party.c.code).where(party.c.sells, visible(scope, seller=party.c.id))
    if code:
        query = query.where(party.c.code == code)
    query = query.order_by(party.c.parent_id.is_not(None), party.c.code)
    return {row.code: int(row.id) for row in t.connection.execute(query)}


def known_keys(t: Transaction, seller: int, rows: Sequence[BankRow]) -> dict[str, str]:
    """Give the rows that are known already, with the file that they came in.

    Two people who take one file wait for each other here.
    """
    t.lock(LockRank.SOURCE, {("bank", seller)})
    lock = t.row_lock.replace("FOR UPDATE", "FOR NO KEY UPDATE")  # orders go on meanwhile
    t.rows(_SELLER + lock, (seller,))
    keys = {one.key for one in rows}
    table, made = tables.bank_row.c, tables.bank_statement.c
    query = (
        select(table.key, made.file)
        .join(tables.bank_statement, made.id == table.statement_id)
        .where(table.seller_id == seller)
        .where(table.day.between(min(one.day for one in rows), max(one.day for one in rows)))
    )
    return {row.key: row.file for row in t.connection.execute(query) if row.key in keys}


def keep_statement(
    t: Transaction, seller: int, rows: Sequence[BankRow], *, file: str, known: int
) -> int:
    """Write a statement with the rows of it that are new, and give its id."""
    (statement,) = t.next_ids(tables.bank_statement, 1)
    days = [one.day for one in rows]
    head = (statement, seller, file[:200], min(days), max(days), known, t.actor, t.at_ms)
    t.insert(tables.bank_statement, _STATEMENT, [head])
    ids = t.next_ids(tables.bank_row, len(rows))
    t.insert(
        tables.bank_row,
        _ROW,
        [
            (
                *(row_id, statement, seller, one.line, one.key, one.day, one.amount),
                *(one.reference, one.narration, "open"),
            )
            for row_id, one in zip(ids, rows, strict=True)
        ],
    )
    t.changed(TOPIC)
    return statement
