"""Messages that were not taken: how many for which reason, and the newest of them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.terminals.tables import refused_count, refused_message

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class RefusedCount:
    """How many messages were ever refused for one reason."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One message that was not taken; `payload` is its beginning."""

    id: int
    at: int
    terminal: str
    topic: str
    code: str
    text: str
    order: str | None
    payload: bytes


def count_refused(connection: Connection, *, scope: Scope) -> tuple[RefusedCount, ...]:
    """Read the counts, the most frequent reason first; whoever sees not everything sees none."""
    if not scope.sees_network:
        return ()
    times = refused_count.c.count.label("times")  # a row's own `count` is a tuple's
    query = select(refused_count.c.code, times).order_by(times.desc(), refused_count.c.code)
    return tuple(RefusedCount(row.code, row.times) for row in connection.execute(query))


def list_refused(
    connection: Connection, code: str | None, *, scope: Scope
) -> tuple[RefusedRow, ...]:
    """Read the newest kept messages, of one reason or of all."""
    if not scope.sees_network:
        return ()
    query = select(refused_message).order_by(refused_message.c.id.desc()).limit(SHOWN)
    if code is not None:
        query = query.where(refused_message.c.code == code)
    return tuple(
        RefusedRow(
            id=row.id,
            at=row.at,
            terminal=row.terminal,
            topic=row.topic,
            code=row.code,
            text=row.text,
            order=row.order_uuid,
            payload=row.payload,
        )
        for row in connection.execute(query)
    )
