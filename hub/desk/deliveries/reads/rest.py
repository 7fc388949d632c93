"""What notes did not bring of an order, and the order that was made of it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_line
from hub.desk.orders.model.request import rest_key
from hub.desk.orders.tables import order_, order_line


@dataclass(frozen=True, slots=True)
class Rest:
    """Base units that an order still lacks, and the order of them: empty where nobody made one."""

    missing: int = 0
    order: str = ""
    number: str = ""


NO_REST: Final = Rest()


def read_rest(connection: Connection, note: int, *, scope: Scope) -> Rest:
    """Read what is left of the order of a note whose goods were taken."""
    mine, line, asked = delivery.c, delivery_line.c, order_line.c
    query = (
        select(mine.order_id, mine.content, order_.c.uuid)
        .join(order_, order_.c.id == mine.order_id)
        .where(mine.id == note, deliveries_of(scope))
        .where(order_.c.status.in_(("delivered", "invoiced")))
    )
    row = connection.execute(query).first()
    if row is None:
        return NO_REST
    brought = (
        select(func.coalesce(func.sum(line.delivered), 0))
        .join(delivery, mine.id == line.delivery_id)
        .where(mine.order_id == row.order_id, ~line.free)
    )
    ordered = select(func.coalesce(func.sum(asked.quantity), 0)).where(
        asked.order_id == row.order_id, asked.revision == row.content, ~asked.free
    )
    missing = int(connection.execute(ordered).scalar_one()) - int(
        connection.execute(brought).scalar_one()
    )
    again = select(order_.c.uuid, order_.c.number).where(
        order_.c.source == "staff", order_.c.source_key == rest_key(row.uuid)
    )
    made = connection.execute(again).first()
    return Rest(missing, *(made or ("", "")))
