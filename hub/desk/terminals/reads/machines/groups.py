"""Groups of counters, which counters are in them, and what each of those has otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.model import CounterSettings
from hub.desk.terminals.model.counters import (
    SETTINGS,
    merge_settings,
    name_differences,
    settings_of_row,
)
from hub.desk.terminals.reads.counters import has_settings
from hub.desk.terminals.reads.terminals import Freshness, terminals_of
from hub.desk.terminals.tables import Terminal, counter_group, terminal_presence

_terminals: Final = table_of(Terminal)
_groups: Final = counter_group.c
_seller: Final = party.alias("seller_of_group")
_MOST_OTHERS: Final = 500
"""So many counters are offered to be put in; any other is typed."""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A counter of a group: what it has set at itself otherwise, and whether it runs all of it."""

    terminal: str
    customer: str
    settings: CounterSettings
    differs: tuple[str, ...]
    runs: Freshness


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group; `counters` are those that the reader sees, only where one group is read."""

    code: str
    name: str
    seller: str
    settings: CounterSettings
    count: int
    counters: Sequence[GroupMember] = ()
    changes: Sequence[history.Entry] = ()


def list_groups(connection: Connection, *, scope: Scope) -> Sequence[GroupRow]:
    """List the groups of the sellers that a person works for, by code."""
    return [_row(row) for row in connection.execute(_query(scope).order_by(_groups.code))]


def read_group(connection: Connection, code: str, *, scope: Scope) -> GroupRow | None:
    """Read a group with its counters; None where there is none that the person sees."""
    row = connection.execute(_query(scope).where(_groups.code == code)).first()
    if row is None:
        return None
    found = _row(row)
    return replace(
        found,
        counters=_members(connection, found, scope),
        changes=history.read(connection, "counter_group", code),
    )


def list_others(connection: Connection, code: str, *, scope: Scope) -> Sequence[str]:
    """Name the terminals of a group's seller that the person sees and that are in no group."""
    query = (
        select(_terminals.c.id)
        .join(counter_group, _groups.seller_id == _terminals.c.seller_id)
        .where(_groups.code == code, _terminals.c.group_id.is_(None))
        .where(_terminals.c.revoked_at.is_(None), terminals_of(scope))
        .order_by(_terminals.c.id)
        .limit(_MOST_OTHERS)
    )
    return list(connection.execute(query).scalars())


def _query(scope: Scope) -> Select[*tuple[Any, ...]]:
    count = (
        select(func.count())
        .where(_terminals.c.group_id == _groups.id, terminals_of(scope))
        .correlate(counter_group)
        .scalar_subquery()
    )
    return (
        select(counter_group, _seller.c.name.label("seller"), count.label("counters"))
        .join(_seller, _seller.c.id == _groups.seller_id)
        .where(visible(scope, seller=_groups.seller_id))
    )


def _row(row: Row[*tuple[Any, ...]]) -> GroupRow:
    settings = settings_of_row([getattr(row, name) for name in SETTINGS])
    return GroupRow(row.code, row.name, row.seller, settings, row.counters)


def _members(connection: Connection, group: GroupRow, scope: Scope) -> list[GroupMember]:
    said = terminal_presence.c
    query = (
        select(
            _terminals.c.id,
            *(_terminals.c[name] for name in SETTINGS),
            party.c.name,
            party.c.credit_state,
            said.counter,
        )
        .join(counter_group, and_(_groups.id == _terminals.c.group_id, _groups.code == group.code))
        .join(party, party.c.id == _terminals.c.customer_id)
        .outerjoin(terminal_presence, said.terminal == _terminals.c.id)
        .where(terminals_of(scope))
        .order_by(_terminals.c.id)
    )
    found = []
    for row in connection.execute(query):
        own = settings_of_row([getattr(row, name) for name in SETTINGS])
        runs = has_settings(merge_settings(own, group.settings), row.credit_state, row.counter)
        found.append(
            GroupMember(row.id, row.name, own, name_differences(own, group.settings), runs)
        )
    return found
