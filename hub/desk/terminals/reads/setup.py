"""How far a new hub has come."""

from typing import Literal

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.parties.tables import setting
from hub.desk.products.tables import product
from hub.desk.stock.tables import warehouse

Step = Literal["house", "store", "goods", ""]


def next_step(connection: Connection, *, scope: Scope) -> Step:
    """Name what is to be done next: whose hub it is, a warehouse, goods; empty for nothing.

    It is of the whole network, so that somebody who sees only rows of their own is told of nothing.
    """
    named = select(setting.c.key).where(setting.c.key == "distributor")
    if connection.execute(named).first() is None:
        return "house"
    if not scope.sees_network:
        return ""
    if connection.execute(select(warehouse.c.id).limit(1)).first() is None:
        return "store"
    return "goods" if connection.execute(select(product.c.id).limit(1)).first() is None else ""
