"""Notes of the audit on terminals that price otherwise than the hub."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from hub.db.tables import order_, price_alarm


def note_alarms(connection: Connection) -> Sequence[str]:
    """Tell which terminals came to other prices from the same rules and facts, and how often."""
    alarm = price_alarm.c
    query = (
        select(alarm.terminal, func.count().label("alarms"), func.max(alarm.order_id).label("last"))
        .group_by(alarm.terminal)
        .order_by(alarm.terminal)
    )
    found = connection.execute(query).all()
    numbers = select(order_.c.id, order_.c.number).where(order_.c.id.in_([r.last for r in found]))
    number_of = {row.id: row.number for row in connection.execute(numbers)}
    return [
        f"terminal {row.terminal}: {row.alarms} orders were priced otherwise there than the hub "
        f"does by the same pack, customer and catalogue, the newest is {number_of[row.last]}"
        for row in found
    ]
