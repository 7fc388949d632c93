"""Orders that wait, read out of damaged records: what a shop was told is stored is still sent."""

import contextlib
import shutil
import sqlite3
import tempfile
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
    its seal alone. `up_to` is the highest number ever used, as far as that is known elsewhere. The
    file stays as it is: what is read is a copy, in which SQLite may roll back what was cut short.
    """
    with (
        contextlib.suppress(OSError, sqlite3.Error),
        tempfile.TemporaryDirectory(prefix="salvage-", dir=damaged.parent) as folder,
    ):
        copy = Path(folder) / "records.db"
        for part in PARTS:
            source = damaged.with_name(damaged.name + part)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + part))
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as records:
            return sorted(_waiting(records, up_to))
    return []


def _waiting(records: sqlite3.Connection, up_to: int) -> Iterator[SalvagedOrder]:
    found = [row[0] for row in _rows(records, _HIGHEST)]
    tried = {n for top in (up_to, *found) for n in range(top, max(top - LOOKED_AT, 0), -1)}
    for seq in tried:
        for order_id, number, payload, names, at, sealed in _rows(records, _ONE, seq):
            if sealed != seal(seq, order_id, number, payload, names, at):
                continue
            if _is_its_own(seq, order_id, payload):
                changes = next((row[0] for row in _rows(records, _CHANGES, seq)), None)
                yield SalvagedOrder(seq, order_id, number, payload, names, at, changes)


def _rows(records: sqlite3.Connection, query: str, *values: int) -> list[Any]:
    """Give what a query finds; nothing where the damage is in its way."""
    try:
        return records.execute(query, values).fetchall()
    except sqlite3.Error:
        return []


def _is_its_own(seq: int, order_id: str, payload: bytes) -> bool:
    try:
        message = _order.decode(payload)
    except msgspec.MsgspecError:
        return False
    return (message.seq, message.data.order) == (seq, order_id)
