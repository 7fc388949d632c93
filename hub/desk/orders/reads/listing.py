"""The list of orders: filtered, searched, newest first, paged by key; and what a day brought."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from hub.base.access import Scope
from hub.desk.orders.model.life import STATUSES, PublicStatus, Status, statuses_of
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.tables import party

PAGE: Final = 50
_GROUP: Final = 1_000
_newest: Final = (order_revision.c.order_id == order_.c.id) & (
    order_revision.c.revision == order_.c.revision
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders are shown; `since` is a business date, `customer` the code of one that is known.

    `search` is a part of the order's number or of its customer's name, or how the name of its
    purchase order, its customer's code or its terminal begins. `before` and `after` are row ids:
    the page of orders older or newer than that one.
    """

    status: Status | None = None
    public: PublicStatus | None = None
    customer: str | None = None
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
    revision: int
    status: Status
    changed: bool
    reason: str
    customer: str
    customer_code: str
    source: str
    source_key: str
    requester: str
    po_number: str
    lines: int
    payable: int | None
    currency: str
    scale: int
    placed_at: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of the list; `older` and `newer` say whether there is another either way."""

    rows: tuple[OrderRow, ...]
    older: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in one currency."""

    amount: int
    currency: str
    scale: int


@dataclass(frozen=True, slots=True)
class Today:
    """The tiles: orders taken today and what became of them; `held` counts every open one."""

    orders: int
    confirmed: int
    value: tuple[Sum, ...]
    held: int
    rejected: int


def list_orders(connection: Connection, wanted: Filter, *, scope: Scope) -> OrderPage:
    """Read one page; its cost does not grow with the orders before it."""
    conditions = [*_conditions(wanted), *_of_status(wanted), orders_of(scope)]
    backwards = wanted.after is not None
    if wanted.before is not None:
        conditions.append(order_.c.id < wanted.before)
    if wanted.after is not None:
        conditions.append(order_.c.id > wanted.after)
    query = (
        _rows()
        .where(and_(True, *conditions))
        .order_by(order_.c.id.asc() if backwards else order_.c.id.desc())
        .limit(PAGE + 1)
    )
    found = [_row(row) for row in connection.execute(query)]
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        return OrderPage(tuple(reversed(shown)), older=True, newer=more)
    return OrderPage(tuple(shown), older=more, newer=wanted.before is not None)


def every_order(connection: Connection, *, scope: Scope) -> Iterator[OrderRow]:
    """Give every order, oldest first."""
    query = _rows().where(orders_of(scope)).order_by(order_.c.id).limit(_GROUP)
    last = 0
    while rows := connection.execute(query.where(order_.c.id > last)).all():
        last = rows[-1].id
        yield from (_row(row) for row in rows)


def count_by_status(
    connection: Connection, wanted: Filter, *, scope: Scope
) -> Mapping[Status, int]:
    """Count what each status would show under the rest of the filter."""
    query = (
        select(order_.c.status, func.count().label("orders"))
        .where(and_(orders_of(scope), *_conditions(wanted)))
        .group_by(order_.c.status)
    )
    return {cast("Status", row.status): row.orders for row in connection.execute(query)}


def read_today(connection: Connection, today: date, *, scope: Scope) -> Today:
    """Count today's orders; the cost grows with the day's orders only."""
    revision = order_revision.c
    rows = connection.execute(
        select(
            order_.c.status,
            revision.currency,
            revision.scale,
            func.count().label("orders"),
            func.sum(revision.payable).label("amount"),
        )
        .join(order_revision, _newest)
        .where(order_.c.business_date == today, orders_of(scope))
        .group_by(order_.c.status, revision.currency, revision.scale)
    ).all()
    held = connection.execute(
        select(func.count()).select_from(order_).where(order_.c.status == "held", orders_of(scope))
    ).scalar_one()
    confirmed = [row for row in rows if row.status in _CONFIRMED]
    value: dict[tuple[str, int], int] = {}
    for row in confirmed:
        kind = (row.currency, row.scale)
        value[kind] = value.get(kind, 0) + int(row.amount)
    return Today(
        orders=sum(row.orders for row in rows),
        confirmed=sum(row.orders for row in confirmed),
        value=tuple(Sum(amount, *kind) for kind, amount in sorted(value.items())),
        held=held,
        rejected=sum(row.orders for row in rows if row.status == "rejected"),
    )


_CONFIRMED: Final = statuses_of("processing") | statuses_of("delivered")


def _of_status(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.status is not None:
        yield order_.c.status == wanted.status
    if wanted.public is not None:
        among = statuses_of(wanted.public)
        yield order_.c.status.in_([status for status in STATUSES if status in among])


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Write the part of the filter that the counts share: customer, days and search."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.customer is not None:
        coded = select(party.c.id).where(party.c.code == wanted.customer)
        conditions.append(order_.c.customer_id == coded.scalar_subquery())
    if wanted.since is not None:
        conditions.append(order_.c.business_date >= wanted.since)
    if wanted.search:
        named = select(party.c.id).where(party.c.name.icontains(wanted.search, autoescape=True))
        conditions.append(
            or_(
                order_.c.number.icontains(wanted.search, autoescape=True),
                order_.c.po_number.istartswith(wanted.search, autoescape=True),
                order_.c.requester.istartswith(wanted.search, autoescape=True),
                order_.c.customer_code.istartswith(wanted.search, autoescape=True),
                order_.c.customer_id.in_(named),
            )
        )
    return conditions


def _rows() -> Select[tuple[object, ...]]:
    revision = order_revision.c
    return (
        select(
            order_,
            revision.changed,
            revision.reasons,
            revision.lines,
            revision.payable,
            revision.price_hash,
            revision.currency,
            revision.scale,
            party.c.name.label("customer"),
        )
        .join(order_revision, _newest)
        .outerjoin(party, party.c.id == order_.c.customer_id)
    )


def _row(row: Row[tuple[object, ...]]) -> OrderRow:
    reasons = read_reasons(row.reasons)
    return OrderRow(
        id=row.id,
        uuid=row.uuid,
        number=row.number,
        revision=row.revision,
        status=cast("Status", row.status),
        changed=row.changed,
        reason=reasons[0].code if reasons else "",
        customer=row.customer or row.customer_code,
        customer_code=row.customer_code,
        source=row.source,
        source_key=row.source_key,
        requester=row.requester,
        po_number=row.po_number,
        lines=row.lines,
        payable=row.payable if row.price_hash is not None else None,
        currency=row.currency,
        scale=row.scale,
        placed_at=row.placed_at,
    )


def find_order(connection: Connection, name: str, *, scope: Scope) -> list[str]:
    """Find the ids of orders by a number or an id."""
    named = or_(order_.c.uuid == name, order_.c.number == name)
    query = select(order_.c.uuid).where(named, orders_of(scope)).limit(2)
    return list(connection.execute(query).scalars())


def row_id_of(connection: Connection, uuid: str, *, scope: Scope) -> int | None:
    """Find the place of an order in the list, which `before` and `after` go by."""
    query = select(order_.c.id).where(order_.c.uuid == uuid, orders_of(scope))
    return connection.execute(query).scalar_one_or_none()


def read_row(connection: Connection, uuid: str, *, scope: Scope) -> OrderRow:
    """Read one order as the list shows it; raises NoResultFound where there is none."""
    query = _rows().where(order_.c.uuid == uuid, orders_of(scope))
    return _row(connection.execute(query).one())
