"""One document with all that it says: both sides, lines with taxes and batches, what paid it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select

from hub.base.access import Scope
from hub.base.fields import Reason
from hub.desk.accounts.tables import account_allocation, account_document, account_order
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery
from hub.desk.invoices.model.billing import (
    Goods,
    HeadSum,
    InvoiceLine,
    RateSum,
    sum_heads,
    sum_rates,
)
from hub.desk.invoices.model.eway import Trip, missing_of_eway, write_eway
from hub.desk.invoices.model.gst_files import write_inv01
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.reads.registration import Registration, list_trips, read_registration
from hub.desk.invoices.reads.scope import invoices_of, open_amount, state_on
from hub.desk.invoices.tables import invoice, invoice_goods, invoice_line, invoice_tax
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.parties.model.sides import Side
from rules import Minor, Rate, TaxPart, UnitPrice


@dataclass(frozen=True, slots=True)
class PaidBy:
    """Money that pays a document: from which document of the account, how much, since when."""

    kind: str
    number: str
    ref: int | None
    amount: int
    day: date


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """A document as it was issued, with how it stands now.

    `notes` are its credit and debit notes, and of a note those that came with it, each by kind, id
    and number; `orders` the orders that it bills by number, with their addresses' ids. `of` is the
    invoice that a note is of. `deliveries` are the delivery notes that brought its goods.
    """

    row: Mapping[str, Any]
    state: str
    open: int
    seller: Side
    buyer: Side
    lines: tuple[InvoiceLine, ...]
    orders: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, int, str], ...]
    paid_by: tuple[PaidBy, ...]
    of: tuple[int, str, date] | None
    registration: Registration | None = None
    trips: tuple[Trip, ...] = ()
    ship: Side | None = None
    deliveries: tuple[tuple[int, str], ...] = ()

    @property
    def irn(self) -> str:
        """Give the number that the portal of e-invoices knows it by; empty where it has none."""
        return self.registration.irn if self.registration else ""

    def portal_file(self, *, with_trip: bool = False) -> dict[str, Any]:
        """Write it as the portal takes it; `with_trip` has that make an e-way bill, too."""
        of = (self.of[1], self.of[2]) if self.of else None
        one_trip = self.trips[0] if with_trip and len(self.trips) == 1 else None
        return write_inv01(
            self.row,
            seller=self.seller,
            buyer=self.buyer,
            lines=self.lines,
            of=of,
            ship=self.ship,
            trip=one_trip if self.of is None else None,
        )

    def eway_faults(self) -> tuple[Reason, ...]:
        """Tell what an e-way bill of it would lack."""
        return tuple(
            missing_of_eway(
                self.row, seller=self.seller, buyer=self.buyer, ship=self.ship, trips=self.trips
            )
        )

    def eway_file(self) -> dict[str, Any]:
        """Write the e-way bill of its trip; it has exactly one."""
        (trip,) = self.trips
        return write_eway(
            self.row,
            seller=self.seller,
            buyer=self.buyer,
            ship=self.ship,
            lines=self.lines,
            trip=trip,
        )

    @property
    def rates(self) -> tuple[RateSum, ...]:
        """Add the lines up by the rate of their tax; free goods alone come to nothing."""
        return tuple(one for one in sum_rates(self.lines) if one.taxable or one.tax)

    @property
    def heads(self) -> tuple[HeadSum, ...]:
        """Give what its lines come to by head and rate."""
        return sum_heads(self.lines)


def find_invoice(connection: Connection, name: str, *, scope: Scope) -> int | None:
    """Find a document's id by its number, the newest of that number; None where there is none."""
    query = select(invoice.c.id).where(invoice.c.number == name.strip().upper(), invoices_of(scope))
    return connection.execute(query.order_by(invoice.c.id.desc()).limit(1)).scalar()


def read_invoice(
    connection: Connection, row_id: int, *, today: date, scope: Scope
) -> InvoiceDetail | None:
    """Read one document; None where nobody sees one of this id."""
    found = read_issued(connection, row_id, today=today, scope=scope)
    if found is None:
        return None
    return replace(
        found,
        notes=_notes(connection, found.row),
        paid_by=_paid_by(connection, found.row["document_id"]),
        trips=list_trips(connection, row_id, scope=scope),
        deliveries=_deliveries(connection, row_id, scope=scope),
    )


def read_issued(
    connection: Connection, row_id: int, *, today: date, scope: Scope
) -> InvoiceDetail | None:
    """Read what one document says by itself: neither its notes, nor what paid it, nor its trips."""
    query = (
        select(invoice, state_on(today).label("state"), open_amount().label("open"))
        .outerjoin(account_document, account_document.c.id == invoice.c.document_id)
        .where(invoice.c.id == row_id, invoices_of(scope))
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return InvoiceDetail(
        row=dict(row),
        state=row["state"],
        open=int(row["open"]),
        seller=read_side(row["seller"]),
        buyer=read_side(row["buyer"]),
        lines=_lines(connection, row_id),
        orders=_orders(connection, row_id),
        notes=(),
        paid_by=(),
        of=_credited(connection, row["of_id"]),
        registration=read_registration(connection, row_id, scope=scope),
        ship=read_side(row["ship_to"]) if row["ship_to"] else None,
    )


InvoiceRow = tuple[int, str, str, int, str, int]
"""An invoice in short: id, number, state, what it comes to, currency and scale."""


def invoices_of_order(
    connection: Connection, uuid: str, *, today: date, scope: Scope
) -> Sequence[InvoiceRow]:
    """Give the invoices of an order."""
    lines = select(invoice_line.c.invoice_id).join(order_, order_.c.id == invoice_line.c.order_id)
    return _in_short(connection, lines.where(order_.c.uuid == uuid), today=today, scope=scope)


def invoices_of_note(
    connection: Connection, note: int, *, today: date, scope: Scope
) -> Sequence[InvoiceRow]:
    """Give the invoices of what a delivery note brought."""
    goods = select(invoice_goods.c.invoice_id).where(invoice_goods.c.delivery_id == note)
    return _in_short(connection, goods, today=today, scope=scope)


def _in_short(
    connection: Connection, ids: Select[tuple[int]], *, today: date, scope: Scope
) -> Sequence[InvoiceRow]:
    query = (
        select(
            *(invoice.c.id, invoice.c.number, state_on(today), invoice.c.payable),
            *(invoice.c.currency, invoice.c.scale),
        )
        .outerjoin(account_document, account_document.c.id == invoice.c.document_id)
        .where(invoice.c.id.in_(ids), invoices_of(scope))
        .order_by(invoice.c.id)
    )
    return [tuple(row) for row in connection.execute(query)]


def read_order_ref(
    connection: Connection, uuid: str, *, scope: Scope
) -> tuple[int, str, str, bool] | None:
    """Give an order's row id, number and state, and whether all of it is billed."""
    billed = (
        select(func.count())
        .select_from(account_order)
        .join(account_document, account_document.c.id == account_order.c.document_id)
        .where(account_order.c.order_id == order_.c.id, account_order.c.whole)
        .where(account_document.c.voided.is_(None))
        .scalar_subquery()
    )
    query = select(order_.c.id, order_.c.number, order_.c.status, billed)
    row = connection.execute(query.where(order_.c.uuid == uuid, orders_of(scope))).first()
    return (row[0], row[1], row[2], bool(row[3])) if row else None


def _deliveries(
    connection: Connection, row_id: int, *, scope: Scope
) -> tuple[tuple[int, str], ...]:
    goods = select(invoice_goods.c.delivery_id).where(invoice_goods.c.invoice_id == row_id)
    query = select(delivery.c.id, delivery.c.number).where(
        delivery.c.id.in_(goods), deliveries_of(scope)
    )
    return tuple((row.id, row.number) for row in connection.execute(query.order_by(delivery.c.id)))


def _lines(connection: Connection, row_id: int) -> tuple[InvoiceLine, ...]:
    heads: dict[int, list[TaxPart]] = {}
    order = case((invoice_tax.c.head == "CGST", 0), else_=1)
    for row in connection.execute(
        select(invoice_tax)
        .where(invoice_tax.c.invoice_id == row_id)
        .order_by(invoice_tax.c.line, order, invoice_tax.c.head)
    ):
        per_unit = None if row.per_unit is None else UnitPrice(row.per_unit)
        part = TaxPart(row.head, Rate(row.rate), Minor(row.amount), per_unit)
        heads.setdefault(row.line, []).append(part)
    goods: dict[int, list[Goods]] = {}
    for row in connection.execute(
        select(invoice_goods)
        .where(invoice_goods.c.invoice_id == row_id)
        .order_by(invoice_goods.c.line, invoice_goods.c.part)
    ):
        one = Goods(
            row.quantity, row.batch_id, row.batch, row.expiry, row.delivery_id, row.delivery_number
        )
        goods.setdefault(row.line, []).append(one)
    query = select(invoice_line).where(invoice_line.c.invoice_id == row_id)
    return tuple(
        InvoiceLine(
            number=row.line,
            key=(row.order_id, row.free, row.order_line),
            content=row.content,
            product=row.product_id,
            sku=row.sku,
            name=row.name,
            hsn=row.hsn,
            unit=row.unit,
            quantity=row.quantity,
            unit_price=row.unit_price,
            gross=row.gross,
            discount=row.discount,
            net=row.net,
            heads=tuple(heads.get(row.line, ())),
            goods=tuple(goods.get(row.line, ())),
            of_line=row.of_line,
        )
        for row in connection.execute(query.order_by(invoice_line.c.line))
    )


def _orders(connection: Connection, row_id: int) -> tuple[tuple[str, str], ...]:
    query = (
        select(order_.c.number, order_.c.uuid)
        .join(invoice_line, invoice_line.c.order_id == order_.c.id)
        .where(invoice_line.c.invoice_id == row_id)
        .group_by(order_.c.id, order_.c.number, order_.c.uuid)
        .order_by(order_.c.id)
    )
    return tuple((row.number, row.uuid) for row in connection.execute(query))


def _notes(connection: Connection, of: Any) -> tuple[tuple[str, int, str], ...]:  # noqa: ANN401
    """Read the notes of an invoice, or those that a note came with."""
    one, first = invoice.c, of["comes_with"] or of["id"]
    together = or_(one.id == first, one.comes_with == first) & (one.id != of["id"])
    query = select(one.kind, one.id, one.number).order_by(one.id)
    rows = connection.execute(
        query.where(one.of_id == of["id"] if of["of_id"] is None else together)
    )
    return tuple((row.kind, row.id, row.number) for row in rows)


def _credited(connection: Connection, of: int | None) -> tuple[int, str, date] | None:
    if of is None:
        return None
    query = select(invoice.c.id, invoice.c.number, invoice.c.day).where(invoice.c.id == of)
    row = connection.execute(query).one()
    return row.id, row.number, row.day


def _paid_by(connection: Connection, document: int | None) -> tuple[PaidBy, ...]:
    if document is None:
        return ()
    one, part = account_document.c, account_allocation.c
    amount = func.sum(part.amount)
    query = (
        select(one.kind, one.number, one.ref, amount, func.max(part.day))
        .join(account_allocation, part.credit_id == one.id)
        .where(part.debit_id == document)
        .group_by(one.id, one.kind, one.number, one.ref)
        .having(amount != 0)
        .order_by(one.id)
    )
    return tuple(
        PaidBy(kind, number, ref, int(amount), day)
        for kind, number, ref, amount, day in connection.execute(query)
    )
