"""History: what was changed in a row, from what to what, by whom and why; never changed itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Row, Table, Text, select

from hub.base.engine.columns import BigId, Code, Moment, Name, Sentence, Word, metadata
from hub.base.transaction import Transaction

history: Final = Table(
    "history",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("noun", Word, nullable=False),
    Column("ref", Code, nullable=False),
    Column("field", Code, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Name, nullable=False),
    Column("why", Sentence, nullable=False),
    Index("ix_history_noun_ref", "noun", "ref", "id"),
)
_COLUMNS: Final = ("noun", "ref", "field", "old", "new", "at", "who", "why")

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode

Value = str | int | bool | date | None
"""What a field may hold; a date is kept and read as its ISO text."""


class DifferentFieldsError(ValueError):
    """Before and after name different fields, so that some would be taken for emptied."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a row that was changed; None stands for a field that holds nothing."""

    field: str
    old: str | int | bool | None
    new: str | int | bool | None
    at_ms: int
    who: str
    why: str


def record(
    t: Transaction,
    noun: str,
    ref: object,
    *,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    why: str = "",
) -> int:
    """Write down the fields of a row that differ, as done by the transaction's actor; how many.

    A new row has nothing before, a deleted one nothing after. Else both name the same fields:
    raises DifferentFieldsError. Amounts are integers of the minor unit, so a limit that rises from
    1,000.00 to 1,500.00 reads `credit_limit 100000 -> 150000`.
    """
    rows = [
        (noun, str(ref), field, old, new, t.at_ms, t.actor, why)
        for field, old, new in _differences(before, after)
    ]
    t.insert(history, _COLUMNS, rows)
    return len(rows)


def read(connection: Connection, noun: str, ref: object) -> list[Entry]:
    """Read what was changed in a row, the oldest change first."""
    columns = [history.c[name] for name in _COLUMNS[2:]]
    query = (
        select(*columns)
        .where(history.c.noun == noun, history.c.ref == str(ref))
        .order_by(history.c.id)
    )
    return [_entry(row) for row in connection.execute(query)]


def read_field(connection: Connection, noun: str, field: str) -> list[tuple[str, Entry]]:
    """Read what was changed in one field of all rows of a noun, each with its row; oldest first."""
    query = select(history).where(history.c.noun == noun, history.c.field == field)
    found = connection.execute(query.order_by(history.c.id))
    return [(row.ref, _entry(row)) for row in found]


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.field, json.loads(row.old), json.loads(row.new), row.at, row.who, row.why)


def _differences(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[tuple[str, str, str]]:
    if before and after and before.keys() != after.keys():
        raise DifferentFieldsError(", ".join(sorted(before.keys() ^ after.keys())))
    for field in before or after:
        old, new = _written(before.get(field)), _written(after.get(field))
        if old != new:
            yield field, old, new


def _written(value: Value) -> str:
    """Write a value as JSON, so that the text 12 and the number 12 stay two things."""
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str | int | None):
        raise TypeError(f"history holds no {type(value).__name__}")
    return _encode(value)
