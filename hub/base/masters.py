"""Master records as loaded: what is new is added, what differs is changed, the rest left alone."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select, update

from hub.base import history
from hub.base.transaction import Transaction

Values = dict[str, Any]


class Counts(NamedTuple):
    """How many records were added, and how many were changed."""

    added: int = 0
    changed: int = 0


def write_masters(t: Transaction, table: Table, key: str, *, rows: Sequence[Values]) -> Counts:
    """Insert the rows whose key is new, update those that differ; who changed what is kept."""
    if not rows:
        return Counts()
    there = {row[key]: row for row in t.connection.execute(select(table)).mappings()}
    new = [row for row in rows if row[key] not in there]
    changed = [
        row
        for row in rows
        if row[key] in there and any(there[row[key]][name] != row[name] for name in row)
    ]
    if new:
        t.connection.execute(insert(table), new)
    for row in changed:
        before = {name: there[row[key]][name] for name in row}
        t.connection.execute(update(table).where(table.c[key] == row[key]).values(row))
        history.record(t, table.name, row[key], before=before, after=row)
    return Counts(len(new), len(changed))


def ids_by(connection: Connection, table: Table, key: str) -> Mapping[str, int]:
    """Give the row ids of a table by one of its keys."""
    rows = connection.execute(select(table.c[key].label("key"), table.c.id))
    return {row.key: row.id for row in rows}
