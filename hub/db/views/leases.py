"""What terminals may give of limited schemes before the hub has answered, as people look at it."""

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Connection, or_, select, tuple_

from hub.base.engine.columns import table_of
from hub.db.packs.serving import serving_hash
from hub.db.stored_snapshots import read_body
from hub.db.tables import Customer, Terminal, lease

PAGE: Final = 100
_customers: Final = table_of(Customer)
_terminals: Final = table_of(Terminal)

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


@dataclass(frozen=True, slots=True)
class LeasePage:
    """One page of leases, by scheme and terminal; `more` says whether there is another."""

    rows: tuple[LeaseRow, ...]
    more: bool


class Money(msgspec.Struct, frozen=True):
    """What a packed rule pack says of its amounts."""

    currency: str = ""
    scale: int = 2


def list_leases(
    connection: Connection, *, now_ms: int, search: str = "", after: LeaseKey | None = None
) -> LeasePage:
    """Read one page of the open leases, found by scheme, terminal or customer."""
    here = lease.c
    conditions: list[ColumnElement[bool]] = [here.until_ms > now_ms]
    if after is not None:
        conditions.append(tuple_(here.rule, here.scope, here.terminal) > tuple_(*after))
    if search:
        conditions.append(
            or_(
                here.rule.icontains(search, autoescape=True),
                here.terminal.icontains(search, autoescape=True),
                _customers.c.name.icontains(search, autoescape=True),
            )
        )
    query = (
        select(*here, _customers.c.name.label("customer"))
        .join(_terminals, _terminals.c.id == here.terminal)
        .join(_customers, _customers.c.id == _terminals.c.customer_id)
        .where(*conditions)
        .order_by(here.rule, here.scope, here.terminal)
        .limit(PAGE + 1)
    )
    rows = [
        LeaseRow(
            key=(row.rule, row.scope, row.terminal),
            period=row.scope.partition("@")[2],
            customer=row.customer,
            uses=_part(row.uses, row.of_uses),
            amount=_part(row.amount, row.of_amount),
            pieces=_part(row.pieces, row.of_pieces),
            until=row.until_ms,
        )
        for row in connection.execute(query)
    ]
    return LeasePage(tuple(rows[:PAGE]), more=len(rows) > PAGE)


def read_money(connection: Connection, now_ms: int) -> Money:
    """Read what the amounts of the pack that serves are in."""
    digest = serving_hash(connection, now_ms)
    body = read_body(connection, digest) if digest else None
    return msgspec.json.decode(body, type=Money) if body else Money()


def _part(held: int, limit: int | None) -> Part | None:
    return None if limit is None else Part(held, limit)
