"""What a terminal's counter is set to, by itself and by its group, and who set it so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from broker.contract import USUAL_NOTICES, USUAL_QUANTITY, counter_hash
from hub.base import history
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.model import CounterSettings, payments_of
from hub.desk.terminals.model.counters import SETTINGS, merge_settings, settings_of_row
from hub.desk.terminals.reads.terminals import Freshness, terminals_of
from hub.desk.terminals.tables import Terminal, counter_group, terminal_presence

_terminals = table_of(Terminal)
_groups = counter_group.c
_said = terminal_presence.c


@dataclass(frozen=True, slots=True)
class CounterGroup:
    """The group that a counter is in: what all of it are set to."""

    code: str
    name: str
    settings: CounterSettings


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A terminal's counter: whose it is, what was set, and what it takes by that.

    `settings` are its own, `counts` are what it goes by, with those of its `group`. `takes` names
    every payment, the usual one first, also where nobody set any. `runs` says whether the terminal
    has what is set, by what it said last; unknown where it says nothing of it.
    """

    terminal: str
    customer: str
    settings: CounterSettings
    takes: tuple[str, ...]
    runs: Freshness
    changes: Sequence[history.Entry]
    group: CounterGroup | None
    counts: CounterSettings


def read_counter(connection: Connection, terminal: str, *, scope: Scope) -> CounterRow | None:
    """Read a counter; None for who may not see its terminal."""
    columns = _terminals.c
    query = (
        select(
            *(columns[name] for name in SETTINGS),
            columns.seller_id,
            columns.group_id,
            party.c.name,
            party.c.credit_state,
            _said.counter,
        )
        .join(party, party.c.id == columns.customer_id)
        .outerjoin(terminal_presence, _said.terminal == columns.id)
        .where(columns.id == terminal, terminals_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    settings = settings_of_row([getattr(row, name) for name in SETTINGS])
    group = _group(connection, row.group_id, row.seller_id)
    counts = merge_settings(settings, group.settings if group else None)
    return CounterRow(
        terminal,
        row.name,
        settings,
        payments_of(counts, row.credit_state),
        has_settings(counts, row.credit_state, row.counter),
        history.read(connection, "counter", terminal),
        group,
        counts,
    )


def has_settings(settings: CounterSettings, credit_state: str, has: str | None) -> Freshness:
    """Compare what a terminal says that it was told with what it should be told."""
    if has is None:
        return "unknown"
    quantity = settings.ask_quantity
    wanted = counter_hash(
        payments_of(settings, credit_state),
        ask_quantity=USUAL_QUANTITY if quantity is None else quantity,
        ask_amount=settings.ask_amount or 0,
        notices=settings.notices or USUAL_NOTICES,
    )
    return "current" if has == wanted else "behind"


def _group(connection: Connection, group: int | None, seller: int) -> CounterGroup | None:
    """Read the group of a counter; one of a seller before this one counts no more."""
    if group is None:
        return None
    query = select(counter_group).where(_groups.id == group, _groups.seller_id == seller)
    row = connection.execute(query).first()
    if row is None:
        return None
    settings = settings_of_row([getattr(row, name) for name in SETTINGS])
    return CounterGroup(row.code, row.name, settings)
