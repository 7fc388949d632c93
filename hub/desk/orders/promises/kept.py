"""Check of the sums by product and by customer against the orders that they are of."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, select

from hub.base.engine.promises import Finding, Promise
from hub.desk.orders.tables import KEPT_SUMS, STALE, STRETCHED, kept_stretch, order_

KEPT: Final = Promise(
    "kept_sums", "What is kept of past days by product and by customer is what their orders have"
)
_TOO_MUCH: Final = "is not what its orders have"
_MISSING: Final = "has orders that are not in it"


def check_kept_sums(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Compare each day that is counted, both ways: a row too many, and a row that is missing.

    Stretches of days are compared with their days in the same way.
    """
    checked = 0
    faults: list[str] = []
    for table, made in KEPT_SUMS:
        kept = select(*table.columns).where(table.c.day.not_in(STALE))
        stored = made.where(order_.c.business_date.not_in(STALE))
        checked += _count(connection, table)
        faults += _compare(connection, table, kept=kept, made=stored)
    for day, stretch in STRETCHED:
        named = [column for column in stretch.columns if column.name != "name"]
        checked += _count(connection, stretch)
        faults += _compare(connection, stretch, kept=select(*named), made=_added_up(day, stretch))
    yield Finding(KEPT, checked, faults)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _compare(
    connection: Connection, table: Table, *, kept: Select[Any], made: Select[Any]
) -> Iterator[str]:
    for said, one, other in ((_TOO_MUCH, kept, made), (_MISSING, made, kept)):
        for row in connection.execute(one.except_(other)):
            of, _, warehouse, _, _, code, *_ = row
            yield f"{table.name} of {of}, warehouse {warehouse}, {code}: {said}"


def _added_up(day: Table, stretch: Table) -> Select[Any]:
    """Add up what is kept of the days of each stretch."""
    row = kept_stretch.c
    key = [row.name, *(day.c[one.name] for one in list(stretch.primary_key.columns)[1:])]
    figures = [one.name for one in stretch.columns if not one.primary_key and one.name != "name"]
    return (
        select(*key, *(func.sum(day.c[name]).label(name) for name in figures))
        .select_from(kept_stretch)
        .join(day, day.c.day.between(row.first, row.last))
        .group_by(*key)
    )
