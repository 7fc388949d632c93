"""The list of orders: filtered, searched, newest first, paged by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from broker.contract.messages import OrderStatus
from hub.base.engine.columns import table_of
from hub.db.tables import Customer, order_

PAGE: Final = 50

_customers = table_of(Customer)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders are shown; `since` is a business date, `search` a number, customer or terminal.

    `before` and `after` are row ids: the page of orders older or newer than that one.
    """

    status: OrderStatus | None = None
    search: str = ""
    since: date | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order of the list; one that the rules were not asked about has no amount."""

    id: int
    uuid: str
    number: str
    status: OrderStatus
    reason: str
    customer: str
    customer_code: str
    terminal: str
    lines: int
    payable: int | None
    currency: str
    scale: int
    decided_at: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of the list; `older` and `newer` say whether there is another either way."""

    rows: tuple[OrderRow, ...]
    older: bool
    newer: bool


def list_orders(connection: Connection, wanted: Filter) -> OrderPage:
    """Read one page; its cost does not grow with the orders before it."""
    conditions = _conditions(wanted)
    if wanted.status is not None:
        conditions.append(order_.c.status == wanted.status)
    backwards = wanted.after is not None
    if wanted.before is not None:
        conditions.append(order_.c.id < wanted.before)
    if wanted.after is not None:
        conditions.append(order_.c.id > wanted.after)
    query = (
        select(order_, _customers.c.name.label("customer"))
        .outerjoin(_customers, _customers.c.id == order_.c.customer_id)
        .where(and_(True, *conditions))
        .order_by(order_.c.id.asc() if backwards else order_.c.id.desc())
        .limit(PAGE + 1)
    )
    found = [_row(row) for row in connection.execute(query)]
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        return OrderPage(tuple(reversed(shown)), older=True, newer=more)
    return OrderPage(tuple(shown), older=more, newer=wanted.before is not None)


def count_by_status(connection: Connection, wanted: Filter) -> Mapping[OrderStatus, int]:
    """Count what each status would show under the rest of the filter."""
    query = (
        select(order_.c.status, func.count().label("orders"))
        .where(and_(True, *_conditions(wanted)))
        .group_by(order_.c.status)
    )
    return {cast("OrderStatus", row.status): row.orders for row in connection.execute(query)}


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Write the part of the filter that the counts share: the days and the search."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(order_.c.business_date >= wanted.since)
    if wanted.search:
        named = select(_customers.c.id).where(
            _customers.c.name.icontains(wanted.search, autoescape=True)
        )
        conditions.append(
            or_(
                order_.c.number.icontains(wanted.search, autoescape=True),
                order_.c.terminal.istartswith(wanted.search, autoescape=True),
                order_.c.customer_code.istartswith(wanted.search, autoescape=True),
                order_.c.customer_id.in_(named),
            )
        )
    return conditions


def _row(row: Row[tuple[object, ...]]) -> OrderRow:
    return OrderRow(
        id=row.id,
        uuid=row.uuid,
        number=row.number,
        status=cast("OrderStatus", row.status),
        reason=row.reason,
        customer=row.customer or row.customer_code,
        customer_code=row.customer_code,
        terminal=row.terminal,
        lines=row.lines,
        payable=row.payable if row.price_hash is not None else None,
        currency=row.currency,
        scale=row.scale,
        decided_at=row.decided_at,
    )
