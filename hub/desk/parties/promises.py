"""What parties promise, as the audit checks it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from hub.base.access import EVERYTHING
from hub.base.engine.promises import Finding, Promise
from hub.desk.parties.model.customers import SECOND_HANDS
from hub.desk.parties.tables import party, party_request
from hub.desk.people.reads.alone import tell_alone, was_alone
from hub.desk.people.store.hands import read_hands

_SECOND: Final = Promise(
    "second_person",
    "Nobody let pass, or refused, their own request about a customer, but where nobody else could",
)


class _Decided(NamedTuple):
    """A request that was decided, of which customer, by whom and when."""

    id: int
    code: str
    by: str
    at_ms: int


def check_requests(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check who decided about customers."""
    counted = connection.execute(select(func.count()).select_from(party_request)).scalar_one()
    faults = [
        f"request {row.id} of customer {row.code} was decided by {row.by}, who asked for it"
        for row in _by_one(connection)
        if not was_alone(connection, row.by, may=SECOND_HANDS, at_ms=row.at_ms, scope=EVERYTHING)
    ]
    yield Finding(_SECOND, counted, faults)


def note_requests(connection: Connection) -> Sequence[str]:
    """Tell how many requests about customers one person asked for and let pass."""
    deciders = [row.by for row in _by_one(connection)]
    return tell_alone("requests about customers", "asked for them", deciders)


def _by_one(connection: Connection) -> Sequence[_Decided]:
    """Read the requests that were let pass or refused by a hand of whoever asked."""
    table, hands = party_request.c, read_hands(connection)
    query = (
        select(table.id, party.c.code, table.decided_by, table.decided_at, table.asked_by)
        .join(party, party.c.id == table.party_id)
        .where(table.state.in_(("granted", "refused")))
        .order_by(table.id)
    )
    return [
        _Decided(*row[:4])
        for row in connection.execute(query)
        if hands.until(row.decided_at).is_one(row.asked_by, row.decided_by)
    ]
