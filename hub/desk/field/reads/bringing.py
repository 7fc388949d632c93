"""What a phone keeps of goods on their way, so that a shop signs for them without a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from hub.base.access import Scope
from hub.desk.deliveries.model.life import ON_THE_WAY
from hub.desk.deliveries.reads.notes import lines_of
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_photo, trip
from hub.desk.parties.tables import customer_address, customer_profile, party

_MOST: Final = 200
"""Notes of one phone at most."""


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A line of a note: `number` within the note, and how many base units of it left."""

    number: int
    name: str
    sku: str
    batch: str
    sent: int


@dataclass(frozen=True, slots=True)
class PhoneNote:
    """A delivery note that is on its way: to whom, where that is, and on which vehicle.

    `photos` is how many there are of it already.
    """

    id: int
    number: str
    outlet: str
    customer: str
    address: str
    phone: str
    day: date
    driver: str
    vehicle: str
    photos: int
    lines: tuple[PhoneLine, ...]


def read_notes_to_bring(
    connection: Connection, *, driver: str, scope: Scope
) -> Sequence[PhoneNote]:
    """Read the notes on their way that a person sees, those of the person's own trips first.

    A trip is the person's own where its driver is named as the user is.
    """
    to, own, note = customer_address.c, customer_profile.c, delivery.c
    parts = [(to.address, own.address), (to.city, own.city), (to.pin, own.pin)]
    photos = (
        select(func.count())
        .where(delivery_photo.c.delivery_id == note.id)
        .correlate(delivery)
        .scalar_subquery()
    )
    query: Select[Any] = (
        select(
            *(
                note.id,
                note.number,
                party.c.code,
                func.coalesce(func.nullif(to.name, ""), party.c.name),
            ),
            *(func.coalesce(other, usual, "") for other, usual in parts),
            *(func.coalesce(to.phone, own.phone, ""), note.day, func.coalesce(trip.c.driver, "")),
            *(func.coalesce(trip.c.vehicle, ""), photos),
        )
        .join(party, party.c.id == note.customer_id)
        .outerjoin(customer_profile, own.party_id == party.c.id)
        .outerjoin(customer_address, to.id == note.ship_to_id)
        .outerjoin(trip, trip.c.id == note.trip_id)
        .where(note.state.in_(sorted(ON_THE_WAY)), deliveries_of(scope))
        .order_by(
            (func.lower(func.coalesce(trip.c.driver, "")) == driver.lower()).desc(),
            *(note.trip_id.desc(), note.id),
        )
        .limit(_MOST)
    )
    rows = connection.execute(query).all()
    lines = _read_lines(connection, [row[0] for row in rows], scope=scope)
    return [
        PhoneNote(*(*row[:4], _joined(row[4:7]), *row[7:], tuple(lines.get(row[0], ()))))
        for row in rows
    ]


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(part for part in parts if part)


def _read_lines(
    connection: Connection, notes: Sequence[int], *, scope: Scope
) -> dict[int, list[PhoneLine]]:
    lines: dict[int, list[PhoneLine]] = {}
    for one in lines_of(connection, notes, scope=scope):
        if one.sent:
            shown = PhoneLine(one.number, one.name, one.sku, one.batch, one.sent)
            lines.setdefault(one.delivery, []).append(shown)
    return lines
