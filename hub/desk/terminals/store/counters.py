"""What a terminal's counter is set to, and which cards it takes, inside a given transaction."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from broker.contract import OperatorCard
from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.masters import Values
from hub.base.transaction import Transaction
from hub.desk.parties.tables import party
from hub.desk.terminals import tables
from hub.desk.terminals.model import CounterSettings
from hub.desk.terminals.model.counters import SETTINGS, settings_of_row

_terminals = table_of(tables.Terminal)
_cards: Final = tables.operator_card.c
_serves: Final = tables.terminal_customer.c
_OPERATORS: Final = """
SELECT t.id, o.card, o.name, o.pin FROM terminal t
JOIN operator_card o ON o.customer_id = t.customer_id AND o.ended_at IS NULL WHERE t.id IN """


class CounterTerminal(NamedTuple):
    """A terminal as its cards need it: its customer's row and code, and whether they are needed.

    None is where the counter's group says it.
    """

    customer: int
    code: str
    operator_needed: bool | None


def settings_in(t: Transaction, terminal: str, *, scope: Scope) -> CounterSettings | None:
    """Read what a counter is set to; None where nobody of the scope sees such a terminal."""
    query = select(*(_terminals.c[name] for name in SETTINGS))
    row = t.connection.execute(query.where(_terminals.c.id == terminal, _seen(scope))).first()
    return None if row is None else settings_of_row(row)


def _seen(scope: Scope) -> ColumnElement[bool]:
    """Say of a terminal that it is its seller's, or its customer's."""
    return visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)


def columns_of(settings: CounterSettings) -> Values:
    """Give settings as the columns of a counter's row, or of a group's."""
    return {
        "payments": ",".join(settings.payments) or None,
        "ask_quantity": settings.ask_quantity,
        "ask_amount": settings.ask_amount,
        "operator_needed": settings.operator_needed,
        "notices": settings.notices,
    }


def write_settings(
    t: Transaction, terminal: str, before: CounterSettings, *, after: CounterSettings, why: str
) -> None:
    """Set a counter, and keep what it was, by whom and why."""
    history.record(t, "counter", terminal, before=before.fields, after=after.fields, why=why)
    t.connection.execute(
        update(_terminals).where(_terminals.c.id == terminal).values(columns_of(after))
    )


def counter_in(t: Transaction, terminal: str, *, scope: Scope) -> CounterTerminal | None:
    """Read whose counter it is; None where nobody of the scope sees such a terminal."""
    query = (
        select(_terminals.c.customer_id, party.c.code, _terminals.c.operator_needed)
        .join(party, party.c.id == _terminals.c.customer_id)
        .where(_terminals.c.id == terminal, _seen(scope))
    )
    row = t.connection.execute(query).first()
    return None if row is None else CounterTerminal(*row)


def operators_of(t: Transaction, terminals: Sequence[str]) -> dict[str, list[OperatorCard]]:
    """Give the operators of each terminal's own customer, by card."""
    found: dict[str, list[OperatorCard]] = {}
    for terminal, card, name, pin in sorted(t.rows_in(_OPERATORS, terminals)):
        found.setdefault(terminal, []).append(OperatorCard(card=card, name=name, pin=pin))
    return found


def next_operator(t: Transaction) -> int:
    """Give the number of the next operator's card."""
    return int(t.connection.execute(select(func.coalesce(func.max(_cards.id), 0))).scalar_one()) + 1


def count_operators(t: Transaction, customer: int) -> int:
    """Count the operators of a customer."""
    query = select(func.count()).where(_cards.customer_id == customer, _cards.ended_at.is_(None))
    return int(t.connection.execute(query).scalar_one())


def add_operator(t: Transaction, customer: int, *, card: str, name: str, pin: str) -> None:
    """Add an operator's card."""
    row = {"card": card, "customer_id": customer, "name": name, "pin": pin, "made_at": t.at_ms}
    t.connection.execute(insert(tables.operator_card).values(**row, made_by=t.actor))
    history.record(t, "operator", card, before={}, after={"name": name, "pin": "set"})


def operator_name(t: Transaction, customer: int, card: str) -> str | None:
    """Find an operator of a customer; None where there is none by this card."""
    query = select(_cards.name).where(
        _cards.customer_id == customer, _cards.card == card, _cards.ended_at.is_(None)
    )
    return t.connection.execute(query).scalar_one_or_none()


def set_pin(t: Transaction, card: str, pin: str, *, why: str) -> None:
    """Give an operator another PIN."""
    t.connection.execute(update(tables.operator_card).where(_cards.card == card).values(pin=pin))
    history.record(t, "operator", card, before={"pin": "set"}, after={"pin": "new"}, why=why)


def end_operator(t: Transaction, card: str, *, why: str) -> None:
    """Take an operator off the list; the card and its orders keep the name."""
    here = _cards.card == card
    t.connection.execute(update(tables.operator_card).where(here).values(ended_at=t.at_ms))
    history.record(
        t, "operator", card, before={"state": "active"}, after={"state": "ended"}, why=why
    )


def need_operator(
    t: Transaction, terminal: str, *, before: bool | None, after: bool | None, why: str
) -> None:
    """Say whether every order of a counter needs an operator; None is what its group says."""
    table = _terminals
    t.connection.execute(update(table).where(table.c.id == terminal).values(operator_needed=after))
    said = ({"operator_needed": before}, {"operator_needed": after})
    history.record(t, "counter", terminal, before=said[0], after=said[1], why=why)


def customer_in(t: Transaction, code: str, *, scope: Scope) -> int | None:
    """Find a customer that somebody sees."""
    shown = visible(scope, seller=party.c.parent_id, party=party.c.id)
    return t.connection.execute(
        select(party.c.id).where(party.c.code == code, ~party.c.sells, shown)
    ).scalar_one_or_none()


def served_in(t: Transaction, terminal: str) -> list[int]:
    """Give the customers that a terminal orders for beside its own."""
    query = select(_serves.customer_id).where(_serves.terminal == terminal)
    return list(t.connection.execute(query).scalars())


def serve_customer(t: Transaction, terminal: str, customer: int, *, code: str, why: str) -> None:
    """Have a terminal order for one more customer."""
    row = {"terminal": terminal, "customer_id": customer, "since": t.at_ms, "made_by": t.actor}
    t.connection.execute(insert(tables.terminal_customer).values(row))
    history.record(t, "counter", terminal, before={"serves": ""}, after={"serves": code}, why=why)


def serve_no_more(t: Transaction, terminal: str, customer: int, *, code: str, why: str) -> None:
    """Have a terminal order for a customer no more."""
    here = (_serves.terminal == terminal) & (_serves.customer_id == customer)
    t.connection.execute(delete(tables.terminal_customer).where(here))
    history.record(t, "counter", terminal, before={"serves": code}, after={"serves": ""}, why=why)
