"""What waits for a second person, and who serves a customer in which role, in a transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, cast

from sqlalchemy import insert, select, update

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.parties.model.customers import (
    Asked,
    RequestKind,
    RequestState,
    Role,
    Span,
    in_force,
    read_asked,
)
from hub.desk.parties.store.customers import TOPIC
from hub.desk.parties.tables import party, party_mapping, party_request

_DAY: Final = timedelta(days=1)
_EQUAL: Final = """
SELECT id FROM party_request WHERE party_id = ? AND kind = ? AND asked = ? AND state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its customer's code and row id."""

    id: int
    party: int
    code: str
    kind: RequestKind
    asked: Asked
    asked_by: str
    why: str
    state: RequestState


def open_request(
    t: Transaction, party_id: int, kind: RequestKind, *, asked: Asked, why: str
) -> int:
    """Have a second person decide; gives the request's id.

    In a transaction that only reads there is none to decide: 0.
    """
    if not t.writes:
        return 0
    row = {
        "party_id": party_id,
        "kind": kind,
        "asked": asked.write(),
        "asked_by": t.actor,
        "asked_at": t.at_ms,
        "why": why,
        "state": "open",
    }
    made = t.connection.execute(insert(party_request).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    t.changed(TOPIC)
    return int(made[0])


def equal_request(t: Transaction, party_id: int, kind: RequestKind, *, asked: Asked) -> int | None:
    """Find an open request that asks for the very same: it is not asked for again."""
    found = t.rows(_EQUAL, (party_id, kind, asked.write()))
    return int(found[0][0]) if found else None


def find_request(t: Transaction, request: int) -> Request | None:
    """Lock and read a request; None where there is none of this id."""
    table = party_request.c
    query = (
        select(party_request, party.c.code)
        .join(party, party.c.id == table.party_id)
        .where(table.id == request)
        .with_for_update(of=party_request)
    )
    row = t.connection.execute(query).first()
    if row is None:
        return None
    kind, state = cast("RequestKind", row.kind), cast("RequestState", row.state)
    asked = read_asked(row.asked)
    return Request(row.id, row.party_id, row.code, kind, asked, row.asked_by, row.why, state)


def close_request(t: Transaction, request: Request, state: RequestState, *, why: str) -> None:
    """Keep what was decided of a request, by whom and why."""
    decided = {"state": state, "decided_by": t.actor, "decided_at": t.at_ms, "decided_why": why}
    own = party_request.c.id == request.id
    t.connection.execute(update(party_request).where(own).values(decided))
    t.changed(TOPIC)


def spans_of(t: Transaction, party_id: int, role: Role) -> Sequence[tuple[int, Span]]:
    """Give who serves a customer in a role and when, with the rows' ids, the earliest first."""
    table = party_mapping.c
    query = (
        select(table.id, table.who, table.from_day, table.until_day)
        .where(table.party_id == party_id, table.role == role)
        .order_by(table.from_day)
        .with_for_update()
    )
    return [(row[0], Span(*row[1:])) for row in t.connection.execute(query)]


def write_span(
    t: Transaction, customer: dict[str, Any], role: Role, *, span: Span, why: str
) -> bool:
    """Have somebody serve a customer from a day on; whoever served before ends on the day before.

    A span that begins later stays, and ends this one. False where it is so already.
    """
    there = spans_of(t, customer["id"], role)
    before = in_force((one for _, one in there), span.from_day)
    if before is not None and before.who == span.who and before.until_day == span.until_day:
        return False
    later = [one.from_day for _, one in there if one.from_day > span.from_day]
    until = min([*later, *([span.until_day + _DAY] if span.until_day else [])], default=None)
    last = until - _DAY if until else None
    _end_earlier(t, there, span.from_day)
    row = {"who": span.who, "until_day": last}
    same = [row_id for row_id, one in there if one.from_day == span.from_day]
    if same:
        t.connection.execute(update(party_mapping).where(party_mapping.c.id == same[0]).values(row))
    else:
        key = {"party_id": customer["id"], "role": role, "from_day": span.from_day}
        t.connection.execute(insert(party_mapping).values(**key, **row))
    history.record(
        t,
        "party",
        customer["code"],
        before={role: _written(before)},
        after={role: _written(Span(span.who, span.from_day, last))},
        why=why,
    )
    t.changed(TOPIC)
    return True


def _end_earlier(t: Transaction, there: Iterable[tuple[int, Span]], day: date) -> None:
    """End the spans that began before a day and cover it."""
    for row_id, one in there:
        if one.from_day < day and one.covers(day):
            own = party_mapping.c.id == row_id
            t.connection.execute(update(party_mapping).where(own).values(until_day=day - _DAY))


def _written(span: Span | None) -> str:
    if span is None:
        return ""
    until = f"..{span.until_day}" if span.until_day else ".."
    return f"{span.who} {span.from_day}{until}"


def served_by(t: Transaction, role: Role, who: str, *, day: date) -> Sequence[str]:
    """Give the codes of customers that somebody serves in a role on a day, or later."""
    table = party_mapping.c
    query = (
        select(party.c.code)
        .join(party_mapping, table.party_id == party.c.id)
        .where(table.role == role, table.who == who)
        .where((table.until_day.is_(None)) | (table.until_day >= day))
        .distinct()
        .order_by(party.c.code)
    )
    return list(t.connection.execute(query).scalars())


def is_known(t: Transaction, role: Role, who: str) -> bool:
    """Say whether there is such a user, warehouse or seller to serve customers."""
    statement = {
        "rep": "SELECT 1 FROM user_account WHERE name = ? AND active",
        "collector": "SELECT 1 FROM user_account WHERE name = ? AND active",
        "warehouse": "SELECT 1 FROM warehouse WHERE code = ?",
        "seller": "SELECT 1 FROM party WHERE code = ? AND sells",
    }[role]
    return bool(t.rows(statement, (who,)))
