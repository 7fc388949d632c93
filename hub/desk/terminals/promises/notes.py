"""What is worth knowing of terminals and breaks no promise: numbers to come, prices that differ."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from hub.desk.orders.tables import order_
from hub.desk.terminals.tables import (
    has_other_pack,
    inbox,
    price_alarm,
    terminal_copy,
    terminal_presence,
)

_GAPS_SHOWN: Final = 10


def note_gaps(connection: Connection) -> Sequence[str]:
    """Tell which numbers of terminals have not come: their orders may be on their way."""
    query = (
        select(
            inbox.c.terminal,
            func.max(inbox.c.seq).label("last"),
            func.count().label("came"),
            func.max(terminal_presence.c.kept_first).label("kept_first"),
        )
        .outerjoin(terminal_presence, terminal_presence.c.terminal == inbox.c.terminal)
        .group_by(inbox.c.terminal)
        .having(func.max(inbox.c.seq) != func.count())
        .order_by(inbox.c.terminal)
    )
    return [
        f"terminal {row.terminal}: of the numbers up to {row.last}, {row.last - row.came} have not "
        f"come: {_missing(connection, row.terminal)}{_lost(row.kept_first)}"
        for row in connection.execute(query).all()
    ]


def _lost(kept_first: int | None) -> str:
    """Say which of them cannot come back, where the terminal has let go of its oldest orders."""
    if not kept_first or kept_first == 1:
        return ""
    return f"; the terminal keeps its orders from number {kept_first} on, older ones cannot come"


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


def note_packs(connection: Connection) -> Sequence[str]:
    """Tell which terminals have a rule pack that the hub has forgotten."""
    said = terminal_presence.c
    query = (
        select(said.terminal, said.pack, said.pack_version)
        .where(has_other_pack())
        .order_by(said.terminal)
    )
    return [
        f"terminal {row.terminal}: it has rule pack {row.pack[:12]}, version "
        f"{row.pack_version}, which is not here; it takes the next one that is "
        "published under a higher number"
        for row in connection.execute(query)
    ]


def note_copies(connection: Connection) -> Sequence[str]:
    """Tell which terminals two machines run."""
    copies = select(terminal_copy.c.terminal).distinct().order_by(terminal_copy.c.terminal)
    return [
        f"terminal {name} runs on two machines: the later takes no orders; `terminal claim "
        f"{name}` makes a slip for the one that stays"
        for name in connection.execute(copies).scalars()
    ]
