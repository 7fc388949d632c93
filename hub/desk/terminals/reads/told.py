"""What the terminal of an order was told, and how far each message came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.terminals.model import key_of
from hub.desk.terminals.tables import outbox, unacked

Delivery = Literal["pending", "sent", "acked"]
_HOW_FAR: Final[Mapping[bool | None, Delivery]] = {False: "pending", True: "sent", None: "acked"}


@dataclass(frozen=True, slots=True)
class Told:
    """One answer or notice, of which revision, and how far it came.

    `seq` is the number of its order at the terminal, None where that did not place it.
    """

    revision: int
    kind: str
    delivery: Delivery
    terminal: str
    seq: int | None


def read_told(connection: Connection, uuid: str, *, scope: Scope) -> tuple[Told, ...]:
    """Read the messages of an order, oldest first."""
    told = outbox.c
    query = (
        select(
            told.revision,
            told.kind,
            unacked.c.is_sent,
            told.terminal,
            order_.c.source,
            order_.c.source_key,
        )
        .join(order_, order_.c.id == told.order_id)
        .join(
            unacked,
            (unacked.c.terminal == told.terminal) & (unacked.c.message == told.id),
            isouter=True,
        )
        .where(order_.c.uuid == uuid, orders_of(scope))
        .order_by(outbox.c.revision)
    )
    return tuple(
        Told(
            row.revision,
            row.kind,
            _HOW_FAR[row.is_sent],
            row.terminal,
            key_of(row.source_key)[1] if row.source == "terminal" else None,
        )
        for row in connection.execute(query)
    )
