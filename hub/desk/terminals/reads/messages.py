"""Messages that were not taken: how many for which reason, and the newest of them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, true

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.base.listing import Slice, Wanted, page_of
from hub.desk.terminals.reads.terminals import terminals_of
from hub.desk.terminals.tables import Terminal, refused_count, refused_message


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
    """Read the counts, the most frequent reason first.

    Whoever does not see the whole network is told how many are kept of their terminals.
    """
    code, times = refused_count.c.code, refused_count.c.count.label("times")
    query = select(code, times)
    if not scope.sees_network:
        code, times = refused_message.c.code, func.count().label("times")
        query = select(code, times).where(_messages_of(scope)).group_by(code)
    query = query.order_by(times.desc(), code)
    return tuple(RefusedCount(row.code, row.times) for row in connection.execute(query))


def list_refused(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[RefusedRow]:
    """Read one page of the kept messages; `wanted` may choose `code`, and search a sender."""
    table = refused_message.c
    query = select(refused_message).where(_messages_of(scope))
    if codes := wanted.chosen.get("code"):
        query = query.where(table.code.in_(codes))
    if wanted.text:
        query = query.where(
            or_(
                table.terminal.icontains(wanted.text, autoescape=True),
                table.text.icontains(wanted.text, autoescape=True),
            )
        )
    sorts = {"received": table.id, "from": table.terminal, "code": table.code}
    return page_of(connection, query, wanted, sorts=sorts, key=table.id, make=_message)


def _messages_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a message: of one of their terminals, or all."""
    own = select(table_of(Terminal).c.id).where(terminals_of(scope))
    return true() if scope.sees_network else refused_message.c.terminal.in_(own)


def _message(row: Row[tuple[object, ...]]) -> RefusedRow:
    return RefusedRow(
        id=row.id,
        at=row.at,
        terminal=row.terminal,
        topic=row.topic,
        code=row.code,
        text=row.text,
        order=row.order_uuid,
        payload=row.payload,
    )
