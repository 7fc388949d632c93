"""Orders as the command line lists them."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from hub.base.engine.database import Database
from hub.db import tables

_COLUMNS: Final = (
    "terminal",
    "seq",
    "number",
    "status",
    "reason",
    "revision",
    "lines",
    "payable",
    "currency",
)
_GROUP: Final = 1_000


class StoredOrders:
    """Lists orders from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> Iterator[dict[str, object]]:
        """Give every order, oldest first."""
        order = tables.order_
        query = (
            select(order.c.id, order.c.uuid.label("order"), *(order.c[name] for name in _COLUMNS))
            .order_by(order.c.id)
            .limit(_GROUP)
        )
        last = 0
        with self._database.read() as connection:
            while rows := connection.execute(query.where(order.c.id > last)).mappings().all():
                last = rows[-1]["id"]
                yield from ({k: v for k, v in row.items() if k != "id"} for row in rows)
