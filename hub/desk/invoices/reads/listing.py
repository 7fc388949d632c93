"""The list of invoices and credit notes, and of orders that are to be billed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from hub.base.access import Scope
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.accounts.tables import account_document, account_order
from hub.desk.deliveries.model.life import OUTCOMES
from hub.desk.deliveries.tables import delivery, delivery_line
from hub.desk.invoices.reads.registration import at_portal
from hub.desk.invoices.reads.scope import invoices_of, open_amount, state_on
from hub.desk.invoices.tables import einvoice, invoice
from hub.desk.orders.model.life import Status
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party

NEWEST: Final = Sorting("number", descending=True)
OLDEST_ORDER: Final = Sorting("date")
_BILLABLE: Final = ("confirmed", "allocated", "dispatched", "delivered")


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One document of the list."""

    id: int
    number: str
    kind: str
    day: date
    due: date | None
    customer: str
    customer_code: str
    payable: int
    open: int
    currency: str
    scale: int
    state: str
    at_portal: str | None


@dataclass(frozen=True, slots=True)
class ToBillRow:
    """An order of which something is to be billed; `delivered` are units that a note brought."""

    uuid: str
    number: str
    customer: str
    customer_code: str
    status: Status
    day: date
    payable: int
    currency: str
    scale: int
    delivered: int


def list_invoices(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[InvoiceRow]:
    """Read one page of the documents that somebody sees."""
    state = state_on(today)
    columns = (
        *(invoice.c.id, invoice.c.number, invoice.c.kind, invoice.c.day, invoice.c.due),
        party.c.name.label("customer"),
        party.c.code.label("customer_code"),
        invoice.c.payable,
        open_amount().label("open"),
        *(invoice.c.currency, invoice.c.scale, state.label("state")),
        at_portal().label("at_portal"),
    )
    return page_of(
        connection,
        _filtered(select(*columns), wanted, today=today, scope=scope),
        wanted,
        sorts={
            "number": invoice.c.id,
            "customer": party.c.name,
            "day": invoice.c.day,
            "payable": invoice.c.payable,
            "open": open_amount(),
        },
        key=invoice.c.id,
        make=lambda row: InvoiceRow(*row[:13]),
    )


def list_issued(
    connection: Connection,
    *,
    numbers: Collection[str] = (),
    first: date | None = None,
    last: date | None = None,
    scope: Scope,
) -> Sequence[int]:
    """Give the ids of documents that were issued in some days, or have one of these numbers."""
    query = select(invoice.c.id).where(invoices_of(scope))
    if numbers:
        query = query.where(invoice.c.number.in_(sorted(numbers)))
    if first is not None:
        query = query.where(invoice.c.day >= first)
    if last is not None:
        query = query.where(invoice.c.day <= last)
    return list(connection.execute(query.order_by(invoice.c.id)).scalars())


def list_ids(connection: Connection, wanted: Wanted, *, today: date, scope: Scope) -> Sequence[int]:
    """Give the ids of all documents of a list under its filter, the oldest first."""
    query = _filtered(select(invoice.c.id), wanted, today=today, scope=scope)
    return list(connection.execute(query.order_by(invoice.c.id)).scalars())


def tally_invoices(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> tuple[Mapping[str, int], int, int]:
    """Count documents by state, and give how many and how much is open under the whole filter."""
    chosen = {name: one for name, one in wanted.chosen.items() if name != "state"}
    plain = Wanted(wanted.sort, wanted.text, chosen)
    state = state_on(today)
    query = _filtered(select(state.label("state"), func.count()), plain, today=today, scope=scope)
    counts = {one: int(n) for one, n in connection.execute(query.group_by(state))}
    sums = select(func.count(), func.coalesce(func.sum(open_amount()), 0))
    count, total = connection.execute(
        _filtered(cast("Select[Any]", sums), wanted, today=today, scope=scope)
    ).one()
    return counts, int(count), int(total)


def _filtered(query: Select[Any], wanted: Wanted, *, today: date, scope: Scope) -> Select[Any]:
    query = (
        query.select_from(invoice)
        .join(party, party.c.id == invoice.c.customer_id)
        .outerjoin(account_document, account_document.c.id == invoice.c.document_id)
        .outerjoin(einvoice, einvoice.c.invoice_id == invoice.c.id)
        .where(invoices_of(scope))
    )
    if stands := wanted.chosen.get("at_portal"):
        query = query.where(at_portal().in_(stands))
    if text := wanted.text.strip():
        query = query.where(
            or_(
                invoice.c.number.icontains(text, autoescape=True),
                invoice.c.customer_id.in_(customers_with(text)),
            )
        )
    if states := wanted.chosen.get("state"):
        query = query.where(state_on(today).in_(states))
    if kinds := wanted.chosen.get("kind"):
        query = query.where(invoice.c.kind.in_(kinds))
    if code := wanted.one("customer"):
        query = query.where(or_(party.c.code == code, party.c.name.icontains(code)))
    for (first, last), column in (
        (wanted.dates("day"), invoice.c.day),
        (wanted.dates("due"), invoice.c.due),
    ):
        if first is not None:
            query = query.where(column >= first)
        if last is not None:
            query = query.where(column <= last)
    return query


def list_to_bill(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[ToBillRow]:
    """Read one page of the orders of which something is to be billed."""
    return page_of(
        connection,
        _to_bill(select(*_to_bill_columns()), wanted, scope=scope),
        wanted,
        sorts={"date": order_.c.business_date, "customer": party.c.name},
        key=order_.c.id,
        make=lambda row: ToBillRow(*row[:10]),
    )


def read_to_bill_rows(
    connection: Connection, uuids: Collection[str], *, scope: Scope
) -> Sequence[ToBillRow]:
    """Read those of some orders of which something is to be billed."""
    query = _to_bill(select(*_to_bill_columns()), Wanted(OLDEST_ORDER), scope=scope)
    rows = connection.execute(query.where(order_.c.uuid.in_(sorted(uuids))))
    return [ToBillRow(*row) for row in rows]


def count_to_bill(connection: Connection, wanted: Wanted, *, scope: Scope) -> int:
    """Count the orders of which something is to be billed, under a filter."""
    query = _to_bill(select(func.count()), wanted, scope=scope)
    return int(connection.execute(query).scalar_one())


def tally_to_bill(connection: Connection, wanted: Wanted, *, scope: Scope) -> tuple[int, int]:
    """Count them, and add up what they come to, delivered or not."""
    sums = select(func.count(), func.coalesce(func.sum(order_revision.c.payable), 0))
    query = _to_bill(cast("Select[Any]", sums), wanted, scope=scope)
    count, total = connection.execute(query).one()
    return int(count), int(total)


def _to_bill_columns() -> tuple[ColumnElement[Any], ...]:
    return (
        *(order_.c.uuid, order_.c.number, party.c.name, party.c.code, order_.c.status),
        *(order_.c.business_date, order_revision.c.payable, order_revision.c.currency),
        *(order_revision.c.scale, func.coalesce(_delivered(), 0)),
    )


def _delivered() -> Any:  # noqa: ANN401 -- a scalar subquery of counts
    line = delivery_line.c
    return (
        select(func.sum(line.delivered - line.billed))
        .join(delivery, delivery.c.id == line.delivery_id)
        .where(delivery.c.order_id == order_.c.id, delivery.c.state.in_(OUTCOMES))
        .scalar_subquery()
    )


def _to_bill(query: Select[Any], wanted: Wanted, *, scope: Scope) -> Select[Any]:
    whole = exists().where(
        account_order.c.order_id == order_.c.id,
        account_order.c.whole,
        account_document.c.id == account_order.c.document_id,
        account_document.c.voided.is_(None),
    )
    newest = and_(
        order_revision.c.order_id == order_.c.id, order_revision.c.revision == order_.c.revision
    )
    query = (
        query.select_from(order_)
        .join(order_revision, newest)
        .join(party, party.c.id == order_.c.customer_id)
        .where(order_.c.status.in_(_BILLABLE), ~whole, orders_of(scope))
    )
    ready = wanted.chosen.get("ready", ())
    if ready == ("delivered",):
        taken = func.coalesce(_delivered(), 0) > 0
        query = query.where(or_(order_.c.status == "delivered", taken))
    if ready == ("before",):
        query = query.where(order_.c.status.in_(("confirmed", "allocated")))
    if text := wanted.text.strip():
        found = order_.c.number.icontains(text, autoescape=True)
        query = query.where(or_(found, order_.c.customer_id.in_(customers_with(text))))
    return query
