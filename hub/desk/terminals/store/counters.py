"""What a terminal's counter is set to, inside a given transaction."""

from sqlalchemy import ColumnElement, select, update

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model import CounterSettings

_terminals = table_of(tables.Terminal)


def settings_in(t: Transaction, terminal: str, *, scope: Scope) -> CounterSettings | None:
    """Read what a counter is set to; None where nobody of the scope sees such a terminal."""
    query = select(_terminals.c.payments, _terminals.c.ask_quantity, _terminals.c.ask_amount)
    row = t.connection.execute(query.where(_terminals.c.id == terminal, _seen(scope))).first()
    return None if row is None else settings_of_row(*row)


def _seen(scope: Scope) -> ColumnElement[bool]:
    """Say of a terminal that it is its seller's, or its customer's."""
    return visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)


def settings_of_row(
    payments: str | None, quantity: int | None, amount: int | None
) -> CounterSettings:
    """Give settings as a row of terminals has them."""
    return CounterSettings(tuple(payments.split(",")) if payments else (), quantity, amount)


def write_settings(
    t: Transaction, terminal: str, before: CounterSettings, *, after: CounterSettings, why: str
) -> None:
    """Set a counter, and keep what it was, by whom and why."""
    history.record(t, "counter", terminal, before=before.fields, after=after.fields, why=why)
    t.connection.execute(
        update(_terminals)
        .where(_terminals.c.id == terminal)
        .values(
            payments=",".join(after.payments) or None,
            ask_quantity=after.ask_quantity,
            ask_amount=after.ask_amount,
        )
    )
