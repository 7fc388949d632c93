"""What passes between hub and terminals beside orders: outbox, presence, remarks, refusals."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from broker.contract import Ack, DownKind, Log
from hub.base.engine.columns import table_of
from hub.base.engine.database import Database
from hub.db import tables
from hub.db.tables.wire import UNACKED
from hub.services.hear_terminals import Presence, Said
from hub.services.outbox import Outgoing
from hub.services.refuse_message import KEPT, KEPT_BYTES, RefusedMessage

_DUE_AT_ONCE: Final = 500
_LOGS_KEPT: Final = 10_000
_UNACKED: Final = f"""
SELECT id, kind, payload FROM outbox WHERE {UNACKED} AND terminal = ?
ORDER BY id LIMIT {_DUE_AT_ONCE}
"""  # noqa: S608  # constants of ours
_terminals: Final = table_of(tables.Terminal)


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

    def presences(self, terminals: Collection[str]) -> Mapping[str, Presence]:
        """Give what these terminals said last; one that never spoke is left out."""
        table = tables.terminal_presence
        query = select(table.c.terminal, table.c.state, table.c.boot)
        with self._database.read() as connection:
            rows = connection.execute(query.where(table.c.terminal.in_(terminals))).all()
        return {row.terminal: Presence(row.state, row.boot) for row in rows}

    def keep_statuses(self, said: Sequence[Said]) -> Collection[str]:
        """Keep one status of each terminal; gives the terminals, but those that nobody knows."""
        in_one_order = sorted(said, key=lambda one: one.status.term)
        with self._database.write() as connection:
            known = {one.status.term for one in in_one_order if _keep(connection, one)}
            connection.commit()
        return known

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

    def unacked(self, terminals: Collection[str]) -> Sequence[Outgoing]:
        """Give what each of these terminals has not acknowledged, oldest first."""
        statement = self._database.sql(_UNACKED)
        found: list[Outgoing] = []
        with self._database.read() as connection:
            cursor = self._database.cursor(connection)
            for terminal in terminals:
                cursor.execute(statement, (terminal,))
                found += [
                    Outgoing(terminal, cast("DownKind", kind), bytes(payload), row)
                    for row, kind, payload in cursor.fetchall()
                ]
        return found


def _keep(connection: Connection, said: Said) -> bool:
    """Keep a terminal's last word; False for an unknown terminal."""
    table, status = tables.terminal_presence, said.status
    data = status.data
    values: dict[str, object] = {
        "state": data.state,
        "boot": status.boot,
        "queued": data.queued,
        "oldest_ms": data.oldest_ms,
        "printer": data.printer,
        "slips_waiting": data.slips_waiting,
        "software": _storable(data.software, 200),
        "catalogue": data.catalogue,
        "pack": data.pack,
        "facts": data.facts,
        "pack_reason": _storable(data.pack_reason, 64) if data.pack_reason else None,
    }
    if said.seen_at is not None:
        values["seen_at"] = said.seen_at
    here = table.c.terminal == status.term
    if connection.execute(update(table).where(here).values(values)).rowcount:
        return True
    known = select(_terminals.c.id).where(
        _terminals.c.id == status.term, _terminals.c.revoked_at.is_(None)
    )
    if connection.execute(known).first() is None:
        return False
    connection.execute(insert(table).values({"terminal": status.term, "seen_at": 0, **values}))
    return True


def _storable(text: str, limit: int) -> str:
    """Cut a stranger's text to what a column takes; PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\ufffd")[:limit]
