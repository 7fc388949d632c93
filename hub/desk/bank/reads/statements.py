"""The list of statements, and one with what is found of each of its rows by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
)

from hub.base import history
from hub.base.access import Scope, visible
from hub.desk.accounts.tables import account_document
from hub.desk.bank.model.matching import Books, Match, Owing, Paid
from hub.desk.bank.tables import bank_row, bank_statement
from hub.desk.parties.tables import party
from hub.desk.payments.tables import payment


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of the list, with how many rows of it are still open.

    Of money that went out, these are the rows of the amount of a cheque, which may have come back.
    """

    id: int
    file: str
    first_day: date
    last_day: date
    made_by: str
    made_at: int
    known: int
    seller: str
    rows: int
    open: int


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row as a person sees it: what it says, what became of it, or whose it may be."""

    id: int
    line: int
    day: date
    amount: int
    reference: str
    narration: str
    state: str
    payment: int | None
    payment_number: str
    customer: str
    why: str
    match: Match

    @property
    def look(self) -> str:
        """Give the word of how it stands."""
        return self.match.found if self.state == "open" else self.state


@dataclass(frozen=True, slots=True)
class StatementDetail:
    """One statement with its rows."""

    head: StatementRow
    rows: tuple[RowShown, ...]


def list_statements(
    connection: Connection, *, scope: Scope, most: int = 100
) -> Sequence[StatementRow]:
    """Read the newest statements."""
    query = _heads(scope).order_by(bank_statement.c.id.desc()).limit(most)
    return [StatementRow(*tuple(row)) for row in connection.execute(query)]


def find_rows(connection: Connection, statement: int, *, scope: Scope) -> frozenset[int] | None:
    """Read which rows a statement has; None where nobody sees one of this id."""
    head = connection.execute(_heads(scope).where(bank_statement.c.id == statement)).first()
    if head is None:
        return None
    query = select(bank_row.c.id).where(bank_row.c.statement_id == statement)
    return frozenset(connection.execute(query).scalars())


def read_statement(
    connection: Connection,
    statement: int,
    *,
    skip: int = 0,
    most: int | None = None,
    scope: Scope,
) -> StatementDetail | None:
    """Read one statement, or a part of its rows; None where nobody sees one of this id."""
    head = connection.execute(_heads(scope).where(bank_statement.c.id == statement)).first()
    if head is None:
        return None
    one = bank_row.c
    query = (
        select(
            *(one.id, one.line, one.day, one.amount, one.reference, one.narration, one.state),
            *(payment.c.id.label("payment"), func.coalesce(payment.c.number, "").label("number")),
            func.coalesce(party.c.name, "").label("name"),
            func.coalesce(_why_left().scalar_subquery(), "").label("why"),
        )
        .outerjoin(payment, payment.c.id == func.coalesce(one.payment_id, one.returned_id))
        .outerjoin(party, party.c.id == payment.c.customer_id)
        .where(one.statement_id == statement)
        .order_by(one.line)
        .offset(skip)
        .limit(most)
    )
    rows = connection.execute(query).all()
    amounts = {abs(row.amount) for row in rows if row.state == "open"}
    books = _read_books(connection, amounts, scope)
    return StatementDetail(
        StatementRow(*tuple(head)), tuple(_shown(tuple(row), books) for row in rows)
    )


def _shown(row: tuple[Any, ...], books: Books) -> RowShown:
    """Show a row; one that is open with whose money it may be."""
    _, _, _, amount, reference, narration, state, *_ = row
    match = books.match(amount, reference, narration) if state == "open" else Match("unknown")
    return RowShown(*(*row, match))


def _why_left() -> Select[tuple[str]]:
    """Read why a row that is left out was, as it was written last."""
    written = history.history.c
    return (
        select(written.why)
        .where(written.noun == "bank_row", written.ref == cast(bank_row.c.id, Text))
        .where(bank_row.c.state == "left")
        .order_by(written.id.desc())
        .limit(1)
    )


def _heads(scope: Scope) -> Any:  # noqa: ANN401 -- a query
    one = bank_statement.c
    rows = select(func.count()).where(bank_row.c.statement_id == one.id)
    cheques = select(payment.c.seller_id, -payment.c.amount).where(
        payment.c.mode == "cheque",
        payment.c.kind == "payment",
        payment.c.state.not_in(("bounced", "voided")),
    )
    may_return = tuple_(bank_row.c.seller_id, bank_row.c.amount).in_(cheques)
    is_open = (bank_row.c.state == "open") & or_((bank_row.c.amount > 0), may_return)
    return select(
        *(one.id, one.file, one.first_day, one.last_day, one.made_by, one.made_at, one.known),
        select(party.c.name).where(party.c.id == one.seller_id).scalar_subquery().label("seller"),
        rows.scalar_subquery().label("rows"),
        rows.where(is_open).scalar_subquery().label("open"),
    ).where(visible(scope, seller=one.seller_id))


def _read_books(connection: Connection, amounts: set[int], scope: Scope) -> Books:
    """Read what open rows are held against: all that is open, and payments of their amounts."""
    document = account_document.c
    seen: ColumnElement[bool] = visible(
        scope, seller=document.seller_id, party=document.customer_id
    )
    owing = (
        select(party.c.code, party.c.name, document.id, document.number)
        .add_columns(document.amount - document.allocated)
        .join(party, party.c.id == document.customer_id)
        .where(document.voided.is_(None), document.allocated < document.amount, seen)
        .where(document.kind.in_(("invoice", "opening")))
        .order_by(document.id)
    )
    one = payment.c
    waits = case((one.state.in_(("received", "clearing")), 1), else_=0)
    is_cheque = case((one.mode == "cheque", 1), else_=0)
    is_booked = case((bank_row.c.id.is_not(None), 1), else_=0)
    paid = (
        select(one.id, one.number, party.c.code, party.c.name, one.amount, one.reference_key)
        .add_columns(waits, is_cheque, is_booked)
        .join(party, party.c.id == one.customer_id)
        .outerjoin(bank_row, bank_row.c.payment_id == one.id)
        .where(one.kind == "payment", one.amount.in_(sorted(amounts)))
        .where(or_(bank_row.c.id.is_(None), one.mode == "cheque"))
        .where(one.mode.in_(("upi", "bank", "cheque")))
        .where(one.state.not_in(("bounced", "voided")))
        .where(visible(scope, seller=one.seller_id, party=one.customer_id))
        .order_by(one.id)
    )
    by_amount: dict[int, list[Paid]] = {}
    for row in connection.execute(paid) if amounts else ():
        flags = (bool(one) for one in row[6:])
        by_amount.setdefault(row.amount, []).append(Paid(*row[:6], *flags))
    customers = select(party.c.code, party.c.name).where(
        ~party.c.sells, visible(scope, seller=party.c.id, party=party.c.id)
    )
    return Books(
        [Owing(*tuple(row)) for row in connection.execute(owing)],
        by_amount,
        {row.code: row.name for row in connection.execute(customers)},
    )
