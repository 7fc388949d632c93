"""What passes between hub and terminals beside orders: outbox, presence, remarks, refusals."""

from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import bindparam, delete, func, insert, select, update

from broker.contract import Ack, DownKind, Log, Status
from hub.db import tables
from hub.db.engine import Database
from hub.services.hear_terminals import Presence
from hub.services.outbox import Outgoing
from hub.services.refuse_message import KEPT, KEPT_BYTES, RefusedMessage

_DUE_AT_ONCE: Final = 500
_LOGS_KEPT: Final = 10_000
_terminals: Final = tables.table_of(tables.Terminal)


class StoredOutbox:
    """The outbox; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, before_ms: int) -> Sequence[Outgoing]:
        """Give pending notices, and pending answers older than that; oldest first."""
        box = tables.outbox
        query = (
            select(box)
            .where(
                box.c.state != "acked",  # the words of the index, so that it is used
                box.c.state == "pending",
                (box.c.kind == "notice") | (box.c.created_at < before_ms),
            )
            .order_by(box.c.id)
            .limit(_DUE_AT_ONCE)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Outgoing(r.terminal, cast("DownKind", r.kind), r.payload, r.id) for r in rows]

    def mark_sent(self, ids: Sequence[int]) -> None:
        """Note what was published."""
        box = tables.outbox
        with self._database.write() as connection:
            connection.execute(
                update(box)
                .where(box.c.id == bindparam("row"), box.c.state == "pending")
                .values(state="sent"),
                [{"row": row} for row in ids],
            )
            connection.commit()

    def mark_acked(self, acks: Sequence[Ack]) -> int:
        """Note what terminals have stored; gives how many rows that changed."""
        statement = self._database.sql(
            "UPDATE outbox SET state = 'acked' WHERE state <> 'acked' AND terminal = ? "
            "AND order_id = (SELECT id FROM order_ WHERE uuid = ?) AND revision = ?"
        )
        rows = [(ack.term, ack.data.order, ack.data.revision) for ack in acks]
        with self._database.write() as connection:
            cursor = self._database.cursor(connection)
            cursor.executemany(statement, rows)
            connection.commit()
            return cursor.rowcount


class StoredRefusals:
    """Refused messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, refused: RefusedMessage, now_ms: int) -> None:
        """Keep one, count its reason, forget all but the newest."""
        messages, counts = tables.refused_message, tables.refused_count
        values = {
            "at": now_ms,
            "terminal": refused.terminal,
            "topic": _storable(refused.topic, 200),
            "code": _storable(refused.code, 64),
            "text": _storable(refused.text, 500),
            "order_uuid": _storable(refused.order, 64) if refused.order else None,
            "payload": refused.payload[:KEPT_BYTES],
        }
        with self._database.write() as connection:
            row = connection.execute(insert(messages).values(values)).inserted_primary_key
            newest = row[0] if row is not None else 0
            connection.execute(delete(messages).where(messages.c.id <= newest - KEPT))
            counted = connection.execute(
                update(counts)
                .where(counts.c.code == values["code"])
                .values(count=counts.c.count + 1)
            )
            if not counted.rowcount:
                connection.execute(insert(counts).values(code=values["code"], count=1))
            connection.commit()


class StoredPresence:
    """What terminals say of themselves; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def presence(self, terminal: str) -> Presence | None:
        """Give what a terminal said last; None for a terminal that never spoke."""
        table = tables.terminal_presence
        query = select(table.c.state, table.c.boot).where(table.c.terminal == terminal)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Presence(row.state, row.boot) if row else None

    def keep_status(self, status: Status, seen_at: int | None) -> bool:
        """Keep it; without `seen_at` it was not heard just now. False for an unknown terminal."""
        table, said = tables.terminal_presence, status.data
        values: dict[str, object] = {
            "state": said.state,
            "boot": status.boot,
            "queued": said.queued,
            "oldest_ms": said.oldest_ms,
            "printer": said.printer,
            "slips_waiting": said.slips_waiting,
            "software": _storable(said.software, 200),
            "catalogue": said.catalogue,
            "pack": said.pack,
            "facts": said.facts,
            "pack_reason": _storable(said.pack_reason, 64) if said.pack_reason else None,
        }
        if seen_at is not None:
            values["seen_at"] = seen_at
        with self._database.write() as connection:
            here = table.c.terminal == status.term
            if not connection.execute(update(table).where(here).values(values)).rowcount:
                known = select(_terminals.c.id).where(
                    _terminals.c.id == status.term, _terminals.c.revoked_at.is_(None)
                )
                if connection.execute(known).first() is None:
                    return False
                first = {"terminal": status.term, "seen_at": 0, **values}
                connection.execute(insert(table).values(first))
            connection.commit()
        return True

    def keep_log(self, log: Log, now_ms: int) -> None:
        """Keep a remark, and forget the oldest."""
        table, said = tables.terminal_log, log.data
        with self._database.write() as connection:
            connection.execute(
                insert(table).values(
                    terminal=log.term,
                    at=now_ms,
                    level=said.level,
                    code=_storable(said.code, 64),
                    text=_storable(said.text, 500),
                    order_uuid=said.order,
                )
            )
            newest = select(func.max(table.c.id)).scalar_subquery()
            connection.execute(delete(table).where(table.c.id <= newest - _LOGS_KEPT))
            connection.commit()

    def unacked(self, terminal: str) -> Sequence[Outgoing]:
        """Give what the terminal has not acknowledged, oldest first."""
        box = tables.outbox
        query = (
            select(box)
            .where(box.c.state != "acked", box.c.terminal == terminal)
            .order_by(box.c.id)
            .limit(_DUE_AT_ONCE)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Outgoing(terminal, cast("DownKind", r.kind), r.payload, r.id) for r in rows]


def _storable(text: str, limit: int) -> str:
    """Cut a stranger's text to what a column takes; PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\ufffd")[:limit]
