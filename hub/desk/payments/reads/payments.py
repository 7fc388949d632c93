"""The list of payments, which is each day's collection, and one payment with what it pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Text, case, cast, func, or_, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.accounts.tables import account_allocation, account_document
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party, setting
from hub.desk.payments.model import LIMIT, UP_TO, USUAL
from hub.desk.payments.tables import payment

NEWEST: Final = Sorting("number", descending=True)
_GONE: Final = ("bounced", "voided")
"""States of money that never came, or came back."""
_LEFT: Final = func.abs(account_document.c.amount) - account_document.c.allocated


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment of the list; `left` is what of it pays nothing yet.

    Of money that never came, came back or was given back, nothing is left.
    """

    id: int
    number: str
    kind: str
    customer: str
    customer_code: str
    mode: str
    state: str
    amount: int
    left: int
    reference: str
    collector: str
    place: str
    paid_on: date
    day: date


@dataclass(frozen=True, slots=True)
class Paid:
    """A document that a payment pays, or that pays a refund, and how much of it."""

    kind: str
    number: str
    ref: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """One payment with what it pays, and what is open that it could pay.

    `settled_why` says why it was voided or bounced; `owed` is what of a money-back the customer
    owes again, because the cheque that it was given out of bounced.
    """

    row: PaymentRow
    document: int
    note: str
    made_by: str
    made_at: int
    settled_day: date | None
    settled_by: str | None
    settled_why: str | None
    seller_id: int
    owed: int
    paid: tuple[Paid, ...]
    debits: tuple[tuple[int, str, str, date | None, int], ...]


def payments_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a payment: its seller's or its customer's."""
    return visible(scope, seller=payment.c.seller_id, party=payment.c.customer_id)


def list_payments(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[PaymentRow]:
    """Read one page of the payments that somebody sees."""
    return page_of(
        connection,
        _filtered(select(*_row()), wanted, scope=scope),
        wanted,
        sorts={
            "number": payment.c.id,
            "customer": party.c.name,
            "day": payment.c.day,
            "amount": payment.c.amount,
            "collector": payment.c.collector,
        },
        key=payment.c.id,
        make=lambda row: PaymentRow(*row[:14]),
    )


def tally_payments(
    connection: Connection, wanted: Wanted, *, scope: Scope
) -> tuple[Mapping[str, int], int, int]:
    """Count payments by state, and give how many and what is taken under the whole filter.

    What went back or was given up is no money that came, and a bounced cheque is none.
    """
    chosen = {name: one for name, one in wanted.chosen.items() if name != "state"}
    plain = Wanted(wanted.sort, wanted.text, chosen)
    grouped: Select[Any] = select(payment.c.state, func.count())
    query = _filtered(grouped, plain, scope=scope).group_by(payment.c.state)
    counts = {state: int(count) for state, count in connection.execute(query)}
    sums: Select[Any] = select(func.count())
    count = connection.execute(_filtered(sums, wanted, scope=scope)).scalar_one()
    money: Select[Any] = select(func.coalesce(func.sum(payment.c.amount), 0))
    came = _filtered(money, wanted, scope=scope).where(
        payment.c.kind == "payment", payment.c.state.not_in(_GONE)
    )
    return counts, int(count), int(connection.execute(came).scalar_one())


def count_waiting(connection: Connection, *, scope: Scope) -> int:
    """Count the cheques that are not cleared yet."""
    query = select(func.count()).where(
        payment.c.state.in_(("received", "clearing")), payments_of(scope)
    )
    return int(connection.execute(query).scalar_one())


def find_payment(connection: Connection, name: str, *, scope: Scope) -> int | None:
    """Find a payment's id by its number, the newest of that number; None where there is none."""
    query = select(payment.c.id).where(payment.c.number == name.strip().upper(), payments_of(scope))
    return connection.execute(query.order_by(payment.c.id.desc()).limit(1)).scalar()


def read_most(connection: Connection, *, scope: Scope) -> int:
    """Read up to which rest may be written off; nobody's scope hides it."""
    del scope
    found = connection.execute(select(setting.c.value).where(setting.c.key == UP_TO)).scalar()
    return int(found or USUAL)


def read_limit_changes(connection: Connection, *, scope: Scope) -> Sequence[history.Entry]:
    """Read who set that amount to what, the oldest change first."""
    del scope
    return history.read(connection, *LIMIT)


def read_payment_record(
    connection: Connection, row_id: int, *, scope: Scope
) -> PaymentDetail | None:
    """Read one payment; None where nobody sees one of this id."""
    table = payment.c
    more = (table.document_id, table.note, table.made_by, table.made_at, table.settled_day)
    query = _filtered(
        select(*_row(), *more, table.settled_by, _why_settled(), table.seller_id, _owed()),
        Wanted(NEWEST),
        scope=scope,
    )
    row = connection.execute(query.where(table.id == row_id)).first()
    if row is None:
        return None
    one = PaymentRow(*row[:14])
    document = int(row[14])
    debits = _debits(connection, one.customer_code, scope=scope) if one.left else ()
    note, made_by, made_at, settled_day, settled_by, settled_why, seller_id, owed = row[15:23]
    return PaymentDetail(
        row=one,
        document=document,
        note=note,
        made_by=made_by,
        made_at=made_at,
        settled_day=settled_day,
        settled_by=settled_by,
        settled_why=settled_why,
        seller_id=seller_id,
        owed=int(owed),
        paid=_paid(connection, document),
        debits=debits,
    )


def _debits(
    connection: Connection, code: str, *, scope: Scope
) -> tuple[tuple[int, str, str, date | None, int], ...]:
    one = account_document.c
    left = one.amount - one.allocated
    query = (
        select(one.id, one.kind, one.number, one.due, left)
        .join(party, party.c.id == one.customer_id)
        .where(party.c.code == code, one.voided.is_(None), left > 0)
        .where(visible(scope, seller=one.seller_id, party=one.customer_id))
        .order_by(one.due.is_(None), one.due, one.id)
    )
    return tuple(
        (document, kind, number, due, int(rest))
        for document, kind, number, due, rest in connection.execute(query)
    )


def _paid(connection: Connection, document: int) -> tuple[Paid, ...]:
    one, part = account_document.c, account_allocation.c
    amount = func.sum(part.amount)
    other = or_(
        (part.credit_id == document) & (part.debit_id == one.id),
        (part.debit_id == document) & (part.credit_id == one.id),
    )
    query = (
        select(one.kind, one.number, one.ref, amount)
        .join(account_allocation, other)
        .group_by(one.id, one.kind, one.number, one.ref)
        .having(amount != 0)
        .order_by(one.id)
    )
    return tuple(
        Paid(kind, number, ref, int(total))
        for kind, number, ref, total in connection.execute(query)
    )


def payments_of_document(
    connection: Connection, document: int, *, scope: Scope
) -> Sequence[tuple[int, str, str]]:
    """Read which payments pay a document of the account: row id, kind, number, the first first."""
    table, part = payment.c, account_allocation.c
    query = (
        select(table.id, table.kind, table.number)
        .join(account_allocation, part.credit_id == table.document_id)
        .where(part.debit_id == document, payments_of(scope))
        .group_by(table.id, table.kind, table.number)
        .having(func.sum(part.amount) != 0)
        .order_by(table.id)
    )
    return [(row_id, kind, number) for row_id, kind, number in connection.execute(query)]


def _why_settled() -> ColumnElement[str | None]:
    """Read why a payment was voided or, as the bank said and its history keeps, bounced."""
    written, table = history.history.c, payment.c
    bounced = (
        select(written.why)
        .where(written.noun == "payment", written.ref == cast(table.id, Text), written.why != "")
        .where(table.state == "bounced", written.field == "state")
        .order_by(written.id.desc())
        .limit(1)
    )
    return func.coalesce(table.settled_why, bounced.scalar_subquery())


def _owed() -> ColumnElement[int]:
    table = payment.c
    return case(((table.kind == "refund") & table.state.not_in(_GONE), _LEFT), else_=0)


def _row() -> tuple[Any, ...]:
    table = payment.c
    left = case(((table.kind == "payment") & table.state.not_in(_GONE), _LEFT), else_=0)
    return (
        *(table.id, table.number, table.kind, party.c.name.label("customer"), party.c.code),
        *(table.mode, table.state, table.amount, left.label("left"), table.reference),
        *(table.collector, table.place, table.paid_on, table.day),
    )


def _filtered(query: Select[Any], wanted: Wanted, *, scope: Scope) -> Select[Any]:
    table = payment.c
    query = (
        query.select_from(payment)
        .join(party, party.c.id == table.customer_id)
        .join(account_document, account_document.c.id == table.document_id)
        .where(payments_of(scope))
    )
    if text := wanted.text.strip():
        query = query.where(
            or_(
                table.number.icontains(text, autoescape=True),
                table.reference.icontains(text, autoescape=True),
                table.customer_id.in_(customers_with(text)),
            )
        )
    columns = {"state": table.state, "mode": table.mode, "kind": table.kind}
    for name, column in columns.items():
        if chosen := wanted.chosen.get(name):
            query = query.where(column.in_(chosen))
    if collector := wanted.one("collector"):
        query = query.where(func.lower(table.collector) == collector.lower())
    if code := wanted.one("customer"):
        query = query.where(or_(party.c.code == code, party.c.name.icontains(code)))
    if wanted.one("left"):
        query = query.where(_LEFT > 0, table.kind == "payment", table.state.not_in(_GONE))
    first, last = wanted.dates("day")
    if first is not None:
        query = query.where(table.day >= first)
    if last is not None:
        query = query.where(table.day <= last)
    return query
