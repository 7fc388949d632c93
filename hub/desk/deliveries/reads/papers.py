"""Who sends and who gets, as a delivery note is printed."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery
from hub.desk.parties.reads.addresses import read_address_row
from hub.desk.parties.tables import customer_profile, party


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a note: what is known of it; empty where nothing is."""

    name: str
    address: str = ""
    city: str = ""
    pin: str = ""
    phone: str = ""
    gstin: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Both sides of a note, and where its goods go if not to the receiver's own address."""

    sender: Side
    receiver: Side
    ship_to: Side | None = None


def read_paper(connection: Connection, note: int, *, scope: Scope) -> Paper | None:
    """Read both sides of a note; None for who may not see it."""
    one = delivery.c
    query = select(one.seller_id, one.customer_id, one.ship_to_id).where(
        one.id == note, deliveries_of(scope)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    receiver = _side(connection, row.customer_id)
    found = read_address_row(connection, row.ship_to_id, scope=scope)
    ship_to = None
    if found is not None:
        to = found.address
        name = to.name or receiver.name
        ship_to = Side(name, to.address, to.city, to.pin, to.phone, to.gstin, to.contact)
    return Paper(_side(connection, row.seller_id), receiver, ship_to)


def _side(connection: Connection, party_id: int) -> Side:
    profile = customer_profile.c
    query = (
        select(
            *(party.c.name, profile.address, profile.city, profile.pin),
            *(profile.phone, profile.gstin),
        )
        .outerjoin(customer_profile, profile.party_id == party.c.id)
        .where(party.c.id == party_id)
    )
    return Side(*(value or "" for value in connection.execute(query).one()))
