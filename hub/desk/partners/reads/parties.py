"""The parties whose partner somebody is, and the shops below them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, select

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import customer_account
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.parties.reads.sellers import sellers_above
from hub.desk.parties.tables import party

_OPEN: Final = ("held", "confirmed", "allocated", "dispatched")


@dataclass(frozen=True, slots=True)
class OwnParty:
    """A party whose partner somebody is; `seller` is the name of whom it buys from."""

    id: int
    code: str
    name: str
    seller: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop below: how many of its orders are open, how many of them held, and what it owes."""

    code: str
    name: str
    open: int
    held: int
    owed: int


def list_own(connection: Connection, *, scope: Scope) -> Sequence[OwnParty]:
    """Read the parties that somebody is a partner of, by name."""
    nodes = sorted(scope.parties | scope.sellers)
    query = (
        select(party.c.id, party.c.code, party.c.name)
        .where(party.c.id.in_(nodes), visible(scope, seller=party.c.id, party=party.c.id))
        .order_by(party.c.name, party.c.id)
    )
    rows = connection.execute(query).all()
    sellers = sellers_above(connection, [row.id for row in rows], scope=scope)
    return [OwnParty(row.id, row.code, row.name, sellers.get(row.id, "")) for row in rows]


def list_shops(
    connection: Connection, own: Collection[int], *, most: int, scope: Scope
) -> Sequence[Shop]:
    """Read the shops below the partner's own parties, those with held orders first."""
    is_open = case((order_.c.status.in_(_OPEN), 1), else_=0)
    is_held = case((order_.c.status == "held", 1), else_=0)
    counts = (
        select(
            order_.c.customer_id,
            func.sum(is_open).label("open"),
            func.sum(is_held).label("held"),
        )
        .where(order_.c.status.in_(_OPEN), orders_of(scope))
        .group_by(order_.c.customer_id)
        .subquery()
    )
    held, opened = func.coalesce(counts.c.held, 0), func.coalesce(counts.c.open, 0)
    query = (
        select(party.c.code, party.c.name, opened, held, customer_account.c.billed)
        .join(customer_account, customer_account.c.customer_id == party.c.id)
        .outerjoin(counts, counts.c.customer_id == party.c.id)
        .where(party.c.id.not_in(sorted(own)))
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(held.desc(), opened.desc(), party.c.name, party.c.id)
        .limit(most)
    )
    return [
        Shop(code, name, int(n), int(stopped), int(owed))
        for code, name, n, stopped, owed in connection.execute(query)
    ]
