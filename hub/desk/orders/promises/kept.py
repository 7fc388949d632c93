"""Check of the sums by product and by customer against the orders that they are of."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.engine.promises import Finding, Promise
from hub.desk.orders.tables import KEPT_SUMS, STALE, order_

KEPT: Final = Promise(
    "kept_sums", "What is kept of past days by product and by customer is what their orders have"
)


def check_kept_sums(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Compare each day that is counted, both ways: a row too many, and a row that is missing."""
    checked, faults = 0, []
    for table, made in KEPT_SUMS:
        checked += connection.execute(select(func.count()).select_from(table)).scalar_one()
        kept = select(*table.columns).where(table.c.day.not_in(STALE))
        stored = made.where(order_.c.business_date.not_in(STALE))
        for is_there, one, other in ((True, kept, stored), (False, stored, kept)):
            rows = connection.execute(one.except_(other)).all()
            faults += [_fault(table.name, row, is_there=is_there) for row in rows]
    yield Finding(KEPT, checked, faults)


def _fault(table: str, row: object, *, is_there: bool) -> str:
    day, _, warehouse, _, _, code, *_ = tuple(row)  # type: ignore[var-annotated,arg-type]
    told = "is not what its orders have" if is_there else "has orders that are not in it"
    return f"{table} of {day}, warehouse {warehouse}, {code}: {told}"
