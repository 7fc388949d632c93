"""What of customers waits for a second person, the oldest first: for who decides on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, select

from hub.base.access import Scope, visible
from hub.desk.parties.model.customers import Asked, read_asked
from hub.desk.parties.tables import customer_profile, party, party_request


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits, with its customer; `fields` are what is and what is asked for."""

    id: int
    code: str
    name: str
    city: str
    kind: str
    asked: Asked
    asked_by: str
    asked_at: int
    why: str


def list_open_requests(connection: Connection, *, most: int, scope: Scope) -> Sequence[OpenRequest]:
    """List what waits of the customers that somebody sees."""
    table = party_request.c
    query = (
        select(table.id, party.c.code, party.c.name, customer_profile.c.city, table.kind)
        .add_columns(table.asked, table.asked_by, table.asked_at, table.why)
        .join(party, party.c.id == table.party_id)
        .outerjoin(customer_profile, customer_profile.c.party_id == party.c.id)
        .where(_waits(scope))
        .order_by(table.id)
        .limit(most)
    )
    return [
        OpenRequest(
            *(row.id, row.code, row.name, row.city or "", row.kind, read_asked(row.asked)),
            *(row.asked_by, row.asked_at, row.why),
        )
        for row in connection.execute(query)
    ]


def count_open_requests(connection: Connection, *, scope: Scope) -> int:
    """Count what waits of the customers that somebody sees."""
    query = (
        select(func.count())
        .select_from(party_request)
        .join(party, party.c.id == party_request.c.party_id)
        .where(_waits(scope))
    )
    return int(connection.execute(query).scalar_one())


def _waits(scope: Scope) -> ColumnElement[bool]:
    is_seen = visible(scope, seller=party.c.parent_id, party=party.c.id)
    return and_(party_request.c.state == "open", is_seen)
