"""Orders that a terminal priced otherwise than the hub does from the very same."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from hub.db.tables import order_, price_alarm

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


def list_alarms(connection: Connection) -> tuple[AlarmRow, ...]:
    """Read the newest alarms of all terminals."""
    alarm = price_alarm.c
    query = (
        select(price_alarm, order_.c.uuid, order_.c.number, order_.c.pack_version)
        .join(order_, order_.c.id == alarm.order_id)
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


def count_alarms(connection: Connection) -> int:
    """Count all alarms."""
    return connection.execute(select(func.count()).select_from(price_alarm)).scalar_one()
