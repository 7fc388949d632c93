"""The outbox: answers and notices, byte for byte, and which their terminal has not acknowledged."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, cast

from sqlalchemy import select

from broker.contract import Ack, DownKind, told_again
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model import Outgoing, PriceAlarm
from hub.desk.terminals.tables import OF_EARLIER_CARD

_DUE_AT_ONCE: Final = 500
_AHEAD_MS: Final = 60_000
_MOST_BYTES: Final = 4 * 2**20
_COLUMNS: Final = (
    "id",
    "terminal",
    "kind",
    "order_id",
    "revision",
    "payload",
    "created_at",
)
_WAITING: Final = ("terminal", "message", "is_sent")
_ALARM: Final = (
    "order_id",
    "terminal",
    "at",
    "pack_hash",
    "facts_hash",
    "catalogue_hash",
    "quoted_hash",
    "recomputed_hash",
)
_ACKED: Final = """
DELETE FROM unacked WHERE terminal = ? AND message = (
    SELECT x.id FROM outbox x JOIN order_ o ON o.id = x.order_id WHERE o.uuid = ? AND x.revision = ?
)
"""
_ALL_ACKED: Final = """
DELETE FROM unacked
USING unnest(?::text[], ?::text[], ?::bigint[]) AS ack (terminal, uuid, revision)
JOIN order_ o ON o.uuid = ack.uuid
JOIN outbox x ON x.order_id = o.id AND x.revision = ack.revision
WHERE unacked.terminal = ack.terminal AND unacked.message = x.id
"""
_TOLD_AT: Final = "SELECT payload FROM outbox WHERE order_id = ? AND revision = ?"
_SENT: Final = "UPDATE unacked SET is_sent = true WHERE terminal = ? AND message = ?"
_UNACKED: Final = f"""
SELECT x.id, x.kind, x.payload, {OF_EARLIER_CARD} FROM unacked w JOIN outbox x ON x.id = w.message
JOIN terminal t ON t.id = x.terminal LEFT JOIN terminal_presence p ON p.terminal = x.terminal
WHERE w.terminal = ? ORDER BY w.message LIMIT {_DUE_AT_ONCE}
"""  # noqa: S608  # constants of ours


class Kept(NamedTuple):
    """A message to keep until its terminal has it: which revision of which order it tells."""

    terminal: str
    kind: Literal["answer", "notice"]
    order: int
    revision: int
    payload: bytes


def keep_messages(t: Transaction, messages: Sequence[Kept]) -> Sequence[int]:
    """Keep messages to be sent; gives their rows' ids."""
    ids = keep_acked(t, messages)
    waiting = [(one.terminal, row, False) for row, one in zip(ids, messages, strict=True)]
    t.insert(tables.unacked, _WAITING, waiting)
    return ids


def keep_acked(t: Transaction, messages: Sequence[Kept]) -> Sequence[int]:
    """Keep messages that their terminal has, as those that it gave back; gives their rows' ids."""
    ids = t.next_ids(tables.outbox, len(messages))
    rows = [(row, *one, t.at_ms) for row, one in zip(ids, messages, strict=True)]
    t.insert(tables.outbox, _COLUMNS, rows)
    return ids


def told_at(t: Transaction, order: int, revision: int) -> bytes | None:
    """Give what a terminal was told of a revision of an order; None where there is no message."""
    rows = t.rows(_TOLD_AT, (order, revision))
    return bytes(rows[0][0]) if rows else None


def keep_alarms(t: Transaction, alarms: Sequence[tuple[int, str, PriceAlarm]]) -> None:
    """Keep that the prices of terminals cannot be explained: by order's row id and terminal."""
    rows = [
        (
            order,
            terminal,
            t.at_ms,
            alarm.pack,
            alarm.facts,
            alarm.catalogue,
            alarm.quoted,
            alarm.recomputed,
        )
        for order, terminal, alarm in alarms
    ]
    t.insert(tables.price_alarm, _ALARM, rows)


def due_messages(t: Transaction, before_ms: int) -> Sequence[Outgoing]:
    """Give pending notices, and pending answers older than that; oldest first.

    An answer of later than a minute after that was made while the hub's clock was fast: it is due.
    """
    box, waiting = tables.outbox, tables.unacked
    query = (
        select(box)
        .where(
            box.c.id.in_(select(waiting.c.message).where(~waiting.c.is_sent)),
            (box.c.kind == "notice")
            | (box.c.created_at < before_ms)
            | (box.c.created_at > before_ms + _AHEAD_MS),
        )
        .order_by(box.c.id)
        .limit(_DUE_AT_ONCE)
    )
    rows = t.connection.execute(query).all()
    return [Outgoing(r.terminal, cast("DownKind", r.kind), r.payload, r.id) for r in rows]


def mark_sent(t: Transaction, messages: Sequence[Outgoing]) -> None:
    """Note what was published."""
    t.many(_SENT, [(one.terminal, one.outbox) for one in messages])


def mark_acked(t: Transaction, acks: Sequence[Ack]) -> int:
    """Note what terminals have stored; gives how many rows that changed."""
    rows = [(ack.term, ack.data.order, ack.data.revision) for ack in acks]
    if t.database.is_sqlite or not rows:
        return t.many(_ACKED, rows)
    return t.many(_ALL_ACKED, [[list(column) for column in zip(*rows, strict=True)]])


def unacked_messages(t: Transaction, terminals: Sequence[str]) -> Sequence[Outgoing]:
    """Give what each of these terminals has not acknowledged, oldest first.

    Of a terminal that has much waiting it is the first mebibytes: the rest comes with what follows.
    What is of before its card says so: the card before may have printed it.
    """
    return [
        Outgoing(
            terminal, cast("DownKind", kind), told_again(payload) if is_earlier else payload, row
        )
        for terminal in terminals
        for row, kind, payload, is_earlier in _up_to(_MOST_BYTES, t.rows(_UNACKED, (terminal,)))
    ]


def _up_to(
    most_bytes: int, rows: Sequence[tuple[int, str, bytes, bool]]
) -> Iterator[tuple[int, str, bytes, bool]]:
    """Give rows until their payloads come to the most; at least the first."""
    given = 0
    for row, kind, payload, is_earlier in rows:
        if given and given + len(payload) > most_bytes:
            return
        given += len(payload)
        yield row, kind, bytes(payload), bool(is_earlier)
