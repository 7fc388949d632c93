"""Documents of accounts read: what is open of a customer, and its statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import account_document
from hub.desk.parties.tables import party

_D = account_document.c


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A document of which something is open; below zero, to the customer's good."""

    id: int
    kind: str
    number: str
    ref: int | None
    day: date
    due: date | None
    amount: int
    open: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of a statement: what was added to what is owed, and what was owed after it.

    `voided` says that the line takes a document back that counts no more.
    """

    day: date
    kind: str
    number: str
    ref: int | None
    due: date | None
    amount: int
    balance: int
    voided: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened to an account from a day to a day, with what was owed before and after."""

    opening: int
    rows: tuple[StatementRow, ...]

    @property
    def closing(self) -> int:
        """Give what was owed at the end."""
        return self.rows[-1].balance if self.rows else self.opening


def list_open(connection: Connection, code: str, *, scope: Scope) -> Sequence[OpenRow]:
    """Read what is open of a customer, that due first before; money not allocated comes last."""
    left = func.abs(_D.amount) - _D.allocated
    query = (
        _seen(select(_D.id, _D.kind, _D.number, _D.ref, _D.day, _D.due, _D.amount, left), scope)
        .where(party.c.code == code, _D.voided.is_(None), left > 0)
        .order_by(_D.amount < 0, _D.due.is_(None), _D.due, _D.day, _D.id)
    )
    return [
        OpenRow(row, kind, number, ref, day, due, amount, rest if amount > 0 else -rest)
        for row, kind, number, ref, day, due, amount, rest in connection.execute(query)
    ]


def sum_open(connection: Connection, *, today: date, scope: Scope) -> tuple[int, int]:
    """Count the documents that are overdue of all customers that somebody sees, and their sum."""
    query = _seen(select(func.count(), func.coalesce(func.sum(_D.amount - _D.allocated), 0)), scope)
    row = connection.execute(
        query.where(_D.voided.is_(None), _D.allocated < _D.amount, _D.due < today)
    ).one()
    return int(row[0]), int(row[1])


def overdue_total(connection: Connection, code: str, *, today: date, scope: Scope) -> int:
    """Give what is overdue of a customer."""
    late = [one for one in list_open(connection, code, scope=scope) if one.due and one.due < today]
    return sum(one.open for one in late)


def read_statement(
    connection: Connection, code: str, *, first: date, last: date, scope: Scope
) -> Statement:
    """Read what happened to a customer's account from a day to a day, both in it."""
    columns = (_D.day, _D.kind, _D.number, _D.ref, _D.due, _D.amount, _D.voided)
    query = _seen(select(*columns), scope).where(party.c.code == code, _D.day <= last)
    happened: list[tuple[date, bool, Any]] = []
    for row in connection.execute(query.order_by(_D.id)):
        happened.append((row.day, False, row))
        if row.voided is not None and row.voided <= last:
            happened.append((row.voided, True, row))
    happened.sort(key=lambda one: one[0])
    balance, opening, rows = 0, 0, []
    for day, voided, row in happened:
        amount = -row.amount if voided else row.amount
        balance += amount
        if day < first:
            opening = balance
            continue
        rows.append(
            StatementRow(day, row.kind, row.number, row.ref, row.due, amount, balance, voided)
        )
    return Statement(opening, tuple(rows))


def _seen(query: Select[Any], scope: Scope) -> Select[Any]:
    return (
        query.select_from(account_document)
        .join(party, party.c.id == _D.customer_id)
        .where(visible(scope, seller=_D.seller_id, party=_D.customer_id))
    )
