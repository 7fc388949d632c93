"""The list of orders: filtered, searched, sorted, paged by key."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from hub.base.access import Scope, visible
from hub.base.listing import Place, Slice, Sorting, Wanted, page_of
from hub.desk.accounts.reads import payment_word
from hub.desk.orders.model.life import STATUSES, PublicStatus, Status, public_of, statuses_of
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.reads.first_reason import FirstReason
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.reads.searching import is_found, ways_to_find
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.tables import party
from hub.desk.stock.tables import warehouse

NEWEST_FIRST: Final = Sorting("placed", descending=True)
_GROUP: Final = 1_000
_NEARBY: Final = 4_000
_LARGEST: Final = 2**62
_newest: Final = (order_revision.c.order_id == order_.c.id) & (
    order_revision.c.revision == order_.c.revision
)
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "placed": order_.c.id,
    "number": order_.c.number,
    "customer": func.coalesce(party.c.name, order_.c.customer_code),
    "source": order_.c.source,
    "warehouse": warehouse.c.code,
    "payment": order_revision.c.payment,
    "lines": order_revision.c.lines,
    "status": order_.c.status,
    "payable": order_revision.c.payable,
    "date": order_.c.business_date,
}


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
    warehouse: str
    payment: str
    business_date: date
    lines: int
    payable: int | None
    currency: str
    scale: int
    placed_at: int
    paid: str = ""

    @property
    def public(self) -> PublicStatus:
        """Give the public status: pending, processing, delivered or cancelled."""
        return public_of(self.status)


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in one currency."""

    amount: int
    currency: str
    scale: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many orders the rest of a filter shows in each state, and what the priced come to."""

    counts: Mapping[Status, int]
    sums: Mapping[tuple[Status, str, int], int]

    def total(self, wanted: Wanted) -> tuple[int, tuple[Sum, ...]]:
        """Give how many the whole filter shows, and their sums by currency."""
        shown = _statuses(wanted)
        payable: Counter[tuple[str, int]] = Counter()
        for (status, currency, scale), amount in self.sums.items():
            if status in shown:
                payable[currency, scale] += amount
        count = sum(number for status, number in self.counts.items() if status in shown)
        return count, tuple(Sum(payable[one], *one) for one in sorted(payable))


def list_orders(
    connection: Connection,
    wanted: Wanted,
    *,
    since: date | None = None,
    today: date | None = None,
    scope: Scope,
) -> Slice[OrderRow]:
    """Read one page of the orders since a business date; its cost is of the page.

    `wanted` may choose `status`, `public` (the four words that people ask by), `reason` (the first
    of the newest revision), `customer` (a code, or part of a name), `customer_code` (exactly),
    `source`, `payment`, `warehouse`, and a range of `placed` days and `payable` amounts; with
    `today`, also how orders are `paid` on that day, which each row then says.
    """
    by_id = wanted.sort.by == NEWEST_FIRST.by
    if wanted.text and by_id:
        page = _page_nearby(connection, wanted, since=since, today=today, scope=scope)
        if page is not None:
            return page
    conditions = [*_conditions(wanted, since, today), *_of_status(wanted), orders_of(scope)]
    return _page(connection, wanted, conditions, today=today)


def _page(
    connection: Connection,
    wanted: Wanted,
    conditions: Sequence[ColumnElement[bool]],
    *,
    today: date | None,
) -> Slice[OrderRow]:
    """Find the page's ids, which joins only what the filter and the sort ask for; then its rows."""
    from_index = wanted.sort.by == "payable"  # which is the revision's
    query = _joined(select(order_.c.id), inner=from_index).where(and_(True, *conditions))
    page = page_of(
        connection, query, wanted, sorts=_SORTS, key=order_.c.id, make=lambda row: int(row.id)
    )
    found = _rows(today).where(order_.c.id.in_(page.rows))
    rows = {row.id: _row(row) for row in connection.execute(found)}
    return Slice(tuple(rows[one] for one in page.rows), page.before, page.after)


def _page_nearby(
    connection: Connection, wanted: Wanted, *, since: date | None, today: date | None, scope: Scope
) -> Slice[OrderRow] | None:
    """Look for a page's rows among the next few thousand orders; None where they are too few.

    What is found often is found there. To look all of it up first would cost more than the page.
    """
    place = wanted.place
    rising = wanted.sort.descending == (place is not None and place.backwards)
    start = _start(connection, place, rising=rising)
    window = (
        and_(order_.c.id > start, order_.c.id <= start + _NEARBY)
        if rising
        else and_(order_.c.id < start, order_.c.id >= start - _NEARBY)
    )
    conditions = [*_ranges(wanted), *_choices(wanted), *_since(since), *_of_status(wanted)]
    conditions += _paid(wanted, today)
    conditions += [window, or_(*ways_to_find(wanted.text)), orders_of(scope)]
    page = _page(connection, wanted, conditions, today=today)
    more = page.before if place is not None and place.backwards else page.after
    return page if more is not None else None


def _start(connection: Connection, place: Place | None, *, rising: bool) -> int:
    """Give the id next to which a page begins."""
    if place is not None:
        return int(place.key)
    if rising:
        return 0
    newest = connection.execute(select(func.max(order_.c.id))).scalar()
    return (newest or 0) + 1


def tally_orders(
    connection: Connection,
    wanted: Wanted,
    *,
    since: date | None = None,
    today: date | None = None,
    scope: Scope,
) -> Tally:
    """Count and add up all orders under a filter, not a page alone; the cost grows with them."""
    revision = order_revision.c
    kind = (order_.c.status, revision.currency, revision.scale)
    priced = revision.price_hash.is_not(None)
    amount = func.sum(case((priced, revision.payable)))
    query = (
        _joined(select(*kind, func.count().label("orders"), amount.label("amount")))
        .where(and_(orders_of(scope), *_conditions(wanted, since, today)))
        .group_by(*kind)
    )
    counts: Counter[Status] = Counter()
    sums: Counter[tuple[Status, str, int]] = Counter()
    for row in connection.execute(query):
        counts[row.status] += row.orders
        if row.amount is not None:
            sums[row.status, row.currency, row.scale] += int(row.amount)
    return Tally(counts, sums)


def count_held(connection: Connection, *, scope: Scope) -> Mapping[str, int]:
    """Count the held orders by why they are held, which is their first reason."""
    code = FirstReason(order_revision.c.reasons).label("code")
    query = (
        select(code, func.count().label("orders"))
        .select_from(order_)
        .join(order_revision, _newest)
        .where(order_.c.status == "held", orders_of(scope))
        .group_by(code)
    )
    held: Counter[str] = Counter()
    for row in connection.execute(query):
        held[row.code or "held_by_staff"] += row.orders
    return held


def list_warehouses(connection: Connection, *, scope: Scope) -> list[tuple[str, str]]:
    """Give the code and the name of each warehouse that orders may be served from."""
    query = (
        select(warehouse.c.code, warehouse.c.name)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .order_by(warehouse.c.code)
    )
    return [(row.code, row.name) for row in connection.execute(query)]


def every_order(connection: Connection, *, scope: Scope) -> Iterator[OrderRow]:
    """Give every order, oldest first."""
    query = _rows().where(orders_of(scope)).order_by(order_.c.id).limit(_GROUP)
    last = 0
    while rows := connection.execute(query.where(order_.c.id > last)).all():
        last = rows[-1].id
        yield from (_row(row) for row in rows)


def _statuses(wanted: Wanted) -> frozenset[Status]:
    """Give the states that a filter shows."""
    shown = frozenset(STATUSES)
    if chosen := wanted.chosen.get("status"):
        shown &= frozenset(cast("tuple[Status, ...]", chosen))
    if public := wanted.chosen.get("public"):
        shown &= frozenset[Status]().union(
            *(statuses_of(cast("PublicStatus", one)) for one in public)
        )
    return shown


def _of_status(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.chosen.keys() & {"status", "public"}:
        yield order_.c.status.in_(sorted(_statuses(wanted)))


def _conditions(
    wanted: Wanted, since: date | None, today: date | None
) -> list[ColumnElement[bool]]:
    """Write the part of the filter that the counts share: all of it but the status."""
    conditions = [*_ranges(wanted), *_choices(wanted), *_since(since), *_paid(wanted, today)]
    if wanted.text:
        bounded = since is not None or wanted.dates("placed")[0] is not None
        conditions.append(or_(*ways_to_find(wanted.text)) if bounded else is_found(wanted.text))
    return conditions


def _since(since: date | None) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield order_.c.business_date >= since


def _paid(wanted: Wanted, today: date | None) -> Iterator[ColumnElement[bool]]:
    if today is not None and (words := wanted.chosen.get("paid")):
        yield payment_word(order_.c.id, today).in_(words)


def _ranges(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    first, last = wanted.dates("placed")
    if first is not None:
        yield order_.c.business_date >= first
    if last is not None:
        yield order_.c.business_date <= last
    least, most = wanted.amounts("payable")
    if least is not None:
        yield order_revision.c.payable >= min(least, _LARGEST)
    if most is not None:
        yield order_revision.c.payable <= min(most, _LARGEST)


def _choices(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    columns = {
        "source": order_.c.source,
        "payment": order_revision.c.payment,
        "warehouse": warehouse.c.code,
    }
    for name, column in columns.items():
        if chosen := wanted.chosen.get(name):
            yield column.in_(chosen)
    if codes := wanted.chosen.get("reason"):
        yield or_(*(_first_reason(code) for code in codes))
    if code := wanted.one("customer_code"):
        coded = select(party.c.id).where(party.c.code == code)
        yield order_.c.customer_id == coded.scalar_subquery()
    if customer := wanted.one("customer"):
        named = select(party.c.id).where(party.c.name.icontains(customer, autoescape=True))
        yield or_(
            func.lower(order_.c.customer_code) == customer.lower(),
            order_.c.customer_id.in_(named),
        )


def _first_reason(code: str) -> ColumnElement[bool]:
    """Compare the kept bytes, which begin with the first reason's code: `[["over_limit",`."""
    begin = f'[["{code}"'.encode()
    return and_(order_revision.c.reasons >= begin + b",", order_revision.c.reasons < begin + b"-")


def _joined(
    query: Select[tuple[object, ...]], *, inner: bool = False
) -> Select[tuple[object, ...]]:
    """Join what the filter and the columns are about; an engine leaves out what is not used."""
    return (
        query.select_from(order_)
        .join(order_revision, _newest, isouter=not inner)
        .outerjoin(warehouse, warehouse.c.id == order_.c.warehouse_id)
        .outerjoin(party, party.c.id == order_.c.customer_id)
    )


def _rows(today: date | None = None) -> Select[tuple[object, ...]]:
    revision = order_revision.c
    paid = literal("") if today is None else payment_word(order_.c.id, today)
    return _joined(
        select(
            order_,
            revision.changed,
            revision.reasons,
            revision.lines,
            revision.payment,
            revision.payable,
            revision.price_hash,
            revision.currency,
            revision.scale,
            party.c.name.label("customer"),
            warehouse.c.code.label("warehouse"),
            paid.label("paid"),
        )
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
        warehouse=row.warehouse,
        payment=row.payment,
        business_date=row.business_date,
        lines=row.lines,
        payable=row.payable if row.price_hash is not None else None,
        currency=row.currency,
        scale=row.scale,
        placed_at=row.placed_at,
        paid=row.paid,
    )


def search_orders(connection: Connection, text: str, *, most: int, scope: Scope) -> list[OrderRow]:
    """Find the newest orders by a number, a customer or whatever else the list is searched for."""
    wanted = Wanted(NEWEST_FIRST, text=text, size=most)
    return list(list_orders(connection, wanted, scope=scope).rows)


def read_rows(connection: Connection, uuids: Sequence[str], *, scope: Scope) -> list[OrderRow]:
    """Read orders by their ids, in the order of the ids; those not for this person are left out."""
    query = _rows().where(order_.c.uuid.in_(uuids), orders_of(scope))
    found = {row.uuid: _row(row) for row in connection.execute(query)}
    return [found[uuid] for uuid in uuids if uuid in found]


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
