"""What a terminal's counter is set to, and who set it so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from broker.contract import USUAL_QUANTITY, counter_hash
from hub.base import history
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.model import CounterSettings, payments_of
from hub.desk.terminals.reads.terminals import Freshness, terminals_of
from hub.desk.terminals.tables import Terminal, terminal_presence

_terminals = table_of(Terminal)
_said = terminal_presence.c


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A terminal's counter: whose it is, what was set, and what it takes by that.

    `takes` names every payment, the usual one first, also where nobody set any. `runs` says whether
    the terminal has what is set, by what it said last; unknown where it says nothing of it.
    """

    terminal: str
    customer: str
    settings: CounterSettings
    takes: tuple[str, ...]
    runs: Freshness
    changes: Sequence[history.Entry]


def read_counter(connection: Connection, terminal: str, *, scope: Scope) -> CounterRow | None:
    """Read a counter; None for who may not see its terminal."""
    columns = _terminals.c
    query = (
        select(
            columns.payments,
            columns.ask_quantity,
            columns.ask_amount,
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
    payments = tuple(row.payments.split(",")) if row.payments else ()
    settings = CounterSettings(payments, row.ask_quantity, row.ask_amount)
    return CounterRow(
        terminal,
        row.name,
        settings,
        payments_of(settings, row.credit_state),
        _runs(settings, row.credit_state, row.counter),
        history.read(connection, "counter", terminal),
    )


def _runs(settings: CounterSettings, credit_state: str, has: str | None) -> Freshness:
    """Compare what a terminal says that it was told with what it should be told."""
    if has is None:
        return "unknown"
    quantity = settings.ask_quantity
    wanted = counter_hash(
        payments_of(settings, credit_state),
        ask_quantity=USUAL_QUANTITY if quantity is None else quantity,
        ask_amount=settings.ask_amount or 0,
    )
    return "current" if has == wanted else "behind"
