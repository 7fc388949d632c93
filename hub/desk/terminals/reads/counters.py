"""What a terminal's counter is set to, and who set it so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.model import CounterSettings, payments_of
from hub.desk.terminals.reads.terminals import terminals_of
from hub.desk.terminals.tables import Terminal

_terminals = table_of(Terminal)


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A terminal's counter: whose it is, what was set, and what it takes by that.

    `takes` names every payment, the usual one first, also where nobody set any.
    """

    terminal: str
    customer: str
    settings: CounterSettings
    takes: tuple[str, ...]
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
        )
        .join(party, party.c.id == columns.customer_id)
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
        history.read(connection, "counter", terminal),
    )
