"""The cards that a counter takes: operators of its customer, and other customers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base import history
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.reads.terminals import terminals_of
from hub.desk.terminals.tables import (
    Terminal,
    counter_group,
    operator_card,
    terminal_customer,
)

_terminals = table_of(Terminal)


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """An operator: the card, the name on it, since when and by whom it was given out."""

    card: str
    name: str
    made_at: int
    made_by: str


@dataclass(frozen=True, slots=True)
class ServedRow:
    """Another customer of a counter."""

    code: str
    name: str
    since: int
    made_by: str


@dataclass(frozen=True, slots=True)
class CounterCards:
    """What cards a counter takes; where an operator is `needed`, no order goes without one.

    `said` is what is set at the counter itself; None where its group says it, if it is in one.
    """

    terminal: str
    code: str
    customer: str
    needed: bool
    said: bool | None
    group: str
    operators: Sequence[OperatorRow]
    served: Sequence[ServedRow]
    changes: Sequence[history.Entry]


def read_cards(connection: Connection, terminal: str, *, scope: Scope) -> CounterCards | None:
    """Read the cards of a counter; None for who may not see its terminal."""
    query = (
        select(
            _terminals.c.customer_id,
            _terminals.c.operator_needed,
            party.c.code,
            party.c.name,
            counter_group.c.name.label("group_name"),
            counter_group.c.operator_needed.label("by_group"),
        )
        .join(party, party.c.id == _terminals.c.customer_id)
        .outerjoin(
            counter_group,
            (counter_group.c.id == _terminals.c.group_id)
            & (counter_group.c.seller_id == _terminals.c.seller_id),
        )
        .where(_terminals.c.id == terminal, terminals_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    cards, serves = operator_card.c, terminal_customer.c
    operators = connection.execute(
        select(cards.card, cards.name, cards.made_at, cards.made_by)
        .where(cards.customer_id == row.customer_id, cards.ended_at.is_(None))
        .order_by(cards.name, cards.card)
    )
    served = connection.execute(
        select(party.c.code, party.c.name, serves.since, serves.made_by)
        .join(party, party.c.id == serves.customer_id)
        .where(serves.terminal == terminal)
        .order_by(party.c.name, party.c.code)
    )
    told = history.read(connection, "counter", terminal)
    return CounterCards(
        terminal,
        row.code,
        row.name,
        bool(row.by_group if row.operator_needed is None else row.operator_needed),
        row.operator_needed,
        row.group_name or "",
        [OperatorRow(*one) for one in operators],
        [ServedRow(*one) for one in served],
        [one for one in told if one.field in {"serves", "operator_needed"}],
    )
