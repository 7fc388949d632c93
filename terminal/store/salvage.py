"""Orders that wait, read out of damaged records: what a shop was told is stored is still sent."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from broker.contract.messages import Order
from terminal.store.records import seal

LOOKED_AT: Final = 2_000
"""How many numbers are looked for, from the highest down."""
PARTS: Final = ("", "-journal", "-wal")
_HIGHEST: Final = "SELECT seq FROM orders ORDER BY seq DESC LIMIT 1"
_ONE: Final = """
SELECT id, number, payload, names, submitted_at, seal FROM orders
WHERE seq = ? AND state = 'queued'
"""
_CHANGES: Final = "SELECT changes FROM order_changes WHERE seq = ?"
_order: Final = msgspec.json.Decoder(Order)


class SalvagedOrder(NamedTuple):
    """An order as its row has it; `changes` is what it uses of schemes, as far as that is there."""

    seq: int
    id: str
    number: str
    payload: bytes
    names: bytes
    submitted_at: int
    changes: bytes | None


def read_waiting(damaged: Path, *, up_to: int) -> list[SalvagedOrder]:
    """Read the orders that had no answer yet, by rising number; none where nothing can be read.

    Each is looked up by itself, so that those beside a damaged page are found, and is taken with
    its seal alone. An order that was put under another number, and is still there under both, is
    taken as the message that was made last: the hub may know that one. `up_to` is the highest
    number ever used, as far as that is known elsewhere. The file stays as it is: what is read is a
    copy, in which SQLite may roll back what was cut short.
    """
    # Imported here, with what packs archives behind them: few counters ever have such a file.
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    with (
        contextlib.suppress(OSError, sqlite3.Error),
        tempfile.TemporaryDirectory(
            prefix="salvage-", dir=damaged.parent, ignore_cleanup_errors=True
        ) as folder,
    ):
        copy = Path(folder) / "records.db"
        for part in PARTS:
            source = damaged.with_name(damaged.name + part)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + part))
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as records:
            by_message = sorted(_waiting(records, up_to))
        return sorted({one.id: one for _, one in by_message}.values())
    return []


def _waiting(records: sqlite3.Connection, up_to: int) -> Iterator[tuple[str, SalvagedOrder]]:
    """Give each order with the id of its message, a UUID that rises with time."""
    found = [row[0] for row in _rows(records, _HIGHEST)]
    tried = {n for top in (up_to, *found) for n in range(top, max(top - LOOKED_AT, 0), -1)}
    for seq in tried:
        for row in _rows(records, _ONE, seq):
            match row:
                case (str(order), str(number), bytes(payload), bytes(names), int(at), sealed):
                    message = _message_in(payload, seq, order)
                    if message and sealed == seal(seq, order, number, payload, names, at):
                        changes = _changes_of(records, seq)
                        yield (
                            message,
                            SalvagedOrder(seq, order, number, payload, names, at, changes),
                        )


def _changes_of(records: sqlite3.Connection, seq: int) -> bytes | None:
    """Give what an order uses of schemes as it was kept, None where that is not there any more."""
    found = next((row[0] for row in _rows(records, _CHANGES, seq)), None)
    return found if isinstance(found, bytes) else None


def _rows(records: sqlite3.Connection, query: str, *values: int) -> list[Any]:
    """Give what a query finds; nothing where the damage is in its way."""
    try:
        return records.execute(query, values).fetchall()
    except sqlite3.Error:
        return []


def _message_in(payload: bytes, seq: int, order: str) -> str | None:
    """Give the id of the message that an order is sent as; None of what is another order's."""
    try:
        message = _order.decode(payload)
    except msgspec.MsgspecError:
        return None
    return message.id if (message.seq, message.data.order) == (seq, order) else None
