"""Orders that wait to be picked, with the day on which each is due at its customer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.base.listing import Place, Slice, Sorting, Wanted
from hub.desk.deliveries.tables import delivery
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.model.days import delivery_day
from hub.desk.parties.tables import customer_profile, party
from hub.desk.stock.tables import warehouse

BY_DAY: Final = Sorting("day")
_STATUS: Final = tuple(sorted(RESERVING))


@dataclass(frozen=True, slots=True)
class QueuedOrder:
    """An order that waits to be picked; `waits`: some of its goods are not there yet."""

    id: int
    uuid: str
    number: str
    revision: int
    customer: str
    customer_code: str
    town: str
    warehouse: str
    day: date
    ordered: date
    lines: int
    waits: bool


def list_queue(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[QueuedOrder]:
    """Read a page of the orders to be picked, the most urgent first.

    `wanted` may choose `warehouse`, `town`, `customer`, `late` (due before today), and a range of
    `day`s.
    """
    rows = _queue(connection, wanted, today=today, scope=scope)
    return _page(rows, wanted)


def count_queue(connection: Connection, wanted: Wanted, *, today: date, scope: Scope) -> int:
    """Count the orders to be picked that a filter shows; without one, none of them is read."""
    if not wanted.chosen and not wanted.text:
        query = _query(scope).with_only_columns(func.count())
        return int(connection.execute(query).scalar_one())
    return len(_queue(connection, wanted, today=today, scope=scope))


def read_queued(
    connection: Connection, uuids: Collection[str], *, scope: Scope
) -> Sequence[QueuedOrder]:
    """Read those of these orders that wait to be picked."""
    query = _query(scope).where(order_.c.uuid.in_(sorted(uuids)))
    return [_row(one, None) for one in connection.execute(query)]


def list_towns(connection: Connection, *, scope: Scope) -> Sequence[str]:
    """Name the towns to which orders that wait are brought."""
    query = _query(scope).with_only_columns(func.coalesce(customer_profile.c.city, "")).distinct()
    return sorted(one for one in connection.execute(query).scalars() if one)


def _query(scope: Scope) -> Any:  # noqa: ANN401  # a select of many columns
    revision = order_revision.c
    return (
        select(
            *(order_.c.id, order_.c.uuid, order_.c.number, order_.c.revision, order_.c.status),
            *(order_.c.business_date, order_.c.customer_code, revision.lines),
            revision.delivery_date.label("wanted"),
            party.c.name.label("customer"),
            func.coalesce(customer_profile.c.city, "").label("town"),
            func.coalesce(customer_profile.c.delivery_days, "").label("weekdays"),
            warehouse.c.code.label("warehouse"),
        )
        .join(order_revision, (revision.order_id == order_.c.id) & _is_newest())
        .join(warehouse, warehouse.c.id == order_.c.warehouse_id)
        .join(party, party.c.id == order_.c.customer_id)
        .outerjoin(customer_profile, customer_profile.c.party_id == party.c.id)
        .where(order_.c.status.in_(_STATUS), order_.c.delivery == "", orders_of(scope))
    )


def _is_newest() -> Any:  # noqa: ANN401  # a condition
    return order_revision.c.revision == order_.c.revision


def _queue(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> list[QueuedOrder]:
    query = _query(scope)
    if chosen := wanted.chosen.get("warehouse"):
        query = query.where(warehouse.c.code.in_(chosen))
    if chosen := wanted.chosen.get("town"):
        query = query.where(customer_profile.c.city.in_(chosen))
    if text := wanted.text or wanted.one("customer"):
        like = party.c.name.icontains(text, autoescape=True)
        query = query.where(like | (order_.c.number == text) | (order_.c.customer_code == text))
    found = connection.execute(query).all()
    promised = _promised(connection, {row.id for row in found})
    rows = [_row(row, promised.get(row.id)) for row in found]
    first, last = wanted.dates("day")
    late = bool(wanted.one("late"))
    kept = [
        row
        for row in rows
        if (first is None or row.day >= first)
        and (last is None or row.day <= last)
        and (not late or row.day < today)
    ]
    return sorted(kept, key=lambda row: _by(row, wanted.sort), reverse=wanted.sort.descending)


def _by(row: QueuedOrder, sort: Sorting) -> tuple[Any, ...]:
    first = (row.day, row.town, row.customer) if sort.by == "day" else (getattr(row, sort.by),)
    return (*first, row.id)


def _promised(connection: Connection, orders: Collection[int]) -> dict[int, date | None]:
    """Give the days on which goods that came back are brought again, by order."""
    note = delivery.c
    query = (
        select(note.order_id, note.redeliver)
        .join(order_, order_.c.id == note.order_id)
        .where(note.state == "closed_shop", order_.c.status.in_(_STATUS))
        .order_by(note.id)
    )
    found = connection.execute(query)
    return {row.order_id: row.redeliver for row in found if row.order_id in orders}


def _row(row: Any, promised: date | None) -> QueuedOrder:  # noqa: ANN401  # a row of the driver
    return QueuedOrder(
        id=row.id,
        uuid=row.uuid,
        number=row.number,
        revision=row.revision,
        customer=row.customer,
        customer_code=row.customer_code,
        town=row.town,
        warehouse=row.warehouse,
        day=delivery_day(row.business_date, row.weekdays, promised=promised or row.wanted),
        ordered=row.business_date,
        lines=row.lines,
        waits=row.status == "confirmed",
    )


def _page(rows: Sequence[QueuedOrder], wanted: Wanted) -> Slice[QueuedOrder]:
    """Cut a page out of rows that are sorted already; a place names the row next to it."""
    ids = [str(row.id) for row in rows]
    place = wanted.place
    start = 0
    if place is not None and place.key in ids:
        at = ids.index(place.key)
        start = max(at - wanted.size, 0) if place.backwards else at + 1
    end = ids.index(place.key) if place and place.backwards and place.key in ids else None
    some = tuple(rows[start:end][: wanted.size])
    if not some:
        return Slice(())
    stop = start + len(some)
    return Slice(
        some,
        before=Place("", str(some[0].id), backwards=True) if start else None,
        after=Place("", str(some[-1].id)) if stop < len(rows) else None,
    )
