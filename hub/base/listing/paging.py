"""Finds one page of a list by key, so that its cost does not grow with the rows before it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, tuple_

from hub.base.listing.wanted import Place, Wanted

Made = TypeVar("Made")
Sorted = ColumnElement[Any]
_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Slice(Generic[Made]):
    """One page of a list, with the places that the pages before and after it lie at."""

    rows: tuple[Made, ...]
    before: Place | None = None
    after: Place | None = None


def page_of(
    connection: Connection,
    query: Select[Any],
    wanted: Wanted,
    *,
    sorts: Mapping[str, Sorted],
    key: Sorted,
    make: Callable[[Any], Made],
) -> Slice[Made]:
    """Read the page of a query that is wanted, each row made by `make`.

    `sorts` names the columns that the list may be sorted by; none of them may hold nothing, so
    that each row has one place: `{"name": func.coalesce(party.c.name, "")}`. `key` is the row's own
    id, by which equal rows are sorted. Raises KeyError for another sort.
    """
    column, place = sorts[wanted.sort.by], wanted.place
    backwards = place is not None and place.backwards
    falling = wanted.sort.descending != backwards
    query = query.add_columns(column.label("sort_value"), key.label("sort_key"))
    if place is not None:
        query = query.where(_beyond(column, key, place, falling=falling))
    order = (column.desc(), key.desc()) if falling else (column.asc(), key.asc())
    found = connection.execute(query.order_by(*order).limit(wanted.size + 1)).all()
    more, rows = len(found) > wanted.size, found[: wanted.size]
    if backwards:
        rows = rows[::-1]
    if not rows:
        return Slice(())
    is_first = not more if backwards else place is None
    is_last = False if backwards else not more
    return Slice(
        tuple(make(row) for row in rows),
        before=None if is_first else _place(rows[0], backwards=True),
        after=None if is_last else _place(rows[-1], backwards=False),
    )


def _beyond(column: Sorted, key: Sorted, place: Place, *, falling: bool) -> ColumnElement[bool]:
    """Write the condition that a row lies behind a place, so that an index can begin there."""
    own = _read(key, place.key)
    if column is key:
        return key < own if falling else key > own
    here, there = tuple_(column, key), tuple_(_read(column, place.value), own)
    return here < there if falling else here > there


def _read(column: Sorted, written: str) -> object:
    """Read what stands in an address as a value of the column; raises ValueError."""
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(written)
    if kind in {int, bool}:
        number = int(written)
        if abs(number) > _LARGEST:
            raise ValueError(written)
        return number
    return written


def _place(row: Any, *, backwards: bool) -> Place:  # noqa: ANN401 -- a row of any query
    value = row.sort_value
    written = value.isoformat() if isinstance(value, date) else str(value)
    return Place(written, str(row.sort_key), backwards=backwards)
