"""Starts of a second machine under one id, as rows."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import delete, insert, select

from broker.contract import MAX_HALTED
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.tables import terminal_copy

_terminals: Final = table_of(tables.Terminal)


def halted_starts(t: Transaction, terminals: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the starts of these terminals that take no orders, the oldest first."""
    copy = terminal_copy.c
    query = (
        select(copy.terminal, copy.start)
        .where(copy.terminal.in_(terminals))
        .order_by(copy.terminal, copy.at, copy.start)
    )
    found: dict[str, tuple[str, ...]] = {}
    for terminal, start in t.connection.execute(query):
        found[terminal] = (*found.get(terminal, ()), start)
    return found


def keep_copies(t: Transaction, copies: Mapping[str, str]) -> Mapping[str, str]:
    """Keep which start of a terminal is a second machine's, the newest few of each.

    Gives those of terminals that are known.
    """
    known = t.connection.execute(
        select(_terminals.c.id).where(
            _terminals.c.id.in_(copies), _terminals.c.revoked_at.is_(None)
        )
    ).scalars()
    kept = {terminal: copies[terminal] for terminal in sorted(known)}
    here = halted_starts(t, kept)
    copy = terminal_copy.c
    for terminal, start in kept.items():
        for old in here.get(terminal, ())[: -MAX_HALTED + 1]:
            t.connection.execute(
                delete(terminal_copy).where(copy.terminal == terminal, copy.start == old)
            )
        t.connection.execute(
            insert(terminal_copy).values(terminal=terminal, start=start, at=t.at_ms)
        )
    return kept
