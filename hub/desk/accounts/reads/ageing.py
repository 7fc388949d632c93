"""How old what customers owe was on any day of the past: asked later, it is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from hub.base.access import Scope, visible
from hub.desk.accounts.model import Ages, Basis, OpenDocument
from hub.desk.accounts.tables import account_allocation, account_document
from hub.desk.parties.tables import party

_D = account_document.c
_A = account_allocation.c


@dataclass(frozen=True, slots=True)
class CustomerAges:
    """A customer with what it owed on a day, by age."""

    code: str
    name: str
    ages: Ages


def read_ageing(
    connection: Connection, *, on: date, basis: Basis, scope: Scope
) -> Sequence[CustomerAges]:
    """Read what every customer that somebody sees owed on a day; who owed nothing is left out."""
    return _read(connection, on=on, basis=basis, scope=scope, code=None)


def read_ages(connection: Connection, code: str, *, on: date, basis: Basis, scope: Scope) -> Ages:
    """Read what one customer owed on a day, by age."""
    found = _read(connection, on=on, basis=basis, scope=scope, code=code)
    return found[0].ages if found else Ages()


def _read(
    connection: Connection, *, on: date, basis: Basis, scope: Scope, code: str | None
) -> Sequence[CustomerAges]:
    paid = (
        select(func.coalesce(func.sum(_A.amount), 0))
        .where(or_(_A.credit_id == _D.id, _A.debit_id == _D.id), _A.day <= on)
        .scalar_subquery()
    )
    left = case((_D.amount > 0, _D.amount - paid), else_=_D.amount + paid)
    query: Any = (
        select(party.c.code, party.c.name, _D.kind, _D.day, _D.due, left.label("open"))
        .select_from(account_document)
        .join(party, party.c.id == _D.customer_id)
        .where(visible(scope, seller=_D.seller_id, party=_D.customer_id))
        .where(_D.day <= on, or_(_D.voided.is_(None), _D.voided > on))
        .order_by(party.c.name, party.c.code, _D.id)
    )
    if code is not None:
        query = query.where(party.c.code == code)
    found: dict[str, CustomerAges] = {}
    for row in connection.execute(query):
        one = found.get(row.code) or CustomerAges(row.code, row.name, Ages())
        document = OpenDocument(row.kind, row.day, row.due, int(row.open))
        if document.open:
            ages = one.ages.with_open(document, on=on, basis=basis)
            one = CustomerAges(row.code, row.name, ages)
        found[row.code] = one
    return [one for one in found.values() if one.ages != Ages()]
