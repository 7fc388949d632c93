"""What is worth knowing of terminals and breaks no promise: numbers to come, prices that differ."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from hub.desk.orders.tables import order_
from hub.desk.terminals.tables import inbox, price_alarm

_GAPS_SHOWN: Final = 10


def note_gaps(connection: Connection) -> Sequence[str]:
    """Tell which numbers of terminals have not come: their orders may be on their way."""
    query = (
        select(inbox.c.terminal, func.max(inbox.c.seq).label("last"), func.count().label("came"))
        .group_by(inbox.c.terminal)
        .having(func.max(inbox.c.seq) != func.count())
        .order_by(inbox.c.terminal)
    )
    return [
        f"terminal {row.terminal}: of the numbers up to {row.last}, {row.last - row.came} have not "
        f"come: {_missing(connection, row.terminal)}"
        for row in connection.execute(query).all()
    ]


def _missing(connection: Connection, terminal: str) -> str:
    """Name the first numbers that are missing."""
    missing: list[str] = []
    expected = 1
    query = select(inbox.c.seq).where(inbox.c.terminal == terminal).order_by(inbox.c.seq)
    for seq in connection.execute(query).scalars():
        missing += map(str, range(expected, min(seq, expected + _GAPS_SHOWN)))
        expected = seq + 1
        if len(missing) >= _GAPS_SHOWN:
            return ", ".join(missing[:_GAPS_SHOWN]) + " ..."
    return ", ".join(missing)


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
