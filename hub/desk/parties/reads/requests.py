"""What of customers waits for a second person, the oldest first: for who decides on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

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
        .where(table.state == "open")
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
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
