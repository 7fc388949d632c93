"""Who sells, and whom a party buys from: the nearest party above it that sells."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from hub.base.access import Scope, concerning, has_sellers, visible
from hub.desk.parties.model.customers import ROLES, Role
from hub.desk.parties.tables import party, party_closure


def list_sellers(connection: Connection, *, scope: Scope) -> Sequence[tuple[str, str]]:
    """Give the code and the name of each seller that somebody sees, the company first."""
    query = (
        select(party.c.code, party.c.name)
        .where(party.c.sells, concerning(scope, seller=party.c.id))
        .order_by(party.c.parent_id.is_not(None), party.c.code)
    )
    return [(row.code, row.name) for row in connection.execute(query)]


def sellers_above(
    connection: Connection, parties: Collection[int], *, scope: Scope
) -> Mapping[int, str]:
    """Give the name of the seller of each party that somebody sees, by the parties' row ids."""
    seller, here = party.alias("seller"), party_closure.c
    query = (
        select(here.descendant_id, seller.c.name)
        .join(seller, seller.c.id == here.ancestor_id)
        .join(party, party.c.id == here.descendant_id)
        .where(here.descendant_id.in_(sorted(parties)), seller.c.sells, here.depth > 0)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(here.depth.desc())  # the nearest is the last, and stays
    )
    return {row.descendant_id: row.name for row in connection.execute(query)}


def seller_name(connection: Connection, customer: str, *, scope: Scope) -> str:
    """Give the name of whom a customer buys from; empty where nobody sees the customer."""
    code = select(party.c.id).where(party.c.code == customer)
    ids = connection.execute(code).scalars().all()
    return next(iter(sellers_above(connection, ids, scope=scope).values()), "")


def list_roles(connection: Connection, *, scope: Scope) -> Sequence[Role]:
    """Give the roles in which a customer is served: by a seller where the company is not alone."""
    sellers = has_sellers(connection, scope=scope)
    return [role for role in ROLES if sellers or role != "seller"]
