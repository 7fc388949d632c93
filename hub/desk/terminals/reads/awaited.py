"""Terminals that may keep orders which are not here, so that orders of their customers wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.orders.tables import awaited
from hub.desk.parties.tables import party
from hub.desk.terminals.reads.terminals import terminals_of
from hub.desk.terminals.tables import Terminal

Why = Literal["restored", "asked", "ahead"]
SHOWN: Final = 50
_terminals: Final = table_of(Terminal)


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """A terminal, whose orders wait for it, since when, and why."""

    terminal: str
    customer: str
    since: int
    why: Why


def list_awaited(connection: Connection, *, scope: Scope) -> Sequence[AwaitedRow]:
    """Read the terminals that are awaited, the longest first."""
    return _read(connection, terminals_of(scope))


def read_awaited(connection: Connection, terminal: str, *, scope: Scope) -> AwaitedRow | None:
    """Read one; None where nobody awaits it."""
    found = _read(connection, terminals_of(scope), awaited.c.terminal == terminal)
    return found[0] if found else None


def count_awaited(connection: Connection, *, scope: Scope) -> int:
    """Count the terminals that are awaited."""
    query = (
        select(func.count())
        .select_from(awaited)
        .join(_terminals, _terminals.c.id == awaited.c.terminal)
        .where(terminals_of(scope))
    )
    return connection.execute(query).scalar_one()


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> Sequence[AwaitedRow]:
    query = (
        select(awaited.c.terminal, party.c.name, awaited.c.since, awaited.c.why)
        .join(_terminals, _terminals.c.id == awaited.c.terminal)
        .join(party, party.c.id == awaited.c.customer_id)
        .where(*conditions)
        .order_by(awaited.c.since, awaited.c.terminal)
        .limit(SHOWN)
    )
    return [AwaitedRow(*row) for row in connection.execute(query)]
