"""The list of returns, and one with its notes and lines."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.deliveries.tables import delivery
from hub.desk.invoices.tables import invoice, invoice_line
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party
from hub.desk.returns.tables import goods_return, goods_return_note

NEWEST: Final = Sorting("number", descending=True)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return of the list; `amount` is what its notes credit, cancelled ones left out."""

    id: int
    number: str
    customer: str
    customer_code: str
    day: date
    why: str
    delivery: int | None
    delivery_number: str
    made_by: str
    made_at: int
    notes: int
    amount: int


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line of a note of a return, with the invoice that it is of; below zero on a debit note."""

    note: int
    note_number: str
    invoice: int
    invoice_number: str
    cancelled: bool
    sku: str
    name: str
    free: bool
    quantity: int
    total: int
    currency: str
    scale: int
    note_kind: str
    line: int


@dataclass(frozen=True, slots=True)
class ReturnDetail:
    """One return with its lines."""

    row: ReturnRow
    lines: tuple[ReturnedLine, ...]


def returns_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a return: its seller's or its customer's."""
    return visible(scope, seller=goods_return.c.seller_id, party=goods_return.c.customer_id)


def list_returns(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[ReturnRow]:
    """Read one page of the returns that somebody sees."""
    sorts = {
        "number": goods_return.c.id,
        "customer": party.c.name,
        "day": goods_return.c.day,
    }
    query = _filtered(wanted, scope)
    return page_of(connection, query, wanted, sorts=sorts, key=goods_return.c.id, make=_row)


def count_returns(connection: Connection, wanted: Wanted, *, scope: Scope) -> int:
    """Count the returns that a filter shows."""
    shown = _filtered(wanted, scope).subquery()
    return int(connection.execute(select(func.count()).select_from(shown)).scalar_one())


def _filtered(wanted: Wanted, scope: Scope) -> Select[Any]:
    query = _rows(scope)
    if text := wanted.text.strip():
        query = query.where(
            or_(
                goods_return.c.number.icontains(text, autoescape=True),
                goods_return.c.customer_id.in_(customers_with(text)),
            )
        )
    first, last = wanted.dates("day")
    if first is not None:
        query = query.where(goods_return.c.day >= first)
    if last is not None:
        query = query.where(goods_return.c.day <= last)
    return query


def read_return(connection: Connection, row_id: int, *, scope: Scope) -> ReturnDetail | None:
    """Read one return; None where nobody sees one of this id."""
    row = connection.execute(_rows(scope).where(goods_return.c.id == row_id)).first()
    if row is None:
        return None
    note, of, line = invoice.alias("note"), invoice.alias("of"), invoice_line.c
    query = (
        select(
            *(note.c.id, note.c.number, of.c.id, of.c.number, note.c.cancelled_day.is_not(None)),
            *(line.sku, line.name, line.free, line.quantity, _signed(note, line.total)),
            *(note.c.currency, note.c.scale, note.c.kind, line.line),
        )
        .join(goods_return_note, goods_return_note.c.invoice_id == _first(note))
        .join(of, of.c.id == note.c.of_id)
        .join(invoice_line, line.invoice_id == note.c.id)
        .where(goods_return_note.c.return_id == row_id)
        .order_by(note.c.id, line.line)
    )
    lines = tuple(ReturnedLine(*tuple(one)) for one in connection.execute(query))
    return ReturnDetail(_row(row), lines)


def _rows(scope: Scope) -> Select[Any]:
    one = goods_return.c
    own = (
        select(goods_return_note.c.invoice_id)
        .where(goods_return_note.c.return_id == one.id)
        .correlate(goods_return)
    )
    live = _first(invoice).in_(own) & invoice.c.cancelled_day.is_(None)
    count = select(func.count()).select_from(invoice).where(live).scalar_subquery()
    amount = (
        select(func.coalesce(func.sum(_signed(invoice, invoice.c.payable)), 0))
        .where(live)
        .scalar_subquery()
    )
    return (
        select(
            *(one.id, one.number, party.c.name, party.c.code, one.day, one.why, one.delivery_id),
            *(
                func.coalesce(delivery.c.number, "").label("delivery_number"),
                one.made_by,
                one.made_at,
                count.label("notes"),
                amount.label("amount"),
            ),
        )
        .join(party, party.c.id == one.customer_id)
        .outerjoin(delivery, delivery.c.id == one.delivery_id)
        .where(returns_of(scope))
    )


def _first(note: Any) -> ColumnElement[int]:  # noqa: ANN401  # a table or its alias
    """Give the credit note of goods that a note came with: itself, where it came alone."""
    return func.coalesce(note.c.comes_with, note.c.id)


def _signed(note: Any, amount: Any) -> ColumnElement[int]:  # noqa: ANN401  # a table, a column
    return case((note.c.kind == "debit_note", -amount), else_=amount)


def _row(row: Any) -> ReturnRow:  # noqa: ANN401  # a row of the driver
    values = (*tuple(row)[:10], int(row.notes), int(row.amount))
    return ReturnRow(*values)
