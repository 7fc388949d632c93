"""Orders that a terminal priced otherwise than the hub does from the very same."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.terminals.tables import price_alarm

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One such order; `quoted` and `recomputed` are the hashes of the two prices."""

    order: str
    number: str
    terminal: str
    at: int
    pack_version: int
    pack: str
    quoted: str
    recomputed: str


def list_alarms(connection: Connection, *, scope: Scope) -> tuple[AlarmRow, ...]:
    """Read the newest alarms of all terminals."""
    alarm = price_alarm.c
    query = (
        select(price_alarm, order_.c.uuid, order_.c.number, order_revision.c.pack_version)
        .join(order_, order_.c.id == alarm.order_id)
        .join(
            order_revision,
            (order_revision.c.order_id == order_.c.id) & (order_revision.c.revision == 1),
        )
        .where(orders_of(scope))
        .order_by(alarm.order_id.desc())
        .limit(SHOWN)
    )
    return tuple(
        AlarmRow(
            order=row.uuid,
            number=row.number,
            terminal=row.terminal,
            at=row.at,
            pack_version=row.pack_version,
            pack=row.pack_hash,
            quoted=row.quoted_hash,
            recomputed=row.recomputed_hash,
        )
        for row in connection.execute(query)
    )


def count_alarms(connection: Connection, *, scope: Scope) -> int:
    """Count all alarms."""
    seen = select(order_.c.id).where(order_.c.id == price_alarm.c.order_id, orders_of(scope))
    query = select(func.count()).select_from(price_alarm).where(seen.exists())
    return connection.execute(query).scalar_one()
