"""What became of a note's goods, written down and read again, inside a given transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select, update

from hub.base.transaction import Transaction
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.tables import delivery, delivery_line


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a note beside its lines, as the columns of `delivery` keep it."""

    receiver: str
    signature: str
    word_given: bool
    redeliver: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Closed:
    """What was recorded of a note: the lines that had left, and what was said beside them."""

    lines: tuple[LineOutcome, ...]
    said: Said


def close_lines(t: Transaction, note: int, rows: Sequence[tuple[int, dict[str, object]]]) -> None:
    """Write what became of each line."""
    line = delivery_line.c
    for number, values in rows:
        own = (line.delivery_id == note) & (line.number == number)
        t.connection.execute(update(delivery_line).where(own).values(values))


def read_closed(t: Transaction, note: int) -> Closed:
    """Read what was recorded of a note."""
    table, line = delivery.c, delivery_line.c
    columns = (table[one.name] for one in fields(Said))
    said = t.connection.execute(select(*columns).where(table.id == note)).mappings().one()
    query = (
        select(line.number, line.sent, line.back, line.damaged, line.lost, line.reason)
        .where(line.delivery_id == note, line.sent > 0)
        .order_by(line.number)
    )
    lines = tuple(LineOutcome(*row) for row in t.connection.execute(query))
    return Closed(lines, Said(**said))
