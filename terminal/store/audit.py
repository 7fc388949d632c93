"""Checks what a terminal promises, on its own records, without changing them."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from broker.contract.codec import Refusal, decode_down
from broker.contract.messages import Answer, Notice, Order, Refused
from terminal.store.database import FILE, open_for_reading
from terminal.store.records import OrderRecord, SlipRecord, seal

_order: Final = msgspec.json.Decoder(Order)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was looked at and every fault found, each naming its row."""

    orders: int
    waiting: int
    parked: int
    answers: int
    slips: int
    slips_unknown: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether every promise holds."""
        return not self.faults


def audit(folder: Path) -> AuditReport:
    """Check every row; may run beside the terminal."""
    with contextlib.closing(open_for_reading(folder)) as db:
        db.execute("BEGIN")
        faults = [*_integrity(db), *_packs(db), *_orders(db), *_answers(db), *_slips(db)]
        return AuditReport(
            orders=_count(db, "orders"),
            waiting=_count(db, "orders WHERE state = 'queued'"),
            parked=_count(db, "orders WHERE state = 'parked'"),
            answers=_count(db, "answers"),
            slips=_count(db, "slips"),
            slips_unknown=_count(db, "slips WHERE state = 'unknown'"),
            faults=tuple(faults),
        )


def read_records(folder: Path) -> tuple[OrderRecord, ...]:
    """Give every submitted order with its state, newest answer and slips, in sequence order."""
    with contextlib.closing(open_for_reading(folder)) as db:
        db.execute("BEGIN")
        slips: dict[str, list[SlipRecord]] = {}
        for order_id, *rest in db.execute(
            "SELECT order_id, kind, revision, copy, state FROM slips"
            " WHERE order_id IS NOT NULL ORDER BY id"
        ):
            slips.setdefault(order_id, []).append(SlipRecord(*rest))
        newest = {
            row[0]: (row[1], row[2])
            for row in db.execute(
                "SELECT order_id, status, revision FROM answers ORDER BY order_id, revision"
            )
        }
        rows = db.execute("SELECT seq, id, number, state FROM orders ORDER BY seq").fetchall()
    return tuple(
        OrderRecord(
            seq, order_id, number, state, *newest.get(order_id, ("", -1)),
            tuple(slips.get(order_id, ())),
        )
        for seq, order_id, number, state in rows
    )  # fmt: skip


def stored_columns(folder: Path) -> int | None:
    """Give the columns of a terminal's printer as somebody measured them, None where nobody did."""
    if not (folder / FILE).exists():
        return None
    with contextlib.closing(open_for_reading(folder)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'columns'").fetchone()
    return int(row[0]) if row else None


def _packs(db: sqlite3.Connection) -> Iterator[str]:
    for digest, body in db.execute("SELECT hash, body FROM packs"):
        if hashlib.sha256(body).hexdigest() != digest:
            yield f"rule pack {digest[:12]}: its bytes have another hash"


def _integrity(db: sqlite3.Connection) -> Iterator[str]:
    for (found,) in db.execute("PRAGMA integrity_check(20)"):
        if found != "ok":
            yield f"file: {found}"


def _orders(db: sqlite3.Connection) -> Iterator[str]:
    before = None
    for seq, order_id, number, payload, names, submitted_at, state, sealed in db.execute(
        "SELECT seq, id, number, payload, names, submitted_at, state, seal FROM orders ORDER BY seq"
    ):
        row = f"order {number} (seq {seq})"
        missing = 0 if before is None else _missing(db, before + 1, seq - 1)
        if missing:
            yield f"{row}: {missing} sequences before it are missing"
        before = seq
        if sealed != seal(seq, order_id, number, payload, names, submitted_at):
            yield f"{row}: was changed after it was stored"
            continue
        try:
            message = _order.decode(payload)
        except msgspec.MsgspecError as error:
            yield f"{row}: cannot be read: {error}"
            continue
        if (message.seq, message.data.order, message.data.number) != (seq, order_id, number):
            yield f"{row}: its message names another order"
        has = {
            kind
            for (kind,) in db.execute("SELECT kind FROM answers WHERE order_id = ?", (order_id,))
        }
        if state == "answered" and not has & {"answer", "notice"}:
            yield f"{row}: is called answered, and has no answer"
        if state == "queued" and has:
            yield f"{row}: is called queued, and has an answer"
        if state == "parked" and "refused" not in has:
            yield f"{row}: is called parked, and was not refused"


def _missing(db: sqlite3.Connection, first: int, last: int) -> int:
    """Count the numbers of a span that neither an order has nor the hub has another order under."""
    missing = last - first + 1
    query = "SELECT first, last FROM unused WHERE first <= ? AND last >= ? ORDER BY first"
    for begin, end in db.execute(query, (last, first)) if missing else ():
        missing -= max(0, min(end, last) - max(begin, first) + 1)
        first = max(first, end + 1)
    return missing


def _answers(db: sqlite3.Connection) -> Iterator[str]:
    for order_id, revision, kind, status, payload, taken_at, sealed in db.execute(
        "SELECT order_id, revision, kind, status, payload, taken_at, seal FROM answers"
        " ORDER BY taken_at"
    ):
        row = f"{kind} {revision} of order {order_id}"
        if sealed != seal(order_id, revision, kind, payload, taken_at):
            yield f"{row}: was changed after it was stored"
            continue
        try:
            message = decode_down(payload)
        except Refusal as error:
            yield f"{row}: cannot be read: {error}"
            continue
        if isinstance(message, Answer | Notice):
            if (message.data.order, message.data.revision) != (order_id, revision):
                yield f"{row}: its message names another order or revision"
            if message.data.status != status:
                yield f"{row}: says {status!r}, its message {message.data.status!r}"
        elif not isinstance(message, Refused):
            yield f"{row}: holds another kind of message"


def _slips(db: sqlite3.Connection) -> Iterator[str]:
    for slip, order_id, kind, revision, copy, body, state, sealed in db.execute(
        "SELECT id, order_id, kind, revision, copy, body, state, seal FROM slips ORDER BY id"
    ):
        row = f"slip {slip} ({kind} {revision} of order {order_id}, copy {copy})"
        if sealed != seal(order_id, kind, revision, copy, body):
            yield f"{row}: was changed after it was made"
        if kind in {"answer", "notice", "refused"}:
            query = "SELECT 1 FROM answers WHERE order_id = ? AND kind = ? AND revision = ?"
            if db.execute(query, (order_id, kind, revision)).fetchone() is None:
                yield f"{row}: says what the hub never answered"
        elif kind == "queued":
            query = "SELECT 1 FROM orders WHERE id = ?"
            if db.execute(query, (order_id,)).fetchone() is None:
                yield f"{row}: acknowledges an order that is not stored"
        if state == "dropped":
            query = "SELECT 1 FROM answers WHERE order_id = ?"
            if db.execute(query, (order_id,)).fetchone() is None:
                yield f"{row}: was dropped, and has no answer"


def _count(db: sqlite3.Connection, rows: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608  # own words
