"""How far a new hub has come."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, select

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import setting
from hub.desk.products.tables import product
from hub.desk.rulepacks.tables import rule_pack
from hub.desk.stock.tables import warehouse
from hub.desk.terminals.tables import Terminal

Step = Literal["house", "store", "goods", "rules", "counter", ""]
STEPS: Final[tuple[Step, ...]] = ("house", "store", "goods", "rules", "counter")

_NEEDED: Final[Mapping[Step, ColumnElement[Any]]] = {
    "store": warehouse.c.id,
    "goods": product.c.id,
    "rules": rule_pack.c.id,
    "counter": table_of(Terminal).c.id,
}
"""What there is of once a step is done."""


def next_step(connection: Connection, *, scope: Scope) -> Step:
    """Name what is to be done next, of the steps of a new hub; empty for nothing.

    It is of the whole network, so that somebody who sees only rows of their own is told of nothing.
    """
    named = select(setting.c.key).where(setting.c.key == "distributor")
    if connection.execute(named).first() is None:
        return "house"
    if not scope.sees_network:
        return ""
    for step, key in _NEEDED.items():
        if connection.execute(select(key).limit(1)).first() is None:
            return step
    return ""
