"""Orders on disk: the open one, the submitted ones that are also the outbox, and their answers."""

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from broker.contract.messages import KeptOrders, Notice, Order
from rules import CounterChange
from terminal.core.order import Doubts, OpenOrder
from terminal.store.database import transaction
from terminal.store.records import Answered, NewAnswer, NewOrder, NewSlip, StoredOrder, seal
from terminal.store.salvage import SalvagedOrder
from terminal.store.spool import drop_unseen, insert_slip

_order: Final = msgspec.json.Decoder(Order)
_open: Final = msgspec.json.Decoder(OpenOrder)


class _Asked(msgspec.Struct, frozen=True):
    """What is asked about the order at the counter: it stands beside the order, in one body."""

    doubts: Doubts = Doubts()


_asked: Final = msgspec.json.Decoder(_Asked)
_changes: Final = msgspec.json.Decoder(tuple[CounterChange, ...])
_names: Final = msgspec.json.Decoder(tuple[str, ...])
_COLUMNS: Final = "seq, id, number, payload, names, submitted_at, state"
_SPENT: Final = """
SELECT changes FROM order_changes WHERE seq < ?2 AND (
    seq > ?1 AND seq NOT IN (SELECT seq FROM orders WHERE seq > ?1 AND state = 'parked')
    OR seq IN (SELECT seq FROM orders WHERE state = 'queued'))
"""
_NEWEST_TOLD: Final = """
SELECT a.order_id, a.revision FROM answers a WHERE a.kind <> 'refused'
AND EXISTS (SELECT 1 FROM orders o WHERE o.id = a.order_id AND o.state = 'answered')
ORDER BY a.rowid DESC LIMIT 1
"""
_OLD: Final = """
SELECT seq, id FROM orders WHERE state = 'answered' AND submitted_at < ?1
AND seq <= (SELECT seq FROM orders WHERE state = 'answered' ORDER BY seq DESC LIMIT 1 OFFSET ?2)
AND NOT EXISTS (SELECT 1 FROM slips WHERE slips.order_id = orders.id
    AND slips.state IN ('queued', 'sent'))
ORDER BY seq LIMIT ?3
"""
_NO_END: Final = 2**62
_TOLD_OF: Final = """
SELECT a.order_id, a.payload FROM answers a WHERE a.kind = 'notice' AND instr(a.payload, ?1) > 0
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = a.order_id) ORDER BY a.rowid DESC
"""
_notice: Final = msgspec.json.Decoder(Notice)


class Orders:
    """The orders of one terminal."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def open_order(self) -> OpenOrder:
        """Give the order at the counter.

        A half-asked CANCEL and digits that wait for ENTER do not outlive a restart.
        """
        row = self._db.execute("SELECT body FROM open_order").fetchone()
        if row is None:
            return OpenOrder()
        return replace(_open.decode(row[0]), cancel_asked_ms=None, digits="")

    def doubts(self) -> Doubts:
        """Give the questions that stand about the order at the counter."""
        row = self._db.execute("SELECT body FROM open_order").fetchone()
        return Doubts() if row is None else _asked.decode(row[0]).doubts

    def keep_open_order(self, order: OpenOrder, doubts: Doubts) -> None:
        """Store the order at the counter and what is asked about it; on disk when this returns."""
        body = _body(order, doubts)
        self._db.execute("INSERT OR REPLACE INTO open_order VALUES (1, ?)", (body,))

    def last_seq(self) -> int:
        """Give the highest sequence used, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM orders").fetchone()[0])

    def first_free(self, above: int) -> int:
        """Give the first number above one that no order here has."""
        seq = above + 1
        while self.by_seq(seq) is not None:
            seq += 1
        return seq

    def submit(self, order: NewOrder) -> StoredOrder:
        """Store the order, put it into the outbox and empty the counter: one transaction."""
        names = msgspec.json.encode(order.names)
        sealed = seal(order.seq, order.id, order.number, order.payload, names, order.submitted_at)
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
                (
                    order.seq,
                    order.id,
                    order.number,
                    order.payload,
                    names,
                    order.submitted_at,
                    sealed,
                ),
            )
            if order.changes:
                self._db.execute(
                    "INSERT INTO order_changes VALUES (?, ?)",
                    (order.seq, msgspec.json.encode(order.changes)),
                )
            self._db.execute("DELETE FROM open_order")
        return StoredOrder(
            order.seq,
            order.id,
            order.number,
            order.payload,
            order.names,
            order.submitted_at,
            "queued",
        )

    def take_over(self, salvaged: Sequence[SalvagedOrder], *, numbered_to: int) -> None:
        """Put orders that wait into the outbox, out of records that were damaged.

        Numbers between them, and above them up to the highest, are without an order here. What a
        start that was cut short has put there already stays as it is.
        """
        with transaction(self._db):
            free = None
            for one in salvaged:
                kept = (one.seq, one.id, one.number, one.payload, one.names, one.submitted_at)
                self._db.execute(
                    "INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
                    (*kept, seal(*kept)),
                )
                if one.changes is not None:
                    self._db.execute(
                        "INSERT OR IGNORE INTO order_changes VALUES (?, ?)", (one.seq, one.changes)
                    )
                if free is not None and free < one.seq:
                    self.leave_out(free, one.seq - 1)
                free = one.seq + 1
            if free is not None and free <= numbered_to:
                self.leave_out(free, numbered_to)

    def renumber(self, old_seq: int, order: NewOrder) -> None:
        """Put a waiting order under another number, as the message that it now is."""
        names = msgspec.json.encode(order.names)
        sealed = seal(order.seq, order.id, order.number, order.payload, names, order.submitted_at)
        with transaction(self._db):
            self._db.execute(
                "UPDATE orders SET seq = ?, number = ?, payload = ?, seal = ?"
                " WHERE seq = ? AND state = 'queued'",
                (order.seq, order.number, order.payload, sealed, old_seq),
            )
            self._db.execute("UPDATE order_changes SET seq = ? WHERE seq = ?", (order.seq, old_seq))
            self.leave_out(old_seq, old_seq)

    def leave_out(self, first: int, last: int) -> None:
        """Note that these numbers are without an order here: the hub alone has one, or another."""
        self._db.execute("INSERT OR REPLACE INTO unused VALUES (?, ?)", (first, last))

    def spent(self, counted_to: int, *, before: int | None = None) -> list[CounterChange]:
        """Give what orders use of schemes that the hub has not counted: above a number, or queued.

        What the hub could not take uses nothing. Orders from `before` on are left out.
        """
        rows = self._db.execute(_SPENT, (counted_to, _NO_END if before is None else before))
        return [change for (changes,) in rows for change in _read_changes(changes)]

    def uses_schemes(self, seq: int) -> bool:
        """Tell whether an order uses of schemes."""
        query = "SELECT 1 FROM order_changes WHERE seq = ?"
        return self._db.execute(query, (seq,)).fetchone() is not None

    def waiting(self) -> list[int]:
        """Give the sequences that have no answer yet, in order."""
        rows = self._db.execute("SELECT seq FROM orders WHERE state = 'queued' ORDER BY seq")
        return [row[0] for row in rows]

    def count_waiting(self) -> int:
        """Count the orders without an answer."""
        row = self._db.execute("SELECT count(*) FROM orders WHERE state = 'queued'").fetchone()
        return int(row[0])

    def oldest_waiting_at(self) -> int | None:
        """Tell when the oldest unanswered order was submitted, None where none waits."""
        row = self._db.execute(
            "SELECT submitted_at FROM orders WHERE state = 'queued' ORDER BY seq LIMIT 1"
        ).fetchone()
        return int(row[0]) if row else None

    def parked(self) -> int:
        """Count the orders the hub refused to take."""
        row = self._db.execute("SELECT count(*) FROM orders WHERE state = 'parked'").fetchone()
        return int(row[0])

    def by_seq(self, seq: int) -> StoredOrder | None:
        """Find an order by its sequence."""
        return self._one("seq", seq)

    def newest(self, most: int) -> list[StoredOrder]:
        """Give the orders sent last, the newest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM orders ORDER BY seq DESC LIMIT ?",  # noqa: S608  # own columns
            (most,),
        )
        return [_stored(row) for row in rows]

    def by_id(self, order_id: str) -> StoredOrder | None:
        """Find an order by its id."""
        return self._one("id", order_id)

    def by_number(self, number: str) -> StoredOrder | None:
        """Find an order by what is printed on its slip."""
        return self._one("number", number)

    def named(self, code: str) -> str | None:
        """Give the id of the order that a slip's number, or its square code, names.

        Orders that were placed elsewhere are known by what the hub told of them.
        """
        stored = self.by_number(code) or self.by_id(code)
        if stored is not None:
            return stored.id
        if self.status(code):
            return code
        for order, payload in self._db.execute(_TOLD_OF, (msgspec.json.encode(code),)):
            with contextlib.suppress(msgspec.MsgspecError):  # damaged since it came
                if _notice.decode(payload).data.number == code:
                    return str(order)
        return None

    def _one(self, column: str, value: object) -> StoredOrder | None:
        query = f"SELECT {_COLUMNS} FROM orders WHERE {column} = ?"  # noqa: S608  # own columns
        row = self._db.execute(query, (value,)).fetchone()
        return None if row is None else _stored(row)

    def newest_revision(self, order_id: str) -> int:
        """Give the highest revision known of an order, -1 where there is none."""
        query = (
            "SELECT coalesce(max(revision), -1) FROM answers"
            " WHERE order_id = ? AND kind <> 'refused'"
        )
        return int(self._db.execute(query, (order_id,)).fetchone()[0])

    def status(self, order_id: str) -> str:
        """Give an order's newest status as the hub told it, empty where it told none."""
        query = "SELECT status FROM answers WHERE order_id = ? ORDER BY revision DESC LIMIT 1"
        row = self._db.execute(query, (order_id,)).fetchone()
        return str(row[0]) if row else ""

    def last_word(self, order_id: str) -> bytes | None:
        """Give the hub's newest message on an order as it came, None before the first."""
        query = "SELECT payload FROM answers WHERE order_id = ? ORDER BY revision DESC LIMIT 1"
        row = self._db.execute(query, (order_id,)).fetchone()
        return bytes(row[0]) if row else None

    def set_aside_unreadable(self) -> list[str]:
        """Park queued orders that cannot be read, so that the others go on; gives their numbers."""
        rows = self._db.execute("SELECT seq, number, payload FROM orders WHERE state = 'queued'")
        bad = [(seq, str(number)) for seq, number, payload in rows if not _is_order(payload)]
        query = "UPDATE orders SET state = 'parked' WHERE seq = ?"
        self._db.executemany(query, [(seq,) for seq, _ in bad])
        return [number for _, number in bad]

    def take_out_open_order(self) -> bytes:
        """Empty the counter of an order that cannot be read; gives its bytes."""
        with transaction(self._db):
            row = self._db.execute("SELECT body FROM open_order").fetchone()
            self._db.execute("DELETE FROM open_order")
        return bytes(row[0]) if row else b""

    def take(self, answer: NewAnswer, slip: NewSlip) -> bool:
        """Store the hub's word, free the outbox and spool the slip: one transaction.

        Each revision is taken once: False where it was here before. A revision older than the
        newest is kept, but prints nothing: it would tell the shop what no longer holds.
        """
        sealed = seal(
            answer.order_id, answer.revision, answer.kind, answer.payload, answer.taken_at
        )
        state = "parked" if answer.kind == "refused" else "answered"
        with transaction(self._db):
            newest = self.newest_revision(answer.order_id)
            inserted = self._db.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    answer.order_id,
                    answer.revision,
                    answer.kind,
                    answer.status,
                    answer.payload,
                    answer.taken_at,
                    sealed,
                ),
            ).rowcount
            if not inserted:
                return False
            self._db.execute(
                "UPDATE orders SET state = ? WHERE id = ? AND state = 'queued'",
                (state, answer.order_id),
            )
            if answer.kind == "answer":
                # An answer that comes after all, to an order that was given up.
                self._db.execute(
                    "UPDATE orders SET state = 'answered' WHERE id = ?", (answer.order_id,)
                )
            if answer.revision > newest or answer.kind == "refused":
                insert_slip(self._db, slip)
            drop_unseen(self._db, answer.order_id)
        return True

    def kept(self) -> KeptOrders | None:
        """Tell which answered orders are here, and what the hub told last; None where none is."""
        span = self._db.execute(
            "SELECT count(*), min(seq), max(seq) FROM orders WHERE state = 'answered'"
        ).fetchone()
        newest = self._db.execute(_NEWEST_TOLD).fetchone()
        if not span[0] or newest is None:
            return None
        return KeptOrders(
            orders=span[0], first=span[1], last=span[2], newest=newest[0], revision=newest[1]
        )

    def answered_after(self, seq: int, most: int) -> list[Answered]:
        """Give the answered orders above a number with all that the hub told of them, in order."""
        rows = self._db.execute(
            "SELECT seq, id, payload FROM orders WHERE state = 'answered' AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (seq, most),
        ).fetchall()
        return [Answered(number, payload, self.told(order)) for number, order, payload in rows]

    def told(self, order_id: str) -> tuple[bytes, ...]:
        """Give the answer and the notices to an order as they came, by revision."""
        rows = self._db.execute(
            "SELECT payload FROM answers WHERE order_id = ? AND kind <> 'refused'"
            " ORDER BY revision",
            (order_id,),
        )
        return tuple(row[0] for row in rows)

    def let_go(self, before_ms: int, *, newest: int, most: int) -> int:
        """Let go of answered orders older than a moment, but of the newest never; gives how many.

        Answers and slips go with their orders; one with a slip that is still to be printed stays.
        At most so many go at once: the counter must not wait for it.
        """
        with transaction(self._db):
            found = self._db.execute(_OLD, (before_ms, newest, most)).fetchall()
            for seq, order_id in found:
                for table in ("answers", "slips"):
                    self._db.execute(f"DELETE FROM {table} WHERE order_id = ?", (order_id,))  # noqa: S608  # own words
                self._db.execute("DELETE FROM order_changes WHERE seq = ?", (seq,))
                self._db.execute("DELETE FROM orders WHERE seq = ?", (seq,))
            if found:
                self.leave_out(1, found[-1][0])
        return len(found)

    def without_slip(self) -> list[int]:
        """Give the sequences of unanswered orders for which no slip was made yet."""
        rows = self._db.execute(
            "SELECT seq FROM orders WHERE state = 'queued' AND NOT EXISTS "
            "(SELECT 1 FROM slips WHERE slips.order_id = orders.id) ORDER BY seq"
        )
        return [row[0] for row in rows]


def _stored(row: Sequence[Any]) -> StoredOrder:
    seq, order_id, number, payload, names, submitted_at, state = row
    return StoredOrder(seq, order_id, number, payload, _read_names(names), submitted_at, state)


def _is_order(payload: bytes) -> bool:
    try:
        _order.decode(payload)
    except msgspec.MsgspecError:
        return False
    return True


def _read_changes(changes: bytes) -> tuple[CounterChange, ...]:
    """Read what an order uses of schemes; a damaged row counts as nothing: the hub counts right."""
    try:
        return _changes.decode(changes)
    except msgspec.MsgspecError:
        return ()


def _read_names(names: bytes) -> tuple[str, ...]:
    """Read the names of an order's lines; none where they are damaged: SKUs name lines as well."""
    try:
        return _names.decode(names)
    except msgspec.MsgspecError:
        return ()


def _body(order: OpenOrder, doubts: Doubts) -> bytes:
    """Write an order as software before knew it; questions are one key more, which it passes by."""
    body = msgspec.json.encode(order)
    asked = b',"doubts":' + msgspec.json.encode(doubts) + b"}"
    return body.removesuffix(b"}") + asked if doubts else body
