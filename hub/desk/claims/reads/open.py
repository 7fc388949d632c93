"""What funders have not been asked for yet, and at what free goods are valued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, false, func, select

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import customer_account
from hub.desk.claims.model import USUAL, VALUE
from hub.desk.claims.tables import scheme_given
from hub.desk.parties.tables import party, setting

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What one funder may be asked for by one seller; below zero more came back than was given.

    `name` is empty where no party with an account has the funder's code.
    """

    funder: str
    name: str
    seller: str
    seller_code: str
    from_day: date
    until_day: date
    rows: int
    amount: int

    @property
    def key(self) -> str:
        """Name the row."""
        return f"{self.seller_code}/{self.funder}"


def list_open(connection: Connection, *, text: str = "", scope: Scope) -> Sequence[OpenRow]:
    """Read what each funder may be asked for, the most first."""
    query = _open(scope)
    if text.strip():
        query = query.where(scheme_given.c.funder.icontains(text.strip(), autoescape=True))
    return [_row(row) for row in connection.execute(query.limit(MOST))]


def _row(row: Any) -> OpenRow:  # noqa: ANN401  # a row of the driver
    values = (*tuple(row)[:6], int(row.rows), int(row.amount))
    return OpenRow(*values)


def read_open(
    connection: Connection, funder: str, until: date, *, seller: str = "", scope: Scope
) -> int:
    """Give what a funder may be asked for of what was given up to a day."""
    table = scheme_given.c
    query = (
        select(func.coalesce(func.sum(table.amount), 0))
        .join(party, party.c.id == table.seller_id)
        .where(table.claim_id.is_(None), table.funder == funder, table.day <= until)
        .where(_claimable(scope))
    )
    if seller:
        query = query.where(party.c.code == seller)
    return int(connection.execute(query).scalar_one())


def count_open(connection: Connection, *, scope: Scope) -> tuple[int, int]:
    """Count the funders that may be asked for something, and add it up."""
    found = _open(scope).subquery()
    query = select(func.count(), func.coalesce(func.sum(found.c.amount), 0))
    count, amount = connection.execute(query.where(found.c.amount > 0)).one()
    return int(count), int(amount)


def read_value(connection: Connection, *, scope: Scope) -> str:
    """Read at what free goods are valued; nobody's scope hides it."""
    del scope
    found = connection.execute(select(setting.c.value).where(setting.c.key == VALUE)).scalar()
    return str(found or USUAL)


def _claimable(scope: Scope) -> ColumnElement[bool]:
    """Say whose rows a person may claim: of sellers all of whose customers the person sees."""
    return false() if scope.narrowed else visible(scope, seller=scheme_given.c.seller_id)


def _open(scope: Scope) -> Select[Any]:
    table, seller, funder = scheme_given.c, party.alias("seller"), party.alias("funder")
    amount = func.sum(table.amount)
    known = select(customer_account.c.customer_id)
    return (
        select(
            table.funder,
            func.coalesce(func.max(funder.c.name), ""),
            *(seller.c.name.label("seller"), seller.c.code.label("seller_code")),
            func.min(table.day).label("from_day"),
            func.max(table.day).label("until_day"),
            *(func.count().label("rows"), amount.label("amount")),
        )
        .join(seller, seller.c.id == table.seller_id)
        .outerjoin(funder, (funder.c.code == table.funder) & funder.c.id.in_(known))
        .where(table.claim_id.is_(None), table.funder != "", _claimable(scope))
        .group_by(table.funder, seller.c.name, seller.c.code)
        .having(func.sum(table.amount) != 0)
        .order_by(amount.desc(), table.funder, seller.c.code)
    )
