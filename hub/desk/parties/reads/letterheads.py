"""What a seller's documents say of the seller, for every document that the seller sends."""

from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.parties.model.sides import Side
from hub.desk.parties.tables import letterhead, party, party_closure

LETTERHEAD: Final = (
    *("name", "gstin", "address", "city", "pin", "state", "phone", "email", "bank", "note"),
)
"""The fields of a letterhead."""


def read_letterhead(connection: Connection, seller: int, *, scope: Scope) -> Side:
    """Read a seller, by row id, as its documents name it; whoever sees a document sees whose it is.

    Without a letterhead it is the seller's name alone.
    """
    del scope
    table = letterhead.c
    query = (
        select(party.c.code, party.c.name, *(table[one].label(f"own_{one}") for one in LETTERHEAD))
        .outerjoin(letterhead, table.seller_id == party.c.id)
        .where(party.c.id == seller)
    )
    row = connection.execute(query).mappings().one()
    said = {one: row[f"own_{one}"] for one in LETTERHEAD if row[f"own_{one}"]}
    return Side(**{"code": row["code"], "name": row["name"], **said})


def letterhead_above(connection: Connection, customer: str, *, scope: Scope) -> Side | None:
    """Read whom a customer buys from, as documents name it; None where nobody sees the customer."""
    seller, here = party.alias("seller"), party_closure.c
    query = (
        select(seller.c.id)
        .join(party_closure, here.ancestor_id == seller.c.id)
        .join(party, party.c.id == here.descendant_id)
        .where(party.c.code == customer, seller.c.sells, here.depth > 0)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(here.depth)
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else read_letterhead(connection, found, scope=scope)
