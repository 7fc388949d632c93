"""What became of a note's goods, written down and read again, inside a given transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from hub.base.transaction import Transaction
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.tables import delivery, delivery_line


@dataclass(frozen=True, slots=True)
class Closed:
    """What was recorded of a note: the lines that had left, the receiver, and the signature."""

    lines: tuple[LineOutcome, ...]
    receiver: str
    signature: str


def close_lines(t: Transaction, note: int, rows: Sequence[tuple[int, dict[str, object]]]) -> None:
    """Write what became of each line."""
    line = delivery_line.c
    for number, values in rows:
        own = (line.delivery_id == note) & (line.number == number)
        t.connection.execute(update(delivery_line).where(own).values(values))


def read_closed(t: Transaction, note: int) -> Closed:
    """Read what was recorded of a note."""
    table, line = delivery.c, delivery_line.c
    said = t.connection.execute(
        select(table.receiver, table.signature).where(table.id == note)
    ).one()
    query = (
        select(line.number, line.sent, line.back, line.damaged, line.lost, line.reason)
        .where(line.delivery_id == note, line.sent > 0)
        .order_by(line.number)
    )
    lines = tuple(LineOutcome(*row) for row in t.connection.execute(query))
    return Closed(lines, said.receiver or "", said.signature or "")
