"""What terminals may give of limited schemes before the hub has answered, as people look at it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.base.listing import Slice, Wanted, page_of
from hub.desk.parties.tables import party
from hub.desk.schemes.tables import lease
from hub.desk.terminals.reads.terminals import terminals_of
from hub.desk.terminals.tables import Terminal

_terminals: Final = table_of(Terminal)

_LEASE: Final = (
    "terminal",
    "rule",
    "scope",
    "uses",
    "of_uses",
    "amount",
    "of_amount",
    "pieces",
    "of_pieces",
    "until_ms",
)

LeaseKey = tuple[str, str, str]
"""A rule, a scope and a terminal: one lease."""


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a limit."""

    held: int
    limit: int


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """One open lease; None where the scheme has no such limit. `period` is empty for all time."""

    key: LeaseKey
    period: str
    customer: str
    uses: Part | None
    amount: Part | None
    pieces: Part | None
    until: int

    @property
    def rule(self) -> str:
        """Name the scheme."""
        return self.key[0]

    @property
    def terminal(self) -> str:
        """Name the terminal."""
        return self.key[2]


def list_leases(
    connection: Connection, wanted: Wanted, *, now_ms: int, scope: Scope
) -> Slice[LeaseRow]:
    """Read one page of the open leases, found by scheme, terminal or customer."""
    here = lease.c
    conditions: list[ColumnElement[bool]] = [here.until_ms > now_ms, terminals_of(scope)]
    if wanted.text:
        conditions.append(
            or_(
                here.rule.icontains(wanted.text, autoescape=True),
                here.terminal.icontains(wanted.text, autoescape=True),
                party.c.name.icontains(wanted.text, autoescape=True),
            )
        )
    query = (
        select(*here, party.c.name.label("customer"))
        .join(_terminals, _terminals.c.id == here.terminal)
        .join(party, party.c.id == _terminals.c.customer_id)
        .where(*conditions)
    )
    sorts = {
        "scheme": here.rule,
        "terminal": here.terminal,
        "customer": party.c.name,
        "until": here.until_ms,
    }
    key = here.rule + " " + here.scope + " " + here.terminal
    return page_of(connection, query, wanted, sorts=sorts, key=key, make=_lease)


def _lease(row: Row[tuple[object, ...]]) -> LeaseRow:
    return LeaseRow(
        key=(row.rule, row.scope, row.terminal),
        period=row.scope.partition("@")[2],
        customer=row.customer,
        uses=_part(row.uses, row.of_uses),
        amount=_part(row.amount, row.of_amount),
        pieces=_part(row.pieces, row.of_pieces),
        until=row.until_ms,
    )


def _part(held: int, limit: int | None) -> Part | None:
    return None if limit is None else Part(held, limit)


def every_lease(connection: Connection, *, now_ms: int, scope: Scope) -> list[dict[str, object]]:
    """Give every open lease with the limits it is a part of, by rule, scope and terminal."""
    query = (
        select(*(lease.c[name] for name in _LEASE))
        .join(_terminals, _terminals.c.id == lease.c.terminal)
        .where(lease.c.until_ms > now_ms, terminals_of(scope))
        .order_by(lease.c.rule, lease.c.scope, lease.c.terminal)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
