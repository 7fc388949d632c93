"""Who sends and who gets, as a delivery note is printed."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads.addresses import read_address_row
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.tables import customer_profile, party

_PLACE: Final = ("address", "city", "pin", "state", "phone", "gstin")
"""What of a customer stands on a delivery note beside its name."""


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
        there = {one: getattr(to, one) for one in _PLACE}
        ship_to = Side(receiver.code, name, contact=to.contact, **there)
    sender = read_letterhead(connection, row.seller_id, scope=scope)
    return Paper(sender, receiver, ship_to)


def _side(connection: Connection, party_id: int) -> Side:
    profile = customer_profile.c
    query = (
        select(party.c.code, party.c.name, *(profile[one] for one in _PLACE))
        .outerjoin(customer_profile, profile.party_id == party.c.id)
        .where(party.c.id == party_id)
    )
    row = connection.execute(query).mappings().one()
    return Side(**{name: value or "" for name, value in row.items()})
